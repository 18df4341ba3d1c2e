"""Single chunks: packing, unpacking, and payloads that lie."""

import json
import random
import struct
import tracemalloc
from contextlib import suppress

import lz4.frame
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.xet_samples import HELLO, HELLO_XORB, LZ4_RAW, LZ4_XORB, flowing

from bearhug.formats.xet_chunker import MAX_CHUNK
from bearhug.formats.xet_codec import Scheme, pack_chunk, unpack_chunk, walk_chunks
from bearhug.formats.xet_errors import XorbFormatError


def header(payload: int, scheme: int, raw: int, version: int = 0) -> bytes:
    return bytes([version]) + struct.pack("<I", payload)[:3] + bytes([scheme]) + struct.pack("<I", raw)[:3]


def unpack_all(body: bytes) -> bytes:
    return b"".join(unpack_chunk(body, chunk) for chunk in walk_chunks(body))


def test_chunks_of_the_official_client_are_read() -> None:
    assert unpack_all(HELLO_XORB) == HELLO
    assert unpack_all(LZ4_XORB) == LZ4_RAW
    assert unpack_all(LZ4_XORB + HELLO_XORB) == LZ4_RAW + HELLO


def test_a_short_chunk_is_stored_as_the_official_client_stores_it() -> None:
    assert pack_chunk(HELLO) == HELLO_XORB


def numbers() -> bytes:
    return np.random.default_rng(0).normal(size=16_000).astype(np.float32).tobytes()


def text() -> bytes:
    return json.dumps([{"id": i, "text": str(i * 7919 % 10007)} for i in range(2000)]).encode()


@pytest.mark.parametrize(
    ("raw", "scheme"), [(flowing(60_000), Scheme.RAW), (text(), Scheme.LZ4), (numbers(), Scheme.BG4_LZ4)]
)
def test_each_kind_of_data_gets_the_packing_that_suits_it(raw: bytes, scheme: Scheme) -> None:
    packed = pack_chunk(raw)
    (chunk,) = walk_chunks(packed)
    assert (chunk.scheme, chunk.raw_length, chunk.length) == (scheme, len(raw), len(packed))
    assert unpack_chunk(packed, chunk) == raw


@settings(max_examples=150, deadline=None)
@given(st.binary(min_size=1, max_size=2000), st.integers(1, 60))
def test_any_chunk_survives_packing(word: bytes, times: int) -> None:
    raw = (word * times)[:MAX_CHUNK]
    packed = pack_chunk(raw)
    assert unpack_all(packed) == raw
    assert len(packed) <= len(raw) + 8


def test_a_chunk_of_no_bytes_or_too_many_is_not_packed() -> None:
    assert unpack_all(pack_chunk(bytes(MAX_CHUNK))) == bytes(MAX_CHUNK)
    for raw in (b"", bytes(MAX_CHUNK + 1)):
        with pytest.raises(XorbFormatError):
            pack_chunk(raw)


FRAME = lz4.frame.compress(b"a" * 1000)


@pytest.mark.parametrize(
    "body",
    [
        HELLO_XORB[:7],
        HELLO_XORB[:-1],
        header(11, 0, 11, version=1) + HELLO,
        header(11, 3, 11) + HELLO,
        header(0, 0, 11),
        header(11, 0, 0) + HELLO,
        header(11, 0, 12) + HELLO,
        header(11, 0, MAX_CHUNK + 1) + HELLO,
        header(0xFFFFFF, 1, 11) + HELLO,
        header(2 * MAX_CHUNK + 1, 1, MAX_CHUNK) + bytes(2 * MAX_CHUNK + 1),
        header(11, 1, 11) + HELLO,
        header(len(FRAME), 1, 999) + FRAME,
        header(len(FRAME), 2, 1001) + FRAME,
        header(len(FRAME) - 4, 1, 1000) + FRAME[:-4],
        header(len(FRAME) + 1, 1, 1000) + FRAME + b"x",
        header(2 * len(FRAME), 1, 2000) + FRAME + FRAME,
    ],
)
def test_a_chunk_that_lies_is_refused(body: bytes) -> None:
    with pytest.raises(XorbFormatError):
        unpack_all(body)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 8 * len(LZ4_XORB) - 1))
def test_a_flipped_bit_gives_other_bytes_or_an_error(bit: int) -> None:
    body = bytearray(LZ4_XORB)
    body[bit // 8] ^= 1 << bit % 8
    with suppress(XorbFormatError):
        assert len(unpack_all(bytes(body))) <= MAX_CHUNK


@pytest.mark.parametrize("size", [1, 65_535, 65_536, 65_537, MAX_CHUNK])
@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("sums", [False, True])
@pytest.mark.parametrize("blocks", [lz4.frame.BLOCKSIZE_MAX64KB, lz4.frame.BLOCKSIZE_MAX4MB])
def test_every_kind_of_frame_is_read(size: int, blocks: int, *, linked: bool, sums: bool) -> None:
    for raw in (flowing(size), random.Random(size).randbytes(size), bytes(size)):
        frame = lz4.frame.compress(
            raw, block_size=blocks, block_linked=linked, block_checksum=sums, content_checksum=sums, store_size=sums
        )
        assert unpack_all(header(len(frame), 1, size) + frame) == raw


@pytest.mark.parametrize("announced", [False, True])
@pytest.mark.parametrize("linked", [False, True])
def test_a_bomb_does_not_go_off(*, announced: bool, linked: bool) -> None:
    frame = lz4.frame.compress(bytes(60 << 20), store_size=announced, block_linked=linked)
    assert len(frame) < 2 * MAX_CHUNK
    body = header(len(frame), 1, MAX_CHUNK) + frame
    tracemalloc.start()
    try:
        with pytest.raises(XorbFormatError):
            unpack_all(body)
        assert tracemalloc.get_traced_memory()[1] < 2 << 20
    finally:
        tracemalloc.stop()
