"""Chunks that are kept already, looked up by their hash while files are packed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bearhug.formats.arrays import NDArray, np
from bearhug.formats.xet_hashes import HASH_LENGTH, dedup_eligible
from bearhug.formats.xet_xorb import XorbIndex

MOST_CHUNKS = 1 << 19
"""Remembered at a time: some 32 GB of data, about 30 MB of memory."""

Place = tuple[bytes, int]
Related = Callable[[bytes], Iterable[XorbIndex]]
"""`related(chunk_hash)`: xorbs of files that have this chunk."""


class KnownChunks:
    """Begins with some xorbs; where a chunk is a mark of others, those are taken in too."""

    def __init__(self, xorbs: Iterable[XorbIndex], related: Related) -> None:
        self._related = related
        self._xorbs: list[XorbIndex] = []
        self._names: set[bytes] = set()
        self._keys: NDArray[np.uint64] = np.empty(0, np.uint64)
        self._places: NDArray[np.uint32] = np.empty((0, 2), np.uint32)
        self._ask_next = False
        self._take(xorbs)

    def begin_file(self) -> None:
        """The next chunk is the first of a file, by which files are found."""
        self._ask_next = True

    def find(self, digest: bytes) -> Place | None:
        """Where a copy of the chunk lies."""
        ask, self._ask_next = self._ask_next or bool(dedup_eligible(digest)[0]), False
        found = self._look(digest)
        if found is None and ask:
            self._take(self._related(digest))
            found = self._look(digest)
        return found

    def _look(self, digest: bytes) -> Place | None:
        key = np.frombuffer(digest, "<u8", 1)[0]
        at = int(np.searchsorted(self._keys, key))
        while at < len(self._keys) and self._keys[at] == key:
            xorb, chunk = self._places[at].tolist()
            index = self._xorbs[xorb]
            if index.hashes[chunk * HASH_LENGTH : (chunk + 1) * HASH_LENGTH] == digest:
                return index.xorb_hash, chunk
            at += 1
        return None

    def _take(self, xorbs: Iterable[XorbIndex]) -> None:
        fresh = []
        room = MOST_CHUNKS - len(self._keys)
        for index in xorbs:
            if index.xorb_hash not in self._names and index.count <= room:
                room -= index.count
                self._names.add(index.xorb_hash)
                fresh.append(index)
        if not fresh:
            return
        keys, places = [self._keys], [self._places]
        for number, index in enumerate(fresh, len(self._xorbs)):
            keys.append(np.frombuffer(index.hashes, "<u8")[0::4])
            chunks = np.arange(index.count, dtype=np.uint32)
            places.append(np.stack([np.full_like(chunks, number), chunks], axis=1))
        self._xorbs += fresh
        every = np.concatenate(keys)
        order = np.argsort(every, kind="stable")
        self._keys, self._places = every[order], np.concatenate(places)[order]
