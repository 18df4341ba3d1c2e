"""Content-defined chunking as Xet clients do it: where a stream of bytes is cut into chunks.

Source: the public Xet protocol specification (gearhash, minimum 8 KiB, maximum 128 KiB, 16 mask bits).
The rolling value depends on the last 64 bytes only, so a window is read as many equal lanes, each
warmed up on the 64 bytes before it, and numpy steps all lanes at once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

from bearhug.formats.arrays import NDArray, np
from bearhug.formats.xet_gear import gear as gear_table
from bearhug.formats.xet_hashes import Buffer

MIN_CHUNK = 8 * 1024
MAX_CHUNK = 128 * 1024

_MEMORY = 64  # how many bytes the rolling value remembers
_WINDOW = 4 << 20
_WORD = 8
_LIMIT = 1 << 48  # below it the 16 mask bits are zero
_LANE_DIVISOR = 12  # balances the warm-up of a lane against numpy's cost per step


class Chunker:
    """Cuts a stream into chunks: `feed` as often as there are bytes, then `finish` once.

    Both yield the chunks that are certain by then, each a `bytes` of 1 to 131072 bytes; joined they
    are the stream. Holds at most about 4 MiB plus what one call is given. An empty stream has no chunks.
    """

    def __init__(self) -> None:
        self._held = bytearray()
        self._before = bytes(_MEMORY)
        self._hits: list[int] = []
        self._seen = 0  # bytes of _held that are already searched

    def feed(self, data: Buffer) -> list[bytes]:
        """Take the next bytes of the stream (a byte view of any length)."""
        chunks: list[bytes] = []
        with memoryview(data) as view:
            for at in range(0, len(view), _WINDOW):
                self._held += view[at : at + _WINDOW]
                if len(self._held) - self._seen >= _WINDOW:
                    self._search()
                    chunks += self._cut(MAX_CHUNK)
        return chunks

    def finish(self) -> list[bytes]:
        """End the stream; the chunker is empty afterwards and may be used for another one."""
        self._search()
        self._before = bytes(_MEMORY)
        return self._cut(1)

    def _search(self) -> None:
        fresh = bytes(self._held[self._seen :])
        if fresh:
            self._hits += [self._seen + hit for hit in _find_hits(self._before, fresh)]
            self._before = (self._before + fresh[-_MEMORY:])[-_MEMORY:]
            self._seen = len(self._held)

    def _cut(self, least: int) -> list[bytes]:
        """The next chunks while at least `least` bytes are held; they are forgotten here."""
        chunks, start = [], 0
        with memoryview(self._held) as held:
            while self._seen - start >= least:
                end = _next_cut(self._hits, start, self._seen)
                chunks.append(bytes(held[start:end]))
                start = end
        del self._held[:start]
        self._hits = [hit - start for hit in self._hits if hit >= start]
        self._seen -= start
        return chunks


def cut_points(data: Buffer) -> list[int]:
    """Where one whole buffer is cut: the end offset of every chunk in bytes, the last one its length."""
    chunker, lengths = Chunker(), []
    with memoryview(data) as view:
        for at in range(0, len(view), _WINDOW):
            lengths += [len(chunk) for chunk in chunker.feed(view[at : at + _WINDOW])]
    lengths += [len(chunk) for chunk in chunker.finish()]
    return list(accumulate(lengths))


def _next_cut(hits: list[int], start: int, stop: int) -> int:
    """The end of the chunk that starts at `start`; hits are the sorted offsets of bytes one may cut after."""
    first = bisect_left(hits, start + MIN_CHUNK - 1)
    hit = hits[first] + 1 if first < len(hits) else stop
    return min(hit, start + MAX_CHUNK, stop)


def _find_hits(before: bytes, data: bytes) -> list[int]:
    """The offsets of `data`, ascending, at which the rolling value has its mask bits zero.

    `before` is the 64 bytes that precede `data`.
    """
    steps = max(_MEMORY, int((len(data) / _LANE_DIVISOR) ** 0.5) // _WORD * _WORD)
    lanes = -(-len(data) // steps)
    padded = np.zeros(_MEMORY + lanes * steps, dtype=np.uint8)
    padded[:_MEMORY] = np.frombuffer(before, np.uint8)
    padded[_MEMORY : _MEMORY + len(data)] = np.frombuffer(data, np.uint8)
    rolling, gear = np.zeros(lanes, dtype=np.uint64), np.empty(lanes, dtype=np.uint64)
    for column in _columns(padded[: lanes * steps], lanes, _MEMORY):
        _roll(rolling, column, gear)
    found = np.empty((steps, lanes), dtype=np.bool_)
    for step, column in enumerate(_columns(padded[_MEMORY:], lanes, steps)):
        _roll(rolling, column, gear)
        np.less(rolling, _LIMIT, out=found[step])
    step_of, lane_of = np.divmod(np.flatnonzero(found), lanes)
    hits = np.sort(lane_of * steps + step_of)
    return [int(hit) for hit in hits[hits < len(data)]]


def _columns(data: NDArray[np.uint8], lanes: int, steps: int) -> Iterator[NDArray[np.uint8]]:
    """The first `steps` bytes of all lanes, byte by byte; turned 8 bytes at a time, which is 8 times cheaper."""
    words = data.view(np.uint64).reshape(lanes, -1)[:, : steps // _WORD]
    for row in np.ascontiguousarray(words.T).view(np.uint8):
        for at in range(_WORD):
            yield row[at::_WORD]


def _roll(rolling: NDArray[np.uint64], column: NDArray[np.uint8], gear: NDArray[np.uint64]) -> None:
    """Move every lane one byte on; `gear` is scratch. Clipping cannot happen, but spares a copy."""
    np.take(gear_table(), column, out=gear, mode="clip")
    np.add(rolling, rolling, out=rolling)
    np.add(rolling, gear, out=rolling)
