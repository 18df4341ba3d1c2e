"""The table of access tokens; only a hash of the secret is kept."""

from sqlalchemy import JSON, Boolean, Column, DateTime, ForeignKey, Integer, String, Table

from bearhug.base.db import metadata

tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("owners.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("tail", String(4), nullable=False),
    Column("name", String(255), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("origin", String(16), nullable=False, server_default="settings"),
    Column("everywhere", JSON, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("reads_gated", Boolean, nullable=False, server_default="1"),
    Column("created_at", DateTime, nullable=False),
    Column("expires_at", DateTime),
    Column("used_at", DateTime),
)
