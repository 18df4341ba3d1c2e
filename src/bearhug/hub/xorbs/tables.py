"""Tables of xorbs, of who sent them, and of the chunks by which they are found."""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, LargeBinary, Table

from bearhug.base.db import metadata

xorbs = Table(
    "xorbs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hash", LargeBinary(32), nullable=False, unique=True),
    Column("chunks", Integer, nullable=False),
    Column("body_length", Integer, nullable=False),
    Column("raw_length", Integer, nullable=False),
    Column("seen_at", DateTime, nullable=False, index=True),
    Column("condemned_at", DateTime, index=True),
    Column("hashes", LargeBinary, nullable=False),
    Column("offsets", LargeBinary, nullable=False),
    Column("lengths", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

xorb_knowers = Table(
    "xorb_knowers",
    metadata,
    Column("xorb_id", ForeignKey("xorbs.id", ondelete="CASCADE"), primary_key=True),
    Column("owner_id", ForeignKey("owners.id", ondelete="CASCADE"), primary_key=True, index=True),
)

xorb_marks = Table(
    "xorb_marks",
    metadata,
    Column("chunk_hash", LargeBinary(32), primary_key=True),
    Column("xorb_id", ForeignKey("xorbs.id", ondelete="CASCADE"), primary_key=True, index=True),
)
