"""One row a deployment. `scope` is the model within which its name is its own, 0 for names of the whole hub."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bearhug.base.db import metadata

deployments = Table(
    "deployments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("scope", Integer, nullable=False),
    Column("name", String(96), nullable=False),
    Column("repo_id", ForeignKey("repos.id", ondelete="CASCADE"), index=True),
    Column("revision", String(255), nullable=False),
    Column("task", String(32), nullable=False),
    Column("options", JSON, nullable=False),
    Column("secret", String(1024), nullable=False, server_default=""),
    Column("keep", Boolean, nullable=False),
    Column("wanted", String(16), nullable=False),
    Column("creator_id", ForeignKey("owners.id", ondelete="SET NULL")),
    Column("created_at", DateTime, nullable=False),
    Column("changed_at", DateTime, nullable=False),
    Column("started_at", DateTime, nullable=False),
    Column("worker", String(512), nullable=False, server_default="", index=True),
    Column("trouble", Text, nullable=False, server_default=""),
    UniqueConstraint("scope", "name"),
    Index("ix_deployments_wanted", "wanted", "keep", "started_at"),
    sqlite_autoincrement=True,
)
