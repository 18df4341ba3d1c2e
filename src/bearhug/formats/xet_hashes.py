"""Xet hashes: keyed BLAKE3 over chunks and ranges, and the way a hash is written as text.

Source: the public Xet protocol specification (hashing) and the vectors in the tests. A hash is 32 raw
bytes. Lists of hashes are flat: n hashes are one buffer of n * 32 bytes.
"""

from __future__ import annotations

import mmap
import re
from typing import TypeAlias

from blake3 import blake3

from bearhug.formats.arrays import NDArray, np
from bearhug.formats.xet_errors import XetHashError

Buffer: TypeAlias = bytes | bytearray | memoryview | mmap.mmap

HASH_LENGTH = 32
ZERO_HASH = bytes(HASH_LENGTH)
ELIGIBLE_ONE_IN = 1024

_CHUNK_KEY = bytes.fromhex("6697f5775b9550de3135cbaca597181c9de421109beb2b58b4d0b04b93adf229")
_RANGE_KEY = bytes.fromhex("7f1857d6ce56ed66127ff913e7a5c3f3a4cd26d5b5db49e64124987f28fb94c3")
_TEXT = re.compile(r"[0-9a-f]{64}")


def swap_groups(raw: Buffer) -> bytes:
    """Reverse the bytes inside each group of 8. `raw`: a multiple of 8 bytes. Its own inverse.

    Shards store a SHA-256 this way round, and the text of a hash is the hex of the swapped bytes.
    """
    return np.frombuffer(raw, dtype="<u8").byteswap().tobytes()


def hash_to_text(raw: Buffer) -> str:
    """The 64 lowercase hex digits that URLs and JSON use for a raw hash of 32 bytes."""
    if len(raw) != HASH_LENGTH:
        raise XetHashError(f"a hash has {HASH_LENGTH} bytes, not {len(raw)}")
    return swap_groups(raw).hex()


def hash_from_text(text: str) -> bytes:
    """The 32 raw bytes of a hash written as 64 lowercase hex digits; anything else is `XetHashError`."""
    if not _TEXT.fullmatch(text):
        raise XetHashError("a hash is written as 64 lowercase hex digits")
    return swap_groups(bytes.fromhex(text))


def chunk_hash(data: Buffer) -> bytes:
    """The hash (32 bytes) of one chunk's raw, uncompressed bytes."""
    return blake3(data, key=_CHUNK_KEY).digest()


def range_hash(hashes: Buffer) -> bytes:
    """The verification hash (32 bytes) of a term, from its chunks' flat hashes (k * 32 bytes)."""
    count_hashes(hashes)
    return blake3(hashes, key=_RANGE_KEY).digest()


def keyed_hashes(hashes: Buffer, key: Buffer) -> bytes:
    """Each of k flat chunk hashes hashed under a 32-byte key, flat again (k * 32 bytes).

    Deduplication answers use it to speak of chunks without naming them. The zero key stands for "no
    key" and returns the hashes as they are.
    """
    if len(key) != HASH_LENGTH:
        raise XetHashError(f"a key has {HASH_LENGTH} bytes, not {len(key)}")
    count = count_hashes(hashes)
    secret, view = bytes(key), memoryview(hashes)
    if secret == ZERO_HASH:
        return bytes(view)
    spans = range(0, count * HASH_LENGTH, HASH_LENGTH)
    return b"".join(blake3(view[at : at + HASH_LENGTH], key=secret).digest() for at in spans)


def last_words(hashes: Buffer) -> NDArray[np.uint64]:
    """The last 8 bytes of each of k flat hashes as a number, shape (k,); grouping and sampling use it."""
    count_hashes(hashes)
    return np.frombuffer(hashes, dtype="<u8")[3::4]


def dedup_eligible(hashes: Buffer) -> NDArray[np.bool_]:
    """Which of k flat chunk hashes clients ask about (1 in 1024, by value), shape (k,).

    The first chunk of a file is asked about too, whatever its hash.
    """
    return np.equal(last_words(hashes) % ELIGIBLE_ONE_IN, 0)


def count_hashes(hashes: Buffer) -> int:
    """How many hashes a flat list holds; `XetHashError` if it is not whole."""
    length = memoryview(hashes).nbytes
    count, rest = divmod(length, HASH_LENGTH)
    if rest:
        raise XetHashError(f"{length} bytes are no whole number of hashes")
    return count
