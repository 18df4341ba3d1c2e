"""Rows of xorbs."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Row, delete, exists, func, select, update

from bearhug.base.db import Tx, insert_or
from bearhug.formats.xet_hashes import HASH_LENGTH, dedup_eligible
from bearhug.formats.xet_xorb import XorbIndex
from bearhug.hub.accounts.tables import owners
from bearhug.hub.xorbs.records import StoredXorb
from bearhug.hub.xorbs.tables import xorb_knowers, xorb_marks, xorbs

SLICE = 500
Key = TypeVar("Key", bytes, int)
_ROW = [column for column in xorbs.c if column.name not in ("hashes", "offsets", "lengths")]


def add(tx: Tx, index: XorbIndex, moment: datetime) -> int:
    """Note a xorb whose file is in place; its number."""
    values = {
        "hash": index.xorb_hash,
        "chunks": index.count,
        "body_length": index.body_length,
        "raw_length": index.raw_length,
        "seen_at": moment,
        "hashes": index.hashes,
        "offsets": index.offsets.astype("<u4").tobytes(),
        "lengths": index.lengths.astype("<u4").tobytes(),
    }
    query = insert_or(tx, xorbs).values(values).on_conflict_do_nothing(index_elements=["hash"])
    tx.execute(query)
    xorb_id = tx.execute(select(xorbs.c.id).where(xorbs.c.hash == index.xorb_hash)).scalar_one()
    eligible = dedup_eligible(index.hashes).nonzero()[0]
    mark(tx, {(xorb_id, index.hashes[at * HASH_LENGTH : (at + 1) * HASH_LENGTH]) for at in eligible})
    return int(xorb_id)


def mark(tx: Tx, places: Collection[tuple[int, bytes]]) -> None:
    """Let xorbs be found by these of their chunks: pairs of a xorb's number and a chunk's hash."""
    rows = [{"xorb_id": xorb_id, "chunk_hash": digest} for xorb_id, digest in sorted(places)]
    if rows:
        tx.execute(insert_or(tx, xorb_marks).on_conflict_do_nothing(), rows)


def rows_of(tx: Tx, hashes: Collection[bytes]) -> list[StoredXorb]:
    """Those that are there."""
    query = select(*_ROW)
    return [_stored(row) for some in _slices(hashes) for row in tx.execute(query.where(xorbs.c.hash.in_(some)))]


def load(tx: Tx, xorb_hash: bytes) -> XorbIndex | None:
    columns = (xorbs.c.hashes, xorbs.c.offsets, xorbs.c.lengths)
    row = tx.execute(select(*columns).where(xorbs.c.hash == xorb_hash)).first()
    return XorbIndex.from_columns(xorb_hash, row.hashes, row.offsets, row.lengths) if row else None


def ids_of(tx: Tx, hashes: Collection[bytes]) -> dict[bytes, int]:
    """The numbers of those that are there."""
    found = {}
    for some in _slices(hashes):
        for row in tx.execute(select(xorbs.c.hash, xorbs.c.id).where(xorbs.c.hash.in_(some))):
            found[bytes(row.hash)] = row.id
    return found


def hashes_of(tx: Tx, ids: Collection[int]) -> dict[int, bytes]:
    found = {}
    for some in _slices(ids):
        for row in tx.execute(select(xorbs.c.hash, xorbs.c.id).where(xorbs.c.id.in_(some))):
            found[row.id] = bytes(row.hash)
    return found


def known_to(tx: Tx, owner_ids: Collection[int], ids: Collection[int]) -> set[int]:
    """Those that clients of one of these owners may speak of."""
    query = select(xorb_knowers.c.xorb_id).where(xorb_knowers.c.owner_id.in_(owner_ids))
    return {
        xorb_id
        for some in _slices(ids)
        for xorb_id in tx.execute(query.where(xorb_knowers.c.xorb_id.in_(some))).scalars()
    }


def tell(tx: Tx, owner_ids: Collection[int], ids: Collection[int]) -> None:
    """Note that clients of these owners may speak of them."""
    present = sorted(tx.execute(select(owners.c.id).where(owners.c.id.in_(owner_ids))).scalars())
    rows = [{"xorb_id": xorb_id, "owner_id": owner_id} for xorb_id in sorted(ids) for owner_id in present]
    if rows:
        tx.execute(insert_or(tx, xorb_knowers).on_conflict_do_nothing(), rows)


def touch(tx: Tx, ids: Collection[int], moment: datetime) -> None:
    """Somebody needs them: they are not waiting to be removed any more."""
    for some in _slices(ids):
        tx.execute(update(xorbs).where(xorbs.c.id.in_(some)).values(seen_at=moment, condemned_at=None))


def marked(tx: Tx, chunk_hash: bytes, *, limit: int) -> list[int]:
    """Xorbs that have this chunk, newest first."""
    query = select(xorb_marks.c.xorb_id).where(xorb_marks.c.chunk_hash == chunk_hash)
    return list(tx.execute(query.order_by(xorb_marks.c.xorb_id.desc()).limit(limit)).scalars())


def page(tx: Tx, after: int, *, limit: int) -> list[StoredXorb]:
    """Xorbs by number, those behind `after`."""
    query = select(*_ROW).where(xorbs.c.id > after).order_by(xorbs.c.id).limit(limit)
    return [_stored(row) for row in tx.execute(query)]


def condemn(tx: Tx, ids: Collection[int], moment: datetime) -> None:
    for some in _slices(ids):
        tx.execute(
            update(xorbs).where(xorbs.c.id.in_(some), xorbs.c.condemned_at.is_(None)).values(condemned_at=moment)
        )


def remove(tx: Tx, xorb_id: int) -> None:
    tx.execute(delete(xorbs).where(xorbs.c.id == xorb_id))


def totals(tx: Tx) -> tuple[int, int, int]:
    """How many xorbs, their bytes on the disk without footers, and unpacked."""
    query = select(func.count(), func.sum(xorbs.c.body_length), func.sum(xorbs.c.raw_length)).select_from(xorbs)
    count, body, raw = tx.execute(query).one()
    return int(count), int(body or 0), int(raw or 0)


def is_there(tx: Tx, xorb_id: int) -> bool:
    return bool(tx.execute(select(exists().where(xorbs.c.id == xorb_id))).scalar())


def _stored(row: Row[Any]) -> StoredXorb:
    return StoredXorb(
        row.id, bytes(row.hash), row.chunks, row.body_length, row.raw_length, row.seen_at, row.condemned_at
    )


def _slices(keys: Iterable[Key]) -> Iterator[list[Key]]:
    every = sorted(set(keys))
    for start in range(0, len(every), SLICE):
        yield every[start : start + SLICE]
