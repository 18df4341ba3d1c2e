"""Chunks looked up while files are packed."""

from collections.abc import Iterator

import pytest
from tests.xetbox import xorb_of

from bearhug.formats.xet_hashes import HASH_LENGTH
from bearhug.formats.xet_xorb import XorbIndex, scan_xorb
from bearhug.hub.packing import known
from bearhug.hub.packing.known import KnownChunks

ONE = scan_xorb(xorb_of([b"a" * 100, b"b" * 100, b"c" * 100]))
TWO = scan_xorb(xorb_of([b"d" * 100, b"a" * 100]))


def digest(index: XorbIndex, number: int) -> bytes:
    return index.hashes[number * HASH_LENGTH : (number + 1) * HASH_LENGTH]


def nothing(_digest: bytes) -> Iterator[XorbIndex]:
    return iter(())


def test_a_known_chunk_is_found_where_it_lies() -> None:
    chunks = KnownChunks([ONE, TWO], nothing)
    assert chunks.find(digest(ONE, 2)) == (ONE.xorb_hash, 2)
    assert chunks.find(digest(TWO, 0)) == (TWO.xorb_hash, 0)
    assert chunks.find(digest(ONE, 0)) in ((ONE.xorb_hash, 0), (TWO.xorb_hash, 1))


def test_an_unknown_chunk_is_not_found_even_if_it_begins_alike() -> None:
    chunks = KnownChunks([ONE], nothing)
    assert chunks.find(digest(ONE, 0)[:8] + bytes(24)) is None
    assert KnownChunks([], nothing).find(digest(ONE, 0)) is None


def test_the_first_chunk_of_a_file_leads_to_others() -> None:
    asked = []

    def related(chunk: bytes) -> Iterator[XorbIndex]:
        asked.append(chunk)
        yield TWO

    chunks = KnownChunks([ONE], related)
    assert chunks.find(digest(TWO, 0)) is None
    chunks.begin_file()
    assert chunks.find(digest(TWO, 0)) == (TWO.xorb_hash, 0)
    assert asked == [digest(TWO, 0)]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "MOST_CHUNKS", 4)
    chunks = KnownChunks([ONE, TWO], nothing)
    assert chunks.find(digest(ONE, 1)) is not None
    assert chunks.find(digest(TWO, 0)) is None
