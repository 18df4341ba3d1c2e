"""Shards: the official client's, our own, and broken ones."""

import struct
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.xet_samples import (
    HELLO_FILE,
    HELLO_HASH,
    HELLO_RANGE,
    HELLO_SHARD,
    HELLO_TEXT,
    HELLO_XORB,
    LZ4_XORB,
    make_xorb,
)

from bearhug.formats.xet_errors import ShardFormatError
from bearhug.formats.xet_hashes import hash_to_text, keyed_hashes
from bearhug.formats.xet_shard import (
    CHUNK,
    TERM,
    FileRecipe,
    Shard,
    ShardFooter,
    ShardLimits,
    XorbChunks,
    read_shard,
)
from bearhug.formats.xet_shard_writer import dedup_shard, dedup_shard_length, write_shard, xorb_chunks
from bearhug.formats.xet_xorb import scan_xorb

SHA256 = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"
KEY = bytes(range(32))
hashes = st.binary(min_size=32, max_size=32).filter(lambda raw: raw != b"\xff" * 32)
numbers = st.integers(0, 2**32 - 1)


@st.composite
def recipes(draw: st.DrawFn) -> FileRecipe:
    rows = draw(st.lists(st.tuples(hashes, st.just(0), numbers, numbers, numbers), max_size=4))
    proofs = draw(st.sampled_from([b"", *[b"".join(draw(hashes) for _ in rows)]]))
    return FileRecipe(draw(hashes), np.array(rows, TERM), proofs, draw(st.none() | hashes))


@st.composite
def chunk_lists(draw: st.DrawFn) -> XorbChunks:
    rows = draw(st.lists(st.tuples(hashes, numbers, numbers, numbers, st.just(0)), max_size=4))
    return XorbChunks(draw(hashes), np.array(rows, CHUNK), draw(numbers), draw(numbers))


def plain(shard: Shard) -> object:
    """The shard as values that can be compared."""
    files = [(f.file_hash, f.terms.tobytes(), f.range_hashes, f.sha256) for f in shard.files]
    xorbs = [(x.xorb_hash, x.chunks.tobytes(), x.raw_length, x.disk_length) for x in shard.xorbs]
    return files, xorbs, shard.footer


def test_a_shard_of_the_official_client_is_read() -> None:
    shard = read_shard(HELLO_SHARD)
    (file,), (xorb,) = shard.files, shard.xorbs
    assert hash_to_text(file.file_hash) == HELLO_FILE
    assert file.terms.tolist() == [(HELLO_HASH, 0, 11, 0, 1)]
    assert hash_to_text(file.range_hashes) == HELLO_RANGE
    assert file.sha256 is not None
    assert file.sha256.hex() == SHA256
    assert file.size == xorb.raw_length == 11
    assert hash_to_text(xorb.xorb_hash) == HELLO_TEXT
    assert xorb.chunks.tolist() == [(HELLO_HASH, 0, 11, 0, 0)]
    assert shard.footer is None


def test_that_shard_is_written_again_byte_for_byte() -> None:
    shard = read_shard(HELLO_SHARD)
    assert b"".join(write_shard(shard.files, shard.xorbs)) == HELLO_SHARD


def test_a_shard_without_new_xorbs_is_read() -> None:
    shard = read_shard(b"".join(write_shard(read_shard(HELLO_SHARD).files, [])))
    assert (len(shard.files), shard.xorbs) == (1, [])


@settings(max_examples=80, deadline=None)
@given(st.lists(recipes(), max_size=4), st.lists(chunk_lists(), max_size=4))
def test_any_shard_survives_writing_and_reading(files: list[FileRecipe], xorbs: list[XorbChunks]) -> None:
    assert plain(read_shard(b"".join(write_shard(files, xorbs)))) == plain(Shard(files, xorbs))


def test_an_answer_lists_every_chunk_under_its_key() -> None:
    _, index = make_xorb([b"one", b"two", b"three"])
    indexes = [index, scan_xorb(LZ4_XORB), scan_xorb(HELLO_XORB)]
    about = ShardFooter(hmac_key=KEY, created=1_700_000_000, expires=1_700_300_000)
    data = b"".join(dedup_shard(indexes, about))
    assert len(data) == dedup_shard_length(indexes)
    shard = read_shard(data)
    assert (shard.files, shard.footer) == ([], about)
    for xorb, own in zip(shard.xorbs, indexes, strict=True):
        assert (xorb.xorb_hash, xorb.raw_length, xorb.disk_length) == (own.xorb_hash, own.raw_length, own.body_length)
        assert xorb.chunks["chunk_hash"].tobytes() == keyed_hashes(own.hashes, KEY)
        assert np.array_equal(xorb.chunks["raw_length"], own.lengths)
        assert np.array_equal(xorb.chunks["raw_offset"], own.raw_offsets[:-1])


