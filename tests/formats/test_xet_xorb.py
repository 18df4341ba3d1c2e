"""Xorbs: scanned, read in ranges, written, and refused."""

import mmap
import random
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.xet_samples import (
    HELLO,
    HELLO_HASH,
    HELLO_TEXT,
    HELLO_XORB,
    LZ4_RAW,
    LZ4_TEXT,
    LZ4_XORB,
    flowing,
    make_xorb,
)

from bearhug.formats.xet_chunker import MAX_CHUNK, Chunker
from bearhug.formats.xet_errors import XorbFormatError
from bearhug.formats.xet_footer import MAX_FOOTER, footer_length, read_footer, write_footer
from bearhug.formats.xet_hashes import chunk_hash, hash_to_text
from bearhug.formats.xet_xorb import MAX_BODY, MAX_CHUNKS, XorbIndex, XorbWriter, decode_range, scan_xorb

CHUNKS = [HELLO, LZ4_RAW, flowing(3000), bytes(9000), flowing(10)]
BODY, INDEX = make_xorb(CHUNKS)

chunk_lists = st.lists(
    st.builds(lambda word, times: (word * times)[:MAX_CHUNK], st.binary(min_size=1, max_size=50), st.integers(1, 99)),
    min_size=1,
    max_size=12,
)


def same(one: XorbIndex, other: XorbIndex) -> bool:
    arrays = np.array_equal(one.offsets, other.offsets) and np.array_equal(one.lengths, other.lengths)
    return arrays and (one.xorb_hash, one.hashes) == (other.xorb_hash, other.hashes)


def read(body: bytes, index: XorbIndex, start: int, end: int) -> bytes:
    return b"".join(decode_range(body, index, start, end))


def test_a_xorb_of_the_official_client_has_its_name() -> None:
    index = scan_xorb(HELLO_XORB)
    assert hash_to_text(index.xorb_hash) == HELLO_TEXT
    assert (index.hashes, index.offsets.tolist(), index.lengths.tolist()) == (HELLO_HASH, [0, 19], [11])
    assert hash_to_text(scan_xorb(LZ4_XORB).xorb_hash) == LZ4_TEXT


def test_what_is_written_is_scanned() -> None:
    index = scan_xorb(BODY)
    assert same(index, INDEX)
    assert (index.count, index.body_length, index.raw_length) == (5, len(BODY), sum(map(len, CHUNKS)))
    assert index.hashes == b"".join(map(chunk_hash, CHUNKS))


def test_the_footer_of_an_early_client_is_left_out() -> None:
    assert same(scan_xorb(BODY + write_footer(INDEX)), INDEX)
    assert same(scan_xorb(BODY + b"XETBLOB\x01 and anything"), INDEX)


def test_a_range_of_chunks_is_read() -> None:
    for start in range(5):
        for end in range(start + 1, 6):
            assert read(BODY, INDEX, start, end) == b"".join(CHUNKS[start:end])
            assert INDEX.range_length(start, end) == len(b"".join(CHUNKS[start:end]))
            assert INDEX.range_hashes(start, end) == b"".join(map(chunk_hash, CHUNKS[start:end]))
    assert read(BODY + write_footer(INDEX), INDEX, 0, 5) == b"".join(CHUNKS)


def test_a_mapped_xorb_is_read_and_closed(tmp_path: Path) -> None:
    (tmp_path / "xorb").write_bytes(BODY)
    with (tmp_path / "xorb").open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert same(scan_xorb(mapped), INDEX)
        assert b"".join(decode_range(mapped, INDEX, 0, 5)) == b"".join(CHUNKS)


def test_a_mapped_xorb_can_be_closed_after_an_error(tmp_path: Path) -> None:
    (tmp_path / "xorb").write_bytes(BODY[:-1])
    for reader in (scan_xorb, lambda body: list(decode_range(body, INDEX, 0, 5))):
        with (
            pytest.raises(XorbFormatError),
            (tmp_path / "xorb").open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
        ):
            reader(mapped)


def test_a_mapped_xorb_can_be_closed_while_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "xorb").write_bytes(BODY)
    with (tmp_path / "xorb").open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        chunks = decode_range(mapped, INDEX, 0, 5)
        assert next(chunks) == HELLO


@pytest.mark.parametrize(("start", "end"), [(0, 6), (-1, 2), (2, 2), (3, 2), (5, 6)])
def test_a_range_that_does_not_exist_is_refused(start: int, end: int) -> None:
    with pytest.raises(XorbFormatError):
        decode_range(BODY, INDEX, start, end)


@settings(max_examples=40, deadline=None)
@given(chunk_lists)
def test_any_xorb_survives_writing_and_reading(chunks: list[bytes]) -> None:
    body, index = make_xorb(chunks)
    assert same(scan_xorb(body), index)
    assert list(decode_range(body, index, 0, len(chunks))) == chunks
    assert same(read_footer(body + write_footer(index)), index)
    columns = (index.xorb_hash, index.hashes, index.offsets.tobytes(), index.lengths.tobytes())
    assert same(XorbIndex.from_columns(*columns), index)


@given(st.integers(0, len(BODY) - 1))
def test_a_xorb_that_is_cut_short_is_not_the_same_one(length: int) -> None:
    with suppress(XorbFormatError):
        assert scan_xorb(BODY[:length]).xorb_hash != INDEX.xorb_hash
    with pytest.raises(XorbFormatError):
        read(BODY[:length], INDEX, 0, 5)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 8 * len(BODY) - 1))
