"""One row a like."""

from sqlalchemy import Column, DateTime, ForeignKey, Index, Table

from bearhug.base.db import metadata

likes = Table(
    "likes",
    metadata,
    Column("repo_id", ForeignKey("repos.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("owners.id", ondelete="CASCADE"), primary_key=True),
    Column("at", DateTime, nullable=False),
    Index("ix_likes_user_at", "user_id", "at"),
)
