"""Rows of large contents."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bearhug.base.db import Tx
from bearhug.hub.objects.records import StoredObject
from bearhug.hub.objects.tables import objects


def add(tx: Tx, found: StoredObject, moment: datetime) -> None:
    """Note an object, or that somebody brought it again."""
    dialect: Any = sqlite if tx.dialect.name == "sqlite" else postgresql
    values = {"size": found.size, "backing": found.backing, "touched_at": moment}
    query = dialect.insert(objects).values(oid=found.oid, created_at=moment, **values)
    tx.execute(query.on_conflict_do_update(index_elements=["oid"], set_=values))


def get(tx: Tx, oid: str) -> StoredObject | None:
    row = tx.execute(select(objects).where(objects.c.oid == oid)).first()
    return StoredObject(row.oid, row.size, row.backing) if row else None


def remove(tx: Tx, oid: str) -> None:
    tx.execute(delete(objects).where(objects.c.oid == oid))


def touch(tx: Tx, oids: Collection[str], moment: datetime) -> None:
    tx.execute(update(objects).where(objects.c.oid.in_(oids)).values(touched_at=moment))


def page(tx: Tx, after: str, *, limit: int, before: datetime | None = None) -> list[StoredObject]:
    """Objects by name, those behind `after`, and with `before` only those that nobody touched since."""
    query = select(objects).where(objects.c.oid > after).order_by(objects.c.oid).limit(limit)
    if before is not None:
        query = query.where(objects.c.touched_at < before)
    return [StoredObject(row.oid, row.size, row.backing) for row in tx.execute(query)]
