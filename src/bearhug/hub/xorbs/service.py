"""Keeps xorbs that were verified, finds them, reads them, removes them."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from bearhug.base import clock
from bearhug.base.db import Database, Duplicate, Tx
from bearhug.base.errors import BadRequest, EntryNotFound
from bearhug.formats.xet_errors import XetFormatError
from bearhug.formats.xet_hashes import hash_to_text
from bearhug.formats.xet_xorb import XorbIndex, scan_xorb
from bearhug.hub.xorbs import store
from bearhug.hub.xorbs.bodies import Bodies
from bearhug.hub.xorbs.records import StoredXorb
from bearhug.hub.xorbs.spool import Spool

REMEMBERED = 1 << 19
"""Chunks whose places are kept in memory: indexes of some 500 xorbs, about 25 MB."""
PAGE = 500


class Xorbs:
    """Packs of chunks by their hash. A file is complete and synced before its row is written."""

    def __init__(self, db: Database, bodies: Bodies) -> None:
        self.db = db
        self.bodies = bodies
        self._indexes: OrderedDict[bytes, XorbIndex] = OrderedDict()
        self._remembered = 0
        self._guard = threading.Lock()

    # taking in ---------------------------------------------------------------------------------------------

    def keep(self, body: Spool, claimed: bytes, owner_ids: Collection[int]) -> bool:
        """Verify what came under a name and keep it; False when it was there. Nobody is believed.

        These owners' clients may name it from now on: whoever sends a xorb whole has its chunks.
        """
        index = _scan(body)
        if index.xorb_hash != claimed:
            raise BadRequest(
                f"The chunks of this xorb make {hash_to_text(index.xorb_hash)}, not the name it came under."
            )
        return self.keep_made(body, index, owner_ids)

    def keep_made(self, body: Spool, index: XorbIndex, owner_ids: Collection[int] = ()) -> bool:
        """Keep a xorb whose index is known to be true; False when it was there."""
        with self.bodies.lock(index.xorb_hash):
            fresh = not self.is_whole(index.xorb_hash)
            if fresh:
                self.bodies.keep(body, index)
            with self.db.writing() as tx:
                xorb_id = store.add(tx, index, clock.now())
                store.touch(tx, [xorb_id], clock.now())
                store.tell(tx, owner_ids, [xorb_id])
        return fresh

    def restore(self, index: XorbIndex) -> None:
        """Write the row of a file that is in place."""
        with self.bodies.lock(index.xorb_hash), self.db.writing() as tx:
            store.add(tx, index, clock.now())

    def is_whole(self, xorb_hash: bytes) -> bool:
        """Whether row and file are there and fit."""
        with self.db.reading() as tx:
            return self.are_whole(tx, [xorb_hash])

    def are_whole(self, tx: Tx, hashes: Collection[bytes]) -> bool:
        """Whether rows and files of all of them are there and fit."""
        rows = store.rows_of(tx, hashes)
        whole = (self.bodies.is_whole(row.hash, row.chunks, row.body_length) for row in rows)
        return len(rows) == len(set(hashes)) and all(whole)

    def has(self, xorb_hash: bytes, owner_ids: Collection[int]) -> bool:
        """Whether the clients of one of these owners need not send it; then it is not about to be removed either."""
        with self.db.reading() as tx:
            ids = store.ids_of(tx, [xorb_hash])
            known = bool(store.known_to(tx, owner_ids, ids.values()))
        if not known or not self.is_whole(xorb_hash):
            return False
        with self.db.writing() as tx:
            store.touch(tx, ids.values(), clock.now())
            return store.is_there(tx, ids[xorb_hash])

    # looking -----------------------------------------------------------------------------------------------

    def index(self, xorb_hash: bytes) -> XorbIndex | None:
        """What lies where; None for a xorb that nobody sent. Those asked for lately are in memory."""
        with self._guard:
            found = self._indexes.get(xorb_hash)
            if found is not None:
                self._indexes.move_to_end(xorb_hash)
                return found
        with self.db.reading() as tx:
            found = store.load(tx, xorb_hash)
        if found is not None:
            self._remember(found)
        return found

    def _remember(self, index: XorbIndex) -> None:
        with self._guard:
            if index.xorb_hash not in self._indexes:
                self._remembered += index.count
            self._indexes[index.xorb_hash] = index
            while self._remembered > REMEMBERED and len(self._indexes) > 1:
                self._remembered -= self._indexes.popitem(last=False)[1].count

    def _forget(self, xorb_hash: bytes) -> None:
        with self._guard:
            index = self._indexes.pop(xorb_hash, None)
            self._remembered -= index.count if index else 0

    def need(self, xorb_hash: bytes) -> XorbIndex:
        """The index of a xorb that a recipe names; EntryNotFound when it is lost."""
        found = self.index(xorb_hash)
        if found is None:
            raise EntryNotFound("The chunks of this file are not on the hub.")
        return found

    def ids_of(self, tx: Tx, hashes: Collection[bytes]) -> dict[bytes, int]:
        """The numbers of those that are there."""
        return store.ids_of(tx, hashes)

    def hashes_of(self, tx: Tx, ids: Collection[int]) -> dict[int, bytes]:
        return store.hashes_of(tx, ids)

    def known_to(self, tx: Tx, owner_ids: Collection[int], ids: Collection[int]) -> set[int]:
        """Those that clients of one of these owners may name."""
        return store.known_to(tx, owner_ids, ids)

    def marked(self, tx: Tx, chunk_hash: bytes, *, limit: int = 8) -> list[int]:
        """Numbers of xorbs with this chunk, newest first; not every chunk is a mark."""
        return store.marked(tx, chunk_hash, limit=limit)

    def read(self, xorb_hash: bytes, start: int, end: int) -> bytes:
        """Bytes [start, end) of a body."""
        return self.bodies.read(xorb_hash, start, end)

    def read_into(self, xorb_hash: bytes, start: int, rooms: Sequence[memoryview]) -> int:
        """Fill rooms with the bytes of a body from `start` on; how many there were."""
        return self.bodies.read_into(xorb_hash, start, rooms)

    def path(self, xorb_hash: bytes) -> Path:
        return self.bodies.path(xorb_hash)

    def walk(self) -> Iterator[StoredXorb]:
        """Every row, in short transactions."""
        after = 0
        while True:
            with self.db.reading() as tx:
                found = store.page(tx, after, limit=PAGE)
            if not found:
                return
            yield from found
            after = found[-1].id

    def totals(self, tx: Tx) -> tuple[int, int, int]:
        """How many there are, their bytes on the disk, and unpacked."""
        return store.totals(tx)

    # telling and removing ----------------------------------------------------------------------------------

    def tell(self, tx: Tx, owner_ids: Collection[int], ids: Collection[int]) -> None:
        """Let the clients of these owners name them."""
        store.tell(tx, owner_ids, ids)

    def touch(self, tx: Tx, ids: Collection[int]) -> None:
        """They are needed: whatever waited to be removed stays."""
        store.touch(tx, ids, clock.now())

    def mark(self, tx: Tx, places: Collection[tuple[int, bytes]]) -> None:
        """Let xorbs be found by these of their chunks."""
        store.mark(tx, places)

    def condemn(self, tx: Tx, ids: Collection[int]) -> None:
        """They will be removed unless somebody needs them meanwhile."""
        store.condemn(tx, ids, clock.now())

    def remove(self, found: StoredXorb, is_idle: Callable[[Tx, StoredXorb], bool]) -> bool:
        """Remove a xorb that is still idle: the row first, then the file, so that no row leads nowhere."""
        with self.bodies.lock(found.hash):
            if not self._remove_row(found, is_idle):
                return False
            self._forget(found.hash)
            self.bodies.remove(found.hash)
        return True

    def _remove_row(self, found: StoredXorb, is_idle: Callable[[Tx, StoredXorb], bool]) -> bool:
        try:
            with self.db.writing() as tx:
                present = store.rows_of(tx, [found.hash])
                if not present or not is_idle(tx, present[0]):
                    return False
                store.remove(tx, found.id)
        except Duplicate:  # a recipe came to need it in this very moment
            return False
        return True


def _scan(body: Spool) -> XorbIndex:
    if body.size == 0:
        raise BadRequest("A xorb has at least one chunk.")
    with body.map() as view:
        try:
            return scan_xorb(view)
        except XetFormatError as error:
            raise BadRequest(f"This is no xorb: {error}") from error
