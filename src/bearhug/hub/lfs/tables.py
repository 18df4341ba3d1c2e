"""The table of which repository holds which large object."""

from sqlalchemy import Column, DateTime, ForeignKey, Table

from bearhug.base.db import metadata

links = Table(
    "lfs_links",
    metadata,
    Column("repo_id", ForeignKey("repos.id", ondelete="CASCADE"), primary_key=True),
    Column("oid", ForeignKey("objects.oid"), primary_key=True, index=True),
    Column("uploaded_at", DateTime, nullable=False, index=True),
    Column("committed_at", DateTime),
)
