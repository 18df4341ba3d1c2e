"""Tables of owners (users and organisations share one namespace), their former names, avatars, and invites."""

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    Text,
)

from bearhug.base.db import metadata
from bearhug.hub.accounts.records import Owner, OwnerKind

owners = Table(
    "owners",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("name", String(96), nullable=False),
    Column("key", String(96), nullable=False, unique=True),
    Column("fullname", String(255), nullable=False, server_default=""),
    Column("email", String(255)),
    Column("password_hash", String(255)),
    Column("is_admin", Boolean, nullable=False, server_default="0"),
    Column("is_active", Boolean, nullable=False, server_default="1"),
    Column("bio", Text, nullable=False, server_default=""),
    Column("homepage", String(1000), nullable=False, server_default=""),
    Column("links", JSON, nullable=False, server_default="[]"),
    Column("language", String(16)),
    Column("created_at", DateTime, nullable=False),
    Index("ix_owners_kind_key", "kind", "key"),
    Index("ix_owners_email", "email"),
)

former_names = Table(
    "former_names",
    metadata,
    Column("key", String(96), primary_key=True),
    Column("owner_id", ForeignKey("owners.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", DateTime, nullable=False),
)

avatars = Table(
    "avatars",
    metadata,
    Column("owner_id", ForeignKey("owners.id", ondelete="CASCADE"), primary_key=True),
    Column("media_type", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

invites = Table(
    "invites",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("note", String(255), nullable=False, server_default=""),
    Column("created_by", ForeignKey("owners.id", ondelete="SET NULL"), index=True),
    Column("used_by", ForeignKey("owners.id", ondelete="SET NULL"), index=True),
    Column("created_at", DateTime, nullable=False),
    Column("expires_at", DateTime, nullable=False),
    Column("used_at", DateTime),
)


def owner_of(row: Row[Any]) -> Owner:
    """The record of a row that holds every column of `owners`."""
    return Owner(
        id=row.id,
        kind=OwnerKind(row.kind),
        name=row.name,
        fullname=row.fullname,
        created_at=row.created_at,
        email=row.email,
        is_admin=row.is_admin,
        is_active=row.is_active,
        bio=row.bio,
        homepage=row.homepage,
        links=tuple(row.links),
        language=row.language,
    )
