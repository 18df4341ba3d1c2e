"""The table of large contents."""

from sqlalchemy import BigInteger, Column, DateTime, String, Table

from bearhug.base.db import metadata

objects = Table(
    "objects",
    metadata,
    Column("oid", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("backing", String(16), nullable=False, server_default="file"),
    Column("xet_hash", String(64), index=True),
    Column("whole_at", DateTime, index=True),
    Column("created_at", DateTime, nullable=False),
    Column("touched_at", DateTime, nullable=False, index=True),
)