def test_the_footer_of_an_answer_is_where_clients_look() -> None:
    index = scan_xorb(HELLO_XORB)
    data = b"".join(dedup_shard([index], ShardFooter(created=7, expires=9)))
    words = struct.unpack("<9Q32x2Q6Q4Q", data[-200:])
    footer_at = len(data) - 200
    assert words[:9] == (1, 48, 96, footer_at, 0, footer_at, 0, footer_at, 0)
    assert words[9:] == (7, 9, *(0,) * 6, 19, 0, 11, footer_at)
    assert struct.unpack("<QQ", data[32:48]) == (2, 200)


def test_an_answer_without_a_key_names_chunks_plainly() -> None:
    (xorb,) = read_shard(b"".join(dedup_shard([scan_xorb(HELLO_XORB)], ShardFooter()))).xorbs
    assert xorb.chunks["chunk_hash"].tobytes() == HELLO_HASH


def test_the_footer_of_an_early_client_is_passed_over() -> None:
    lookups = bytes(60)
    answer = b"".join(dedup_shard([scan_xorb(HELLO_XORB)], ShardFooter(created=5)))
    footer = answer[-200:-8] + (len(HELLO_SHARD) + len(lookups)).to_bytes(8, "little")
    old = HELLO_SHARD[:40] + (200).to_bytes(8, "little") + HELLO_SHARD[48:] + lookups + footer
    shard = read_shard(old)
    assert shard.footer is not None
    assert shard.footer.created == 5
    assert plain(Shard(shard.files, shard.xorbs)) == plain(read_shard(HELLO_SHARD))


@pytest.mark.parametrize("at", [0, 8, -8, -200])
def test_a_footer_that_is_not_one_is_refused(at: int) -> None:
    data = bytearray(b"".join(dedup_shard([scan_xorb(HELLO_XORB)], ShardFooter())))
    data[at] ^= 1
    with pytest.raises(ShardFormatError):
        read_shard(data)


@given(st.integers(0, len(HELLO_SHARD) - 1))
def test_a_shard_that_is_cut_short_is_refused(length: int) -> None:
    with pytest.raises(ShardFormatError):
        read_shard(HELLO_SHARD[:length])


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 8 * len(HELLO_SHARD) - 1))
def test_a_flipped_bit_gives_another_shard_or_an_error(bit: int) -> None:
    data = bytearray(HELLO_SHARD)
    data[bit // 8] ^= 1 << bit % 8
    with suppress(ShardFormatError):
        read_shard(data)


@given(st.binary(max_size=500))
def test_any_records_are_a_shard_or_an_error(records: bytes) -> None:
    with suppress(ShardFormatError):
        read_shard(HELLO_SHARD[:48] + records)


@pytest.mark.parametrize("section", [1, 6])
def test_a_count_beyond_the_bytes_is_refused(section: int) -> None:
    at = 48 * section + 36
    data = HELLO_SHARD[:at] + (2**32 - 1).to_bytes(4, "little") + HELLO_SHARD[at + 4 :]
    with pytest.raises(ShardFormatError):
        read_shard(data)


def test_more_than_the_limits_is_refused() -> None:
    shard = read_shard(HELLO_SHARD)
    data = b"".join(write_shard(shard.files * 3, shard.xorbs * 3))
    exact = ShardLimits(length=len(data), files=3, terms=3, xorbs=3)
    assert len(read_shard(data, exact).files) == 3
    for field in exact._fields:
        with pytest.raises(ShardFormatError):
            read_shard(data, exact._replace(**{field: getattr(exact, field) - 1}))


def test_a_recipe_with_too_few_range_hashes_is_not_written() -> None:
    file = read_shard(HELLO_SHARD).files[0]
    with pytest.raises(ShardFormatError):
        list(write_shard([FileRecipe(file.file_hash, np.repeat(file.terms, 2), file.range_hashes)], []))


def test_a_long_chunk_list_is_read_in_one_piece() -> None:
    index = scan_xorb(HELLO_XORB * 8192)
    (xorb,) = read_shard(b"".join(write_shard([], [xorb_chunks(index)]))).xorbs
    assert xorb.chunks["raw_offset"].tolist() == list(range(0, 8192 * 11, 11))
