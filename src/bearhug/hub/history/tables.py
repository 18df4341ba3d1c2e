"""Tables of what was costly to find out; every row can be found out again."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, LargeBinary, String, Table

from bearhug.base.db import metadata

trails = Table(
    "history_trails",
    metadata,
    Column("folder", ForeignKey("repos.folder", ondelete="CASCADE"), primary_key=True),
    Column("path_key", String(64), primary_key=True),
    Column("tip", String(40), primary_key=True),
    Column("frontier", String(40), nullable=False),
    Column("found", LargeBinary, nullable=False),
    Column("at", DateTime, nullable=False),
)

tree_sizes = Table(
    "tree_sizes",
    metadata,
    Column("folder", ForeignKey("repos.folder", ondelete="CASCADE"), primary_key=True),
    Column("tree", String(40), primary_key=True),
    Column("size", BigInteger, nullable=False),
)
