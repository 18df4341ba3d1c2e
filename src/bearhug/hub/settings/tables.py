"""The table of settings: one row a setting that differs from its default."""

from sqlalchemy import JSON, Column, String, Table

from bearhug.base.db import metadata

settings = Table(
    "settings",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", JSON, nullable=False),
)
