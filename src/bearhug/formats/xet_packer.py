"""Ordinary files turned into xorbs and recipes, for bytes that did not come by Xet.

Source: the public Xet protocol specification; the care against scattered terms follows the clients.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from bearhug.formats.arrays import NDArray, np
from bearhug.formats.xet_chunker import Chunker
from bearhug.formats.xet_hashes import HASH_LENGTH, Buffer, chunk_hash, range_hash
from bearhug.formats.xet_merkle import file_hash
from bearhug.formats.xet_shard import TERM, FileRecipe
from bearhug.formats.xet_xorb import ByteSink, XorbIndex, XorbWriter

MIN_RUN = 8
REMEMBERED = 1 << 18  # chunks, about 16 GiB of data

FindChunk = Callable[[bytes], tuple[bytes, int] | None]
OpenXorb = Callable[[], ByteSink]
SealXorb = Callable[[ByteSink, XorbIndex], object]
_Place: TypeAlias = tuple[bytes | int, int]  # a known xorb's hash or the number of a new one; the chunk in it


class _Run:
    """A term while it grows: chunks [start, end) of one xorb."""

    def __init__(self, place: _Place) -> None:
        self.xorb, self.start = place
        self.end = self.start
        self.raw_length = 0


class _File(NamedTuple):
    """A file whose xorbs may still be open."""

    file_hash: bytes
    sha256: bytes
    runs: list[_Run]
    range_hashes: bytes


class FilePacker:
    """Packs files into xorbs: `add_file` for each, then `close` once for the recipes, in the same order.

    open_xorb: makes an empty place for a xorb's body (a temporary file, say). seal_xorb: called with that
    place and its index once the xorb is full or the packer closes. find_chunk: from a raw chunk hash to
    (raw xorb hash, chunk number) of a copy in a xorb that is kept already, or None. Small files share
    xorbs. Chunks seen lately are stored once. A file of n chunks costs about 80 n bytes of memory meanwhile.
    """

    def __init__(self, open_xorb: OpenXorb, seal_xorb: SealXorb, find_chunk: FindChunk = lambda _hash: None) -> None:
        self._open_xorb, self._seal_xorb, self._find_chunk = open_xorb, seal_xorb, find_chunk
        self._body: ByteSink | None = None
        self._writer: XorbWriter | None = None
        self._sealed: list[XorbIndex] = []
        self._places: dict[bytes, _Place] = {}
        self._files: list[_File] = []

    def add_file(self, parts: Iterable[Buffer]) -> None:
        """Read one file, given as byte views of any lengths, to its end."""
        chunker, sha256 = Chunker(), hashlib.sha256()
        runs: list[_Run] = []
        hashes, lengths = bytearray(), array("I")
        for part in parts:
            sha256.update(part)
            for chunk in chunker.feed(part):
                hashes += self._add_chunk(chunk, runs)
                lengths.append(len(chunk))
        for chunk in chunker.finish():
            hashes += self._add_chunk(chunk, runs)
            lengths.append(len(chunk))
        digest = file_hash(hashes, lengths)
        self._files.append(_File(digest, sha256.digest(), runs, _range_hashes(runs, hashes)))

    def close(self) -> list[FileRecipe]:
        """Seal the last xorb and return every file's recipe, with range hashes and SHA-256."""
        self._seal()
        recipes = [
            FileRecipe(file.file_hash, self._terms(file.runs), file.range_hashes, file.sha256) for file in self._files
        ]
        self._files = []
        return recipes

    def _add_chunk(self, chunk: bytes, runs: list[_Run]) -> bytes:
        digest = chunk_hash(chunk)
        place = self._known_place(digest, runs) or self._store(chunk, digest)
        if not runs or (runs[-1].xorb, runs[-1].end) != place:
            runs.append(_Run(place))
        runs[-1].end += 1
        runs[-1].raw_length += len(chunk)
        return digest

    def _known_place(self, digest: bytes, runs: list[_Run]) -> _Place | None:
        """Where a copy of the chunk lies, unless using it would scatter the file over short terms."""
        if runs and self._hash_at(runs[-1].xorb, runs[-1].end) == digest:
            return runs[-1].xorb, runs[-1].end
        place = self._places.get(digest) or self._find_chunk(digest)
        if place is None or not runs or place == (runs[-1].xorb, runs[-1].end):
            return place
        chunks = sum(run.end - run.start for run in runs[-MIN_RUN:])
        return place if chunks >= MIN_RUN * len(runs[-MIN_RUN:]) else None

    def _hash_at(self, xorb: bytes | int, number: int) -> bytes:
        if isinstance(xorb, bytes):
            return b""
        if xorb < len(self._sealed):
            return self._sealed[xorb].hashes[number * HASH_LENGTH : (number + 1) * HASH_LENGTH]
        return self._writer.hash_at(number) if self._writer else b""

    def _store(self, chunk: bytes, digest: bytes) -> _Place:
        if self._writer and not self._writer.has_room(len(chunk)):
            self._seal()
        if not self._writer:
            self._body = self._open_xorb()
            self._writer = XorbWriter(self._body)
        place = (len(self._sealed), self._writer.add(chunk, digest))
        self._places.setdefault(digest, place)
        if len(self._places) > REMEMBERED:
            del self._places[next(iter(self._places))]
        return place

    def _seal(self) -> None:
        if self._writer is not None and self._body is not None:
            index = self._writer.index()
            self._seal_xorb(self._body, index)
            self._sealed.append(index)
        self._body = self._writer = None

    def _terms(self, runs: list[_Run]) -> NDArray[np.void]:
        rows = [
            (
                run.xorb if isinstance(run.xorb, bytes) else self._sealed[run.xorb].xorb_hash,
                0,
                run.raw_length,
                run.start,
                run.end,
            )
            for run in runs
        ]
        return np.array(rows, TERM)


def _range_hashes(runs: list[_Run], hashes: bytearray) -> bytes:
    proofs, at = [], 0
    for run in runs:
        end = at + (run.end - run.start) * HASH_LENGTH
        proofs.append(range_hash(hashes[at:end]))
        at = end
    return b"".join(proofs)
