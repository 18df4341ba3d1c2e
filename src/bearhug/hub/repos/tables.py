"""Tables of repositories and of the names they once had."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from bearhug.base.db import metadata

repos = Table(
    "repos",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("owner_id", ForeignKey("owners.id"), nullable=False),
    Column("name", String(96), nullable=False),
    Column("name_key", String(96), nullable=False),
    Column("folder", String(32), nullable=False, unique=True),
    Column("private", Boolean, nullable=False),
    Column("gated", String(8), nullable=False, server_default=""),
    Column("disabled", Boolean, nullable=False, server_default="0"),
    Column("creator_id", ForeignKey("owners.id", ondelete="SET NULL")),
    Column("created_at", DateTime, nullable=False),
    Column("updated_at", DateTime, nullable=False),
    Column("head", String(40), nullable=False),
    Column("likes", Integer, nullable=False, server_default="0"),
    Column("downloads", Integer, nullable=False, server_default="0"),
    Column("downloads_all", BigInteger, nullable=False, server_default="0"),
    Column("trending", Float, nullable=False, server_default="0"),
    Column("used_storage", BigInteger, nullable=False, server_default="0"),
    Column("parameters", BigInteger),
    Column("discussions_disabled", Boolean, nullable=False, server_default="0"),
    UniqueConstraint("owner_id", "kind", "name_key"),
    Index("ix_repos_name", "kind", "name_key"),
    Index("ix_repos_updated", "kind", "updated_at"),
    Index("ix_repos_owner_updated", "owner_id", "updated_at"),
    Index("ix_repos_owner_kind", "owner_id", "kind", "updated_at"),
    Index("ix_repos_owner_private", "owner_id", "private", "kind"),
    Index("ix_repos_created", "kind", "created_at"),
    Index("ix_repos_downloads", "kind", "downloads"),
    Index("ix_repos_likes", "kind", "likes"),
    Index("ix_repos_trending", "kind", "trending"),
    Index("ix_repos_parameters", "kind", "parameters"),
    Index("ix_repos_gated", "kind", "gated"),
    sqlite_autoincrement=True,
)

redirects = Table(
    "redirects",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("repo_id", ForeignKey("repos.id", ondelete="CASCADE"), nullable=False, index=True),
)
