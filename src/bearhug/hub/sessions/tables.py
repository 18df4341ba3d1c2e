"""Tables of browser sessions and of failed sign-ins."""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, String, Table

from bearhug.base.db import metadata

sessions = Table(
    "sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("user_id", ForeignKey("owners.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("ip", String(64), nullable=False, server_default=""),
    Column("agent", String(255), nullable=False, server_default=""),
    Column("created_at", DateTime, nullable=False),
    Column("expires_at", DateTime, nullable=False, index=True),
)

attempts = Table(
    "signin_attempts",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("blocked_until", DateTime),
    Column("at", DateTime, nullable=False, index=True),
)
