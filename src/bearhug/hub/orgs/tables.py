"""Tables of memberships and of invitations to become a member."""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, String, Table, UniqueConstraint

from bearhug.base.db import metadata

members = Table(
    "members",
    metadata,
    Column("user_id", ForeignKey("owners.id", ondelete="CASCADE"), primary_key=True),
    Column("org_id", ForeignKey("owners.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("role", String(16), nullable=False),
    Column("since", DateTime, nullable=False),
)

org_invitations = Table(
    "org_invitations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("org_id", ForeignKey("owners.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", ForeignKey("owners.id", ondelete="CASCADE"), index=True),
    Column("digest", String(64), unique=True),
    Column("role", String(16), nullable=False),
    Column("created_by", ForeignKey("owners.id", ondelete="SET NULL"), index=True),
    Column("created_at", DateTime, nullable=False),
    Column("expires_at", DateTime, nullable=False),
    Column("uses", Integer, nullable=False, server_default="0"),
    UniqueConstraint("org_id", "user_id"),
)
