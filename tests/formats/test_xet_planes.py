"""Planes: bytes brought together and put back, with blosc and without it."""

import sys
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bearhug.formats.xet_chunker import MAX_CHUNK
from bearhug.formats.xet_planes import SPARE, Joiner, split_groups, vectors


@pytest.fixture(params=["blosc", "numpy"], scope="module", autouse=True)
def way(request: pytest.FixtureRequest) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "numpy":
            patch.setitem(sys.modules, "blosc", None)
        vectors.cache_clear()
        yield request.param
    vectors.cache_clear()


def join(raw: bytes, at: int) -> bytes:
    """All bytes of an array of ones after planes were joined in its midst."""
    array = np.ones(at + len(raw) + SPARE, np.uint8)
    joiner = Joiner(array)
    joiner.planes[: len(raw)] = split_groups(raw)
    joiner.join(at, len(raw))
    return array.tobytes()


def test_every_fourth_byte_is_brought_together() -> None:
    assert split_groups(bytes(range(11))) == bytes.fromhex("00040801050902060a0307")


def test_the_vectors_are_those_of_blosc(way: str) -> None:
    assert (vectors() is not None) == (way == "blosc")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 9))
def test_bytes_are_put_back_and_no_others_touched(raw: bytes, at: int) -> None:
    assert join(raw, at) == b"\1" * at + raw + b"\1" * SPARE


@pytest.mark.parametrize("size", range(MAX_CHUNK - 8, MAX_CHUNK + 1))
def test_large_chunks_of_every_length_are_put_back(size: int) -> None:
    raw = np.random.default_rng(size).bytes(size)
    assert join(raw, 1)[1:-SPARE] == raw


@pytest.mark.parametrize(("at", "length"), [(-1, 4), (0, 101), (97, 4), (0, MAX_CHUNK + 1), (4, -1)])
def test_nothing_is_written_outside_of_the_array(at: int, length: int) -> None:
    with pytest.raises(ValueError, match="no such place"):
        Joiner(np.empty(100 + SPARE, np.uint8)).join(at, length)
