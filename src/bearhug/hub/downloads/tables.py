"""Downloads a day."""

from sqlalchemy import Column, Date, ForeignKey, Integer, Table

from bearhug.base.db import metadata

download_days = Table(
    "download_days",
    metadata,
    Column("repo_id", ForeignKey("repos.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True, index=True),
    Column("count", Integer, nullable=False),
)
