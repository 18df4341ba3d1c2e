"""The Merkle rules of Xet: from chunk hashes and lengths to the hash of a xorb or a file.

Source: the public Xet protocol specification for the node hash; the grouping of a level is what the
clients do (see the vectors in the tests). Inputs are flat hashes (n * 32 bytes) and n lengths in bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

from blake3 import blake3

from bearhug.formats.arrays import NDArray, np
from bearhug.formats.xet_errors import XetHashError
from bearhug.formats.xet_hashes import HASH_LENGTH, ZERO_HASH, Buffer, count_hashes, last_words, swap_groups

Lengths: TypeAlias = "Sequence[int] | NDArray[np.integer]"

_NODE_KEY = bytes.fromhex("017ec5c7a5472996fd946666b48a02e65ddd536f37c76dd2f86352e64a53713f")
_GROUP_MIN = 3
_GROUP_MAX = 9
_SMALL = 48  # below this many nodes plain loops beat numpy's cost per call
_BATCH = 1 << 15  # nodes written out as text at a time


def merkle_root(hashes: Buffer, lengths: Lengths) -> bytes:
    """The root (32 bytes) over n chunks; the hash of a xorb is the root over its chunks.

    One chunk is its own root; no chunk gives 32 zero bytes. About 0.7 s for a million chunks.
    Raises `XetHashError` if the two lists do not fit or a length is negative.
    """
    count = count_hashes(hashes)
    level, sizes = bytes(hashes), np.asarray(lengths, dtype=np.int64)
    if sizes.shape != (count,):
        raise XetHashError(f"{count} hashes came with {sizes.size} lengths")
    if count and int(sizes.min()) < 0:
        raise XetHashError("a length is negative")
    while len(sizes) > 1:
        ends = _group_ends(level)
        level = _parents(level, sizes, ends)
        sizes = np.add.reduceat(sizes, [0, *ends[:-1]])
    return level or ZERO_HASH


def file_hash(hashes: Buffer, lengths: Lengths) -> bytes:
    """The hash (32 bytes) of a file from the n chunks it consists of, in order; 32 zero bytes if n = 0."""
    root = merkle_root(hashes, lengths)
    return blake3(root, key=ZERO_HASH).digest() if len(hashes) else ZERO_HASH


def _group_ends(level: bytes) -> list[int]:
    """Where the groups of a level end (exclusive): at the first hash that is 0 mod 4, within 3 to 9 nodes."""
    stops = last_words(level) % 4 == 0
    count = len(stops)
    beyond = count + _GROUP_MAX
    marks = np.full(count + _GROUP_MIN, beyond, dtype=np.int64)
    np.copyto(marks[:count], np.arange(count), where=stops)
    next_stop = np.minimum.accumulate(marks[::-1])[::-1]
    latest = np.arange(count) + (_GROUP_MAX - 1)
    end_from = np.minimum(np.minimum(next_stop[_GROUP_MIN - 1 :][:count], latest) + 1, count).tolist()
    ends, at = [], 0
    while at < count:
        at = end_from[at]
        ends.append(at)
    return ends


def _parents(level: bytes, sizes: NDArray[np.int64], ends: list[int]) -> bytes:
    write = _write_few if len(sizes) <= _SMALL else _write_many
    digests = []
    for groups in _batches(ends):
        first, last = groups[0], groups[-1]
        text, marks = write(level[first * HASH_LENGTH : last * HASH_LENGTH], sizes[first:last])
        cuts = [marks[end - first] for end in groups]
        digests += [blake3(text[start:end], key=_NODE_KEY).digest() for start, end in pairwise(cuts)]
    return b"".join(digests)


def _batches(ends: list[int]) -> Iterator[list[int]]:
    """Runs of group boundaries (the start of the first group, then every end), each about one batch."""
    step = _BATCH // _GROUP_MAX
    for at in range(0, len(ends), step):
        yield [ends[at - 1] if at else 0, *ends[at : at + step]]


def _write_few(level: bytes, sizes: NDArray[np.int64]) -> tuple[memoryview, list[int]]:
    """The nodes as lines "hash : length", and where each line starts (one mark more than lines)."""
    digits = swap_groups(level).hex()
    text, marks = bytearray(), [0]
    for i, size in enumerate(sizes.tolist()):
        text += f"{digits[i * 64 : i * 64 + 64]} : {size}\n".encode()
        marks.append(len(text))
    return memoryview(text), marks


def _write_many(level: bytes, sizes: NDArray[np.int64]) -> tuple[memoryview, list[int]]:
    """The same text as `_write_few`, made in a table of equal rows from which leading zeros are dropped."""
    count, width = len(sizes), len(str(int(sizes.max())))
    head = HASH_LENGTH * 2 + 3
    rows = np.empty((count, head + width + 1), dtype=np.uint8)
    rows[:, : HASH_LENGTH * 2] = np.frombuffer(swap_groups(level).hex().encode(), np.uint8).reshape(count, -1)
    rows[:, HASH_LENGTH * 2 : head] = np.frombuffer(b" : ", np.uint8)
    rows[:, -1] = ord("\n")
    keep = np.ones(rows.shape, dtype=np.bool_)
    left = sizes
    for place in range(width):
        column = head + width - 1 - place
        if place:
            keep[:, column] = left > 0
        left, digit = np.divmod(left, 10)
        rows[:, column] = digit + ord("0")
    marks = [0, *np.cumsum(keep.sum(axis=1)).tolist()]
    return memoryview(rows[keep].tobytes()), marks
