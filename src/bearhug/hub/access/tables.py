"""The table of those who asked to read a gated repository, and what they were told."""

from sqlalchemy import JSON, Boolean, Column, DateTime, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from bearhug.base.db import metadata

access_requests = Table(
    "access_requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("repo_id", ForeignKey("repos.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", ForeignKey("owners.id", ondelete="CASCADE"), nullable=False),
    Column("status", String(16), nullable=False),
    Column("by_hand", Boolean, nullable=False, server_default="0"),
    Column("answers", JSON, nullable=False),
    Column("reason", String(200), nullable=False, server_default=""),
    Column("asked_at", DateTime, nullable=False),
    Column("decided_at", DateTime),
    UniqueConstraint("repo_id", "user_id"),
    Index("ix_access_requests_status", "repo_id", "status", "id"),
    Index("ix_access_requests_user", "user_id", "id"),
)
