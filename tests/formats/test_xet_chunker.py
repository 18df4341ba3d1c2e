"""Where files are cut, against the official client and a byte-by-byte reading of the rules."""

import mmap
import random
from collections.abc import Iterator
from pathlib import Path

import hf_xet
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.xet_samples import FILES, flowing

from bearhug.formats.xet_chunker import MAX_CHUNK, MIN_CHUNK, Chunker, cut_points
from bearhug.formats.xet_gear import gear as gear_table
from bearhug.formats.xet_hashes import chunk_hash, hash_to_text
from bearhug.formats.xet_merkle import file_hash


def slow_cuts(data: bytes) -> list[int]:
    gear = gear_table().tolist()
    cuts, rolling, start = [], 0, 0
    for at, byte in enumerate(data):
        rolling = ((rolling << 1) + gear[byte]) & (2**64 - 1)
        size = at + 1 - start
        if (size >= MIN_CHUNK and rolling >> 48 == 0) or size == MAX_CHUNK:
            cuts.append(at + 1)
            rolling, start = 0, at + 1
    return cuts if start == len(data) else [*cuts, len(data)]


def split_mix(length: int) -> bytes:
    """SplitMix64 from seed 0 as little-endian numbers."""
    mixed = np.arange(1, length // 8 + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (mixed ^ (mixed >> np.uint64(31))).astype("<u8").tobytes()


def own_hash(data: bytes, cuts: list[int]) -> str:
    chunks = [data[start:end] for start, end in zip([0, *cuts], cuts, strict=False)]
    return hash_to_text(file_hash(b"".join(map(chunk_hash, chunks)), [len(chunk) for chunk in chunks]))


def generated_files() -> Iterator[bytes]:
    """Many shapes of files: random, constant, repeating, text, numbers, joined pieces of each."""
    chance = random.Random(20)
    for _ in range(80):
        pieces = []
        for _ in range(chance.randrange(1, 5)):
            length = chance.choice([1, 63, 64, 65, 8191, 8192, 70_000, 131_072, 262_145, chance.randrange(400_000)])
            word = chance.randbytes(chance.choice([1, 2, 7, 64, 65, 5000]))
            repeated = (word * (length // len(word) + 1))[:length]
            lines = "".join(f"{i},{i * 7919 % 10007}\n" for i in range(length // 12 + 1)).encode()[:length]
            pieces.append(chance.choice([chance.randbytes(length), repeated, lines]))
        yield b"".join(pieces)


@pytest.mark.parametrize("name", FILES)
def test_a_known_file_has_its_hash_and_number_of_chunks(name: str) -> None:
    data, expected, count = FILES[name]
    cuts = cut_points(data)
    assert (len(cuts), own_hash(data, cuts)) == (count, expected)


def test_a_known_stream_is_cut_where_the_official_client_cuts() -> None:
    data = split_mix(1_000_000)
    assert (data[0], data[127], data[111_111]) == (175, 132, 118)
    assert cut_points(data) == [
        *(84493, 134421, 144853, 243318, 271793, 336457, 467529, 494581, 582000, 596735),
        *(616815, 653164, 678202, 724510, 815591, 827760, 958832, 991092, 1000000),
    ]


def test_a_constant_byte_is_cut_at_the_longest_chunk() -> None:
    assert cut_points(b"\x3b" * 1_000_000) == [*range(MAX_CHUNK, 1_000_000, MAX_CHUNK), 1_000_000]


def test_generated_files_have_the_hashes_of_the_official_client(tmp_path: Path) -> None:
    files = [*generated_files(), random.Random(3).randbytes(9 << 20)]
    paths = []
    for number, data in enumerate(files):
        paths.append(str(tmp_path / str(number)))
        Path(paths[-1]).write_bytes(data)
    theirs = [(answer.hash, answer.filesize) for answer in hf_xet.hash_files(paths)]
    assert [(own_hash(data, cut_points(data)), len(data)) for data in files] == theirs


@pytest.mark.parametrize("around", [0, 1, 64, MIN_CHUNK, MAX_CHUNK, 300_000])
def test_cuts_are_those_of_the_slow_reading(around: int) -> None:
    data = flowing(around + 70_000)
    for length in {max(0, around - 1), around, around + 1, len(data)}:
        assert cut_points(data[:length]) == slow_cuts(data[:length])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 300_000), max_size=12), st.integers(0, 100))
def test_how_a_stream_is_fed_does_not_matter(sizes: list[int], seed: int) -> None:
    data = random.Random(seed).randbytes(sum(sizes))
    chunker, chunks, at = Chunker(), [], 0
    for size in sizes:
        chunks += chunker.feed(memoryview(data)[at : at + size])
        at += size
    chunks += chunker.finish()
    assert b"".join(chunks) == data
    assert np.cumsum([len(chunk) for chunk in chunks]).tolist() == cut_points(data)


def test_windows_leave_no_seam() -> None:
    data = random.Random(9).randbytes(9_000_001)
    whole = cut_points(data)
    for piece in (1_000_003, 4 << 20, 9_000_001):
        chunker, lengths = Chunker(), []
        for at in range(0, len(data), piece):
            lengths += [len(chunk) for chunk in chunker.feed(data[at : at + piece])]
        lengths += [len(chunk) for chunk in chunker.finish()]
        assert np.cumsum(lengths).tolist() == whole
    tail = whole[40]
    assert cut_points(data[tail:]) == [cut - tail for cut in whole[41:]]


def test_a_chunker_can_be_used_again() -> None:
    chunker = Chunker()
    first = [*chunker.feed(flowing(200_000)), *chunker.finish()]
    assert [*chunker.feed(flowing(200_000)), *chunker.finish()] == first
    assert chunker.finish() == []


def test_a_mapped_file_can_be_fed_and_closed(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(flowing(200_000))
    with (tmp_path / "file").open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert cut_points(mapped) == cut_points(flowing(200_000))
