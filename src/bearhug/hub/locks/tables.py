"""The table of file locks."""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from bearhug.base.db import metadata

locks = Table(
    "lfs_locks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("repo_id", ForeignKey("repos.id", ondelete="CASCADE"), nullable=False),
    Column("path", Text, nullable=False),
    Column("path_key", String(64), nullable=False),
    Column("ref", String(255), nullable=False, server_default=""),
    Column("owner_id", ForeignKey("owners.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("locked_at", DateTime, nullable=False),
    UniqueConstraint("repo_id", "path_key"),
    sqlite_autoincrement=True,
)
