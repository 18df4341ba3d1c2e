"""Rows of settings."""

from typing import Any

from sqlalchemy import delete, insert, select

from bearhug.base.db import Tx
from bearhug.hub.settings.tables import settings


def load(tx: Tx) -> dict[str, Any]:
    return {row.name: row.value for row in tx.execute(select(settings))}


def save(tx: Tx, name: str, value: str | int | bool) -> None:
    tx.execute(delete(settings).where(settings.c.name == name))
    tx.execute(insert(settings).values(name=name, value=value))
