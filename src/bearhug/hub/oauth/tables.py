"""Tables of device codes that wait for a person, and of refresh tokens."""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, String, Table

from bearhug.base.db import metadata

device_codes = Table(
    "device_codes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("user_code", String(16), nullable=False, unique=True),
    Column("client_id", String(64), nullable=False),
    Column("ip", String(64), nullable=False, index=True),
    Column("status", String(16), nullable=False),
    Column("user_id", ForeignKey("owners.id", ondelete="CASCADE"), index=True),
    Column("pause", Integer, nullable=False),
    Column("polled_at", DateTime),
    Column("created_at", DateTime, nullable=False),
    Column("expires_at", DateTime, nullable=False, index=True),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("family", String(32), nullable=False, index=True),
    Column("client_id", String(64), nullable=False),
    Column("user_id", ForeignKey("owners.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("token_id", ForeignKey("tokens.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", DateTime, nullable=False),
    Column("expires_at", DateTime, nullable=False, index=True),
    Column("used_at", DateTime),
)
