"""The table of which repository holds which large object."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, String, Table

from bearhug.base.db import metadata

links = Table(
    "lfs_links",
    metadata,
    Column("repo_id", ForeignKey("repos.id", ondelete="CASCADE"), primary_key=True),
    Column("oid", String(64), primary_key=True, index=True),
    Column("claim", String(64), index=True),
    Column("claim_size", BigInteger),
    Column("uploaded_at", DateTime, nullable=False, index=True),
    Column("committed_at", DateTime),
)
"""`claim` is the Xet hash under which a client sent the bytes, until the hub has computed their sha256 itself: so long
the object is what this repository says it is, and nobody else's."""
