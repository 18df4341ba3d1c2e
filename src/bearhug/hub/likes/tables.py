"""One row a like."""

from sqlalchemy import Column, DateTime, ForeignKey, Table

from bearhug.base.db import metadata

likes = Table(
    "likes",
    metadata,
    Column("repo_id", ForeignKey("repos.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("owners.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("at", DateTime, nullable=False),
)
