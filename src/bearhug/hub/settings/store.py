"""Rows of settings."""

from typing import Any

from sqlalchemy import select

from bearhug.base.db import Tx, insert_or
from bearhug.hub.settings.tables import settings


def load(tx: Tx) -> dict[str, Any]:
    return {row.name: row.value for row in tx.execute(select(settings))}


def save(tx: Tx, name: str, value: str | int | bool) -> None:
    query = insert_or(tx, settings).values(name=name, value=value)
    tx.execute(query.on_conflict_do_update(index_elements=["name"], set_={"value": query.excluded.value}))
