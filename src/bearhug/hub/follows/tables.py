"""The table of follows: a user follows an owner."""

from sqlalchemy import Column, DateTime, ForeignKey, Table

from bearhug.base.db import metadata

follows = Table(
    "follows",
    metadata,
    Column("user_id", ForeignKey("owners.id", ondelete="CASCADE"), primary_key=True),
    Column("owner_id", ForeignKey("owners.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("since", DateTime, nullable=False),
)
