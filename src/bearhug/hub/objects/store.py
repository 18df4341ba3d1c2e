"""Rows of large contents."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, select, update

from bearhug.base.db import Tx, insert_or
from bearhug.hub.objects.records import StoredObject
from bearhug.hub.objects.rows import to_object
from bearhug.hub.objects.tables import objects


def add(tx: Tx, found: StoredObject, moment: datetime) -> None:
    """Note an object, or that somebody brought it again."""
    values = {
        "size": found.size,
        "backing": found.backing,
        "xet_hash": found.xet_hash,
        "whole_at": moment if found.whole else None,
        "touched_at": moment,
    }
    query = insert_or(tx, objects).values(oid=found.oid, created_at=moment, **values)
    tx.execute(query.on_conflict_do_update(index_elements=["oid"], set_=values))


def get(tx: Tx, oid: str) -> StoredObject | None:
    row = tx.execute(select(objects).where(objects.c.oid == oid)).first()
    return to_object(row) if row else None


def remove(tx: Tx, oid: str) -> None:
    tx.execute(delete(objects).where(objects.c.oid == oid))


def touch(tx: Tx, oids: Collection[str], moment: datetime) -> None:
    tx.execute(update(objects).where(objects.c.oid.in_(oids)).values(touched_at=moment))


def page(tx: Tx, after: str, *, limit: int, before: datetime | None = None) -> list[StoredObject]:
    """Objects by name, those behind `after`, and with `before` only those that nobody touched since."""
    query = select(objects).where(objects.c.oid > after).order_by(objects.c.oid).limit(limit)
    if before is not None:
        query = query.where(objects.c.touched_at < before)
    return [to_object(row) for row in tx.execute(query)]


def set_whole(tx: Tx, oid: str, moment: datetime | None) -> None:
    """When the whole file beside the chunks was last wanted; None for none."""
    tx.execute(update(objects).where(objects.c.oid == oid).values(whole_at=moment))


def whole_bytes(tx: Tx, backing: str) -> int:
    """Bytes of whole files that lie beside another backing."""
    query = select(func.sum(objects.c.size)).where(objects.c.backing == backing, objects.c.whole_at.is_not(None))
    return int(tx.execute(query).scalar() or 0)


def least_wanted(tx: Tx, backing: str, *, limit: int) -> list[StoredObject]:
    """Whole files beside another backing, those first that nobody wanted for the longest time."""
    query = select(objects).where(objects.c.backing == backing, objects.c.whole_at.is_not(None))
    return [to_object(row) for row in tx.execute(query.order_by(objects.c.whole_at).limit(limit))]
