"""Tables of memberships."""

from sqlalchemy import Column, DateTime, ForeignKey, String, Table

from bearhug.base.db import metadata

members = Table(
    "members",
    metadata,
    Column("user_id", ForeignKey("owners.id", ondelete="CASCADE"), primary_key=True),
    Column("org_id", ForeignKey("owners.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("role", String(16), nullable=False),
    Column("since", DateTime, nullable=False),
)