def test_a_flipped_bit_never_goes_unseen(bit: int) -> None:
    body = bytearray(BODY)
    body[bit // 8] ^= 1 << bit % 8
    with suppress(XorbFormatError):
        scanned = scan_xorb(body)
        assert scanned.xorb_hash != INDEX.xorb_hash or read(bytes(body), scanned, 0, 5) == b"".join(CHUNKS)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_xorb_or_an_error(body: bytes) -> None:
    for reader in (scan_xorb, read_footer):
        with suppress(XorbFormatError):
            assert reader(body).count > 0


def test_a_xorb_with_one_chunk_too_many_is_refused() -> None:
    one = HELLO_XORB
    assert scan_xorb(one * MAX_CHUNKS).count == MAX_CHUNKS
    with pytest.raises(XorbFormatError, match="8192"):
        scan_xorb(one * (MAX_CHUNKS + 1))


def test_a_xorb_that_unpacks_to_more_than_64_mib_is_refused() -> None:
    packed, _ = make_xorb([bytes(MAX_CHUNK)])
    assert scan_xorb(packed * 512).raw_length == 64 << 20
    with pytest.raises(XorbFormatError, match="67108864"):
        scan_xorb(packed * 513)


def test_a_body_that_is_too_long_is_not_looked_at() -> None:
    with pytest.raises(XorbFormatError, match="over"):
        scan_xorb(bytes(MAX_BODY + 1))


@pytest.mark.parametrize("body", [b"", b"XETBLOB\x01", b"\0"])
def test_a_xorb_without_chunks_is_refused(body: bytes) -> None:
    with pytest.raises(XorbFormatError):
        scan_xorb(body)


def test_a_writer_says_when_it_is_full() -> None:
    class Nowhere:
        def write(self, data: bytes) -> None:
            pass

    writer = XorbWriter(Nowhere())
    with pytest.raises(XorbFormatError):
        writer.index()
    for _ in range(MAX_CHUNKS):
        assert writer.has_room(1)
        writer.add(b"x", HELLO_HASH)
    assert not writer.has_room(1)
    with pytest.raises(XorbFormatError):
        writer.add(b"x", HELLO_HASH)
    assert writer.index().count == writer.count == MAX_CHUNKS


def test_a_footer_of_the_most_chunks_fits_its_bound() -> None:
    chunk = HELLO_XORB
    footer = write_footer(scan_xorb(chunk * MAX_CHUNKS))
    assert len(footer) == footer_length(MAX_CHUNKS) == MAX_FOOTER
    assert read_footer(footer).count == MAX_CHUNKS


def test_the_nonce_in_a_footer_does_not_matter() -> None:
    footer = bytearray(write_footer(INDEX))
    footer[-20:-16] = b"once"
    assert same(read_footer(footer), INDEX)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 8 * len(write_footer(INDEX)) - 1))
def test_a_damaged_footer_gives_another_index_or_an_error(bit: int) -> None:
    footer = bytearray(write_footer(INDEX))
    footer[bit // 8] ^= 1 << bit % 8
    nonce = len(footer) - 20 <= bit // 8 < len(footer) - 4
    with suppress(XorbFormatError):
        assert same(read_footer(footer), INDEX) == nonce


@pytest.mark.parametrize("length", [0, 3, 4, 50, 200])
def test_a_footer_that_is_cut_short_is_refused(length: int) -> None:
    with pytest.raises(XorbFormatError):
        read_footer(write_footer(INDEX)[-length:] if length else b"")


def test_an_index_whose_parts_do_not_fit_is_refused() -> None:
    offsets, lengths = INDEX.offsets, INDEX.lengths
    for wrong in (
        (b"short", INDEX.hashes, offsets, lengths),
        (INDEX.xorb_hash, INDEX.hashes[:-32], offsets, lengths),
        (INDEX.xorb_hash, INDEX.hashes, offsets[:-1], lengths),
        (INDEX.xorb_hash, INDEX.hashes, offsets + np.uint32(1), lengths),
        (INDEX.xorb_hash, INDEX.hashes, offsets[::-1], lengths),
        (INDEX.xorb_hash, INDEX.hashes, np.sort(offsets)[[0, 2, 1, 3, 4, 5]], lengths),
        (INDEX.xorb_hash, INDEX.hashes, offsets, lengths * np.uint32(0)),
        (INDEX.xorb_hash, b"", offsets[:1], lengths[:0]),
    ):
        with pytest.raises(XorbFormatError):
            XorbIndex(*wrong)
    with pytest.raises(XorbFormatError):
        XorbIndex.from_columns(INDEX.xorb_hash, INDEX.hashes, offsets.tobytes() + b"x", lengths.tobytes())


def test_an_index_of_another_xorb_is_noticed() -> None:
    shorter = [HELLO, LZ4_RAW, flowing(3000), bytes(8999), flowing(10)]
    body, _ = make_xorb(shorter)
    with pytest.raises(XorbFormatError):
        read(body, INDEX, 0, 5)


def test_chunks_of_a_real_file_go_through(tmp_path: Path) -> None:
    data = random.Random(4).randbytes(1_000_000) + b"text " * 100_000
    chunker = Chunker()
    chunks = [*chunker.feed(data), *chunker.finish()]
    body, index = make_xorb(chunks)
    assert read(body, index, 0, index.count) == data
    assert same(scan_xorb(body), index)
