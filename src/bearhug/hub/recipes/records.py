"""A file as a list of chunk ranges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from bearhug.formats.arrays import NDArray, np


@dataclass(frozen=True, eq=False)
class Recipe:
    """A file by its Xet hash; `terms` as in `formats.xet_shard`. `sha256` is None until the hub has computed it."""

    id: int
    hash: str
    size: int
    sha256: str | None
    terms: NDArray[np.void] = field(repr=False)

    @cached_property
    def offsets(self) -> NDArray[np.int64]:
        """Where each term starts in the file, and its end: shape (t + 1,)."""
        return np.concatenate([[0], np.cumsum(self.terms["raw_length"], dtype=np.int64)])

    @cached_property
    def xorbs(self) -> set[bytes]:
        """The hashes of all xorbs it needs."""
        return set(self.terms["xorb_hash"].tolist())

    def terms_within(self, start: int, end: int) -> Iterator[tuple[int, bytes, int, int]]:
        """The terms that have bytes of [start, end): offset in the file, xorb, first chunk, chunk behind the last."""
        first = int(np.searchsorted(self.offsets, start, "right")) - 1
        last = int(np.searchsorted(self.offsets, end, "left"))
        for number in range(first, last):
            xorb_hash, _, _, chunk, after = self.terms[number].tolist()
            yield int(self.offsets[number]), xorb_hash, chunk, after


@dataclass(frozen=True)
class Piece:
    """Chunks [start, end) of one xorb; they are the bytes from `at` on in the file, `length` of them."""

    xorb: bytes
    start: int
    end: int
    at: int
    length: int
