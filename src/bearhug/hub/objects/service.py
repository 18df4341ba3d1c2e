"""Large contents, wherever their bytes are: the one service in front of the blob store and of other backings."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import ClassVar, Protocol

from bearhug.base import clock
from bearhug.base.blobs.incoming import Incoming
from bearhug.base.blobs.partial import Sealed
from bearhug.base.blobs.store import Blobs
from bearhug.base.content import Block, Content
from bearhug.base.db import Database, Tx
from bearhug.base.errors import HubError
from bearhug.hub.objects import store
from bearhug.hub.objects.records import FILE, StoredObject

PAGE = 500
HOUR = 3600.0

Held = Callable[[Tx, Collection[str]], set[str]]
"""`held(tx, oids)`: those of the objects that some repository holds."""


class Vanished(HubError):
    """The stored copy went while the same bytes were sent again and only checked; sending them once more helps."""

    status: ClassVar[int] = 503
    default: ClassVar[str] = "The stored copy of this file has just been removed. Send the file again."


class Backing(Protocol):
    """Another way to keep the bytes of an object than as one file."""

    def content(self, found: StoredObject) -> Content:
        """The bytes for sending."""
        ...

    def blocks(self, found: StoredObject) -> Iterator[Block]:
        """The bytes in order."""
        ...

    def has(self, found: StoredObject) -> bool:
        """Whether the bytes are really there."""
        ...


class Objects:
    """Contents by sha256. Rows and bytes change together, under the content's lock."""

    def __init__(self, db: Database, blobs: Blobs, backings: Mapping[str, Backing] | None = None) -> None:
        self.db = db
        self.blobs = blobs
        self._backings = backings or {}
        self._wanted: dict[str, float] = {}

    # reading -----------------------------------------------------------------------------------------------

    def content(self, found: StoredObject) -> Content:
        """The bytes for sending; EntryNotFound when they are lost."""
        if self._has_file(found):
            if found.whole:
                self._note_wanted(found.oid)
            return self.blobs.content(found.oid)
        return self._backings[found.backing].content(found)

    def blocks(self, found: StoredObject) -> Iterator[Block]:
        """The bytes in order."""
        if self._has_file(found):
            return self.blobs.blocks(found.oid)
        return self._backings[found.backing].blocks(found)

    def _has_file(self, found: StoredObject) -> bool:
        """Whether to look for a whole file; one that lies beside chunks may go at any time."""
        return found.backing == FILE or (found.whole and self.blobs.size(found.oid) == found.size)

    def has(self, found: StoredObject) -> bool:
        """Whether the bytes are really there, at their full length."""
        if found.backing == FILE:
            return self.blobs.size(found.oid) == found.size
        return self._backings[found.backing].has(found)

    def present(self, oid: str) -> bool:
        """Whether anybody has brought these bytes; for the hub's own thrift, never for an answer."""
        with self.db.reading() as tx:
            found = store.get(tx, oid)
        return found is not None and self.has(found)

    def walk(self, *, before: datetime | None = None) -> Iterator[list[StoredObject]]:
        """Pages of every object that rows know (or only of those untouched since `before`), in short transactions."""
        after = ""
        while True:
            with self.db.reading() as tx:
                found = store.page(tx, after, limit=PAGE, before=before)
            if not found:
                return
            yield found
            after = found[-1].oid

    # writing -----------------------------------------------------------------------------------------------

    def receive(self, oid: str, size: int) -> Incoming:
        """A place for `size` bytes; bytes that are stored already are only checked."""
        return self.blobs.receive(size, known=self.present(oid))

    def keep(self, incoming: Incoming | Sealed, oid: str, then: Callable[[Tx], None]) -> None:
        """Store verified bytes and write the rows: first the file, then the transaction in which `then` adds its own.

        If the transaction fails the file goes again. A crash in between leaves it without a row until `purge_strays`.
        """
        with self.blobs.lock(oid):
            placed = self._place(incoming, oid)
            written = False
            try:
                with self.db.writing() as tx:
                    store.add(tx, placed, clock.now())
                    then(tx)
                written = True
            finally:
                if not written:
                    self._drop_stray(oid)

    def _drop_stray(self, oid: str) -> None:
        with self.db.reading() as tx:
            known = store.get(tx, oid)
        if known is None:
            self.blobs.remove(oid)

    def _place(self, incoming: Incoming | Sealed, oid: str) -> StoredObject:
        """Where the bytes are now; a damaged copy is replaced."""
        with self.db.reading() as tx:
            found = store.get(tx, oid)
        if found is not None and found.backing != FILE and self.has(found):
            return found
        if self.blobs.size(oid) not in (None, incoming.size):
            self.blobs.remove(oid)
        self.blobs.keep(incoming, oid)
        if self.blobs.size(oid) is None:
            raise Vanished
        return StoredObject(oid, incoming.size)

    def touch(self, tx: Tx, oids: Collection[str]) -> None:
        """Begin the time of grace anew."""
        store.touch(tx, oids, clock.now())

    def get(self, tx: Tx, oid: str) -> StoredObject | None:
        """What is known of these bytes; for the hub's own work, never for an answer."""
        return store.get(tx, oid)

    def turn(self, tx: Tx, found: StoredObject) -> None:
        """The bytes are kept in another way from now on; a whole file stays beside it until room is wanted."""
        whole = self.blobs.size(found.oid) == found.size
        store.add(tx, replace(found, whole=whole), clock.now())

    # whole files beside chunks -----------------------------------------------------------------------------

    def _note_wanted(self, oid: str) -> None:
        """Somebody wants the whole file: it is among the last to go. Written down once an hour."""
        now = monotonic()
        if self._wanted.get(oid, -HOUR) + HOUR > now:
            return
        with self.db.writing() as tx:
            store.set_whole(tx, oid, clock.now())
        self._wanted = {known: at for known, at in self._wanted.items() if at + HOUR > now} | {oid: now}

    def make_whole(self, found: StoredObject) -> None:
        """Put a whole file beside the chunks; nothing happens when it is there or the object is gone."""
        with self.blobs.receive(found.size, known=False) as incoming:
            for block in self.blocks(found):
                incoming.write(bytes(block))
            if incoming.sha256() != found.oid:
                raise Vanished
            with self.blobs.lock(found.oid):
                with self.db.reading() as tx:
                    present = store.get(tx, found.oid)
                if present is None or present.backing == FILE:
                    return
                self.blobs.keep(incoming, found.oid)
                with self.db.writing() as tx:
                    store.set_whole(tx, found.oid, clock.now())

    def whole_bytes(self, tx: Tx, backing: str) -> int:
        """Bytes of whole files beside another backing."""
        return store.whole_bytes(tx, backing)

    def trim_whole(self, backing: str, budget: int) -> int:
        """Remove whole files beside another backing, the least wanted first, until they fit; the bytes freed."""
        freed = 0
        while True:
            with self.db.reading() as tx:
                excess = store.whole_bytes(tx, backing) - budget
                found = store.least_wanted(tx, backing, limit=PAGE) if excess > 0 else []
            if not found:
                return freed
            for item in found:
                if excess > 0:
                    self._drop_whole(item)
                    excess -= item.size
                    freed += item.size

    def _drop_whole(self, found: StoredObject) -> None:
        with self.blobs.lock(found.oid):
            with self.db.writing() as tx:
                present = store.get(tx, found.oid)
                if present is None or present.backing == FILE:
                    return
                store.set_whole(tx, found.oid, None)
            self.blobs.remove(found.oid)

    # removing ----------------------------------------------------------------------------------------------

    def purge(self, oid: str, held: Held) -> int:
        """Remove an object that nobody holds; the bytes that became free."""
        with self.blobs.lock(oid):
            with self.db.writing() as tx:
                found = store.get(tx, oid)
                if found is None or held(tx, [oid]):
                    return 0
                store.remove(tx, oid)
            self.blobs.remove(oid)
            return found.size

    def purge_unheld(self, before: datetime, held: Held) -> int:
        """Remove every object that nobody holds and nobody touched since `before`; the bytes that became free."""
        freed = 0
        for found in self.walk(before=before):
            oids = {item.oid for item in found}
            with self.db.reading() as tx:
                oids -= held(tx, oids)
            freed += sum(self.purge(oid, held) for oid in sorted(oids))
        return freed

    def purge_strays(self, before: float) -> int:
        """Remove files that no row knows and that are older than a Unix time; how many went."""
        count = 0
        for blob in self.blobs.walk():
            if blob.modified < before:
                with self.blobs.lock(blob.sha256), self.db.reading() as tx:
                    if store.get(tx, blob.sha256) is None:
                        count += self.blobs.remove(blob.sha256)
        return count
