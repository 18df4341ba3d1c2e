"""The audit trail: one row an act, never changed."""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, String, Table, Text

from bearhug.base.db import metadata

acts = Table(
    "acts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", DateTime, nullable=False, index=True),
    Column("actor_id", ForeignKey("owners.id", ondelete="SET NULL"), index=True),
    Column("actor", String(96), nullable=False),
    Column("action", String(64), nullable=False, index=True),
    Column("subject", String(255), nullable=False),
    Column("details", Text, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)
