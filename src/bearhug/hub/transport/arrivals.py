"""The blobs that a push brought, seen through headers and first bytes alone: there may be very many of them."""

import mmap
from collections.abc import Iterator
from pathlib import Path

import pygit2
from pygit2.enums import ObjectType

from bearhug.formats import lfs_pointer
from bearhug.formats.git_pack import Kind, Pack

_FIRST = 32
"""Bytes of a small text that tell whether it can be a pointer."""


class Arrivals:
    """The quarantine of one push: a pack as a rule, loose objects if git should choose to."""

    def __init__(self, quarantine: Path) -> None:
        self._quarantine = quarantine
        self._came = pygit2.Odb(str(quarantine))

    def sort(self, *, over: int) -> tuple[dict[str, int], list[str]]:
        """Blobs that are larger than this with their sizes, and those that may be pointers of git-lfs."""
        large: dict[str, int] = {}
        small: list[str] = []
        for oid, size in self._loose_blobs() if self._has_loose() else self._packed_blobs(over):
            if size > over:
                large[oid] = size
            elif lfs_pointer.SMALLEST <= size <= lfs_pointer.LARGEST:
                small.append(oid)
        return large, small

    def _packed_blobs(self, over: int) -> Iterator[tuple[str, int]]:
        """All whose size is of interest, but not small ones that begin unlike a pointer."""
        smallest, largest = lfs_pointer.SMALLEST, lfs_pointer.LARGEST
        for index in self._quarantine.glob("pack/*.idx"):
            pack = Pack(_mapped(index.with_suffix(".pack")), _mapped(index))
            for number, kind, size, place in pack.sizes():
                if kind == Kind.BLOB:
                    if size > over or (
                        smallest <= size <= largest and lfs_pointer.may_begin(pack.start(place, _FIRST))
                    ):
                        yield pack.oid(number).hex(), size
                elif kind >= Kind.DELTA_BY_PLACE:
                    yield from self._blob(pack.oid(number).hex())

    def _loose_blobs(self) -> Iterator[tuple[str, int]]:
        for oid in self._came:
            yield from self._blob(str(oid))

    def _blob(self, oid: str) -> Iterator[tuple[str, int]]:
        kind, size = self._came.read_header(oid)
        if kind is ObjectType.BLOB:
            yield oid, size

    def _has_loose(self) -> bool:
        return any(len(entry.name) == 2 for entry in self._quarantine.iterdir())


def _mapped(file: Path) -> memoryview:
    with file.open("rb") as opened:
        return memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))
