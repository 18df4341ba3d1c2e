"""What accounts asked of models, a row a day, account, model and kind."""

from sqlalchemy import BigInteger, Column, Date, Float, ForeignKey, Integer, String, Table

from bearhug.base.db import metadata

usage_days = Table(
    "usage_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("account", Integer, primary_key=True, autoincrement=False),
    Column("model", String(200), primary_key=True),
    Column("kind", String(64), primary_key=True),
    Column("owner_id", ForeignKey("owners.id", ondelete="CASCADE"), index=True),  # null where the account is nobody
    Column("requests", BigInteger, nullable=False),
    Column("failures", BigInteger, nullable=False),
    Column("prompt", BigInteger, nullable=False),
    Column("completion", BigInteger, nullable=False),
    Column("seconds", Float, nullable=False),
)
