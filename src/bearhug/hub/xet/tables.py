"""The table of numbers that all clients of Xet have to agree on: the epoch of what they may remember."""

from sqlalchemy import Column, Integer, String, Table

from bearhug.base.db import metadata

xet_numbers = Table(
    "xet_numbers",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", Integer, nullable=False),
)
