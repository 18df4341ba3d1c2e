"""BG4: every fourth byte of a chunk brought together, and put back where it was.

Source: the public Xet protocol specification. Putting back is what blosc calls unshuffling: it does so with the
processor's vector instructions, where numpy moves byte by byte. A blosc frame of one block that is stored as it is, and
marked as shuffled in words of four bytes, asks for nothing else. Where blosc is not installed numpy does the work.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import cache
from importlib import import_module

from bearhug.formats.arrays import NDArray, np
from bearhug.formats.xet_chunker import MAX_CHUNK
from bearhug.formats.xet_hashes import Buffer

GROUPS = 4
SPARE = GROUPS - 1
"""Bytes behind a chunk's place that `Room.join` reads and puts back."""

_HEAD = struct.Struct("<IIIIII")
"""Of a blosc frame: what it is; lengths unpacked, of a block, of all; where the block starts, its length."""
_WHAT = 0x04 << 24 | (0x01 | 0x10 | 1 << 5) << 16 | 1 << 8 | 2
"""Words of four bytes, shuffled, in one stream, of LZ4; the versions of LZ4's and of blosc's layout."""
_BLOCK = _HEAD.size - 4


class Joiner:
    """Joins the planes of one chunk after another in an array, whose last `SPARE` bytes are never used; for one thread.

    `planes`: where the planes of a chunk are put before `join`, one behind the other.
    """

    def __init__(self, raw: NDArray[np.uint8]) -> None:
        room = np.empty(_HEAD.size + MAX_CHUNK + SPARE, np.uint8)
        self._frame = room.data
        self.planes = room.data[_HEAD.size :]
        self._raw = raw.data
        self._address = raw.ctypes.data
        self._limit = len(raw) - SPARE
        self._unshuffle = vectors()

    def join(self, at: int, length: int) -> None:
        """Join the first `length` bytes of `planes` at `at` in the array; what lies behind them there stays."""
        if not 0 <= at <= at + length <= self._limit or length > MAX_CHUNK:
            raise ValueError("there is no such place in the array")
        unshuffle = self._unshuffle
        if unshuffle is None:
            _join(np.frombuffer(self._raw[at : at + length], np.uint8), np.frombuffer(self.planes[:length], np.uint8))
            return
        words = self._widen(length)
        size, frame, end = words * GROUPS, self._frame, at + length
        _HEAD.pack_into(frame, 0, _WHAT, size, size, size + _HEAD.size, _BLOCK, size)
        behind = bytes(self._raw[end : at + size]) if size > length else b""
        unshuffle(frame[: _HEAD.size + size], self._address + at)
        if behind:
            self._raw[end : at + size] = behind

    def _widen(self, length: int) -> int:
        """Give all planes the length of the first, which is returned: the last go on by as many bytes as they lack."""
        words, longer = divmod(length, GROUPS)
        if not longer:
            return words
        planes, short, words = self.planes, words, words + 1
        for plane in range(GROUPS - 1, longer, -1):
            end = length - (GROUPS - 1 - plane) * short
            planes[plane * words : plane * words + short] = planes[end - short : end]
        return words


@cache
def vectors() -> Callable[[memoryview, int], object] | None:
    """Unpacks a blosc frame to an address, letting other threads run meanwhile; None without blosc."""
    try:
        blosc = import_module("blosc")
    except ImportError:
        return None
    blosc.set_nthreads(1)
    blosc.set_releasegil(True)
    unpack: Callable[[memoryview, int], object] = blosc.decompress_ptr
    return unpack


def split_groups(raw: Buffer) -> bytes:
    """The bytes at 0, 4, 8 …, then those at 1, 5, 9 …, then 2 …, then 3 …; the length stays."""
    data = np.frombuffer(raw, dtype=np.uint8)
    return np.concatenate([data[group::GROUPS] for group in range(GROUPS)]).tobytes()


def _join(raw: NDArray[np.uint8], planes: NDArray[np.uint8]) -> None:
    at = 0
    for group in range(GROUPS):
        places = raw[group::GROUPS]
        places[:] = planes[at : at + len(places)]
        at += len(places)
