"""Rows of objects read: for every store that joins them."""

from typing import Any

from sqlalchemy import Row

from bearhug.hub.objects.records import StoredObject


def to_object(row: Row[Any]) -> StoredObject:
    """The object of a row that has the columns of the table of objects."""
    return StoredObject(row.oid, row.size, row.backing, row.xet_hash, row.whole_at is not None)
