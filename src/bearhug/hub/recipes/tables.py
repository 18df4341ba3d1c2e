"""Tables of files that consist of chunks."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Integer, LargeBinary, String, Table

from bearhug.base.db import metadata

recipes = Table(
    "recipes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), index=True),
    Column("shard", String(64), nullable=False, index=True),
    Column("seen_at", DateTime, nullable=False, index=True),
    Column("terms", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

recipe_xorbs = Table(
    "recipe_xorbs",
    metadata,
    Column("recipe_id", ForeignKey("recipes.id", ondelete="CASCADE"), primary_key=True),
    Column("xorb_id", ForeignKey("xorbs.id"), primary_key=True, index=True),
)
