"""Shards: lists of file recipes and of the chunks in xorbs, read from bytes.

Source: the public Xet protocol specification (shard header version 2, footer version 1). Every record
has 48 bytes, so one flat dtype a kind reads them all; the arrays are views of the bytes passed in.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from bearhug.formats.arrays import NDArray, np
from bearhug.formats.xet_errors import ShardFormatError
from bearhug.formats.xet_hashes import ZERO_HASH, Buffer, swap_groups

RECORD_LENGTH = 48
FOOTER_LENGTH = 200
SHARD_TAG = bytes.fromhex("48465265706f4d6574614461746100556967456a7b815783a5bdd95ccdd14aa9")
SHARD_VERSION = 2
FOOTER_VERSION = 1
BOOKEND = b"\xff" * 32 + bytes(16)
HAS_RANGE_HASHES = 1 << 31
HAS_SHA256 = 1 << 30

Columns: TypeAlias = list[tuple[str, str]]
TERM: Columns = [("xorb_hash", "V32"), ("flags", "<u4"), ("raw_length", "<u4"), ("start", "<u4"), ("end", "<u4")]
CHUNK: Columns = [
    ("chunk_hash", "V32"),
    ("raw_offset", "<u4"),
    ("raw_length", "<u4"),
    ("flags", "<u4"),
    ("unused", "<u4"),
]

FILE_HEADER = struct.Struct("<32sII8x")
XORB_HEADER = struct.Struct("<32sIIII")
SHARD_HEADER = struct.Struct("<32sQQ")
SHARD_FOOTER = struct.Struct("<9Q32sQQ48x4Q")


class ShardLimits(NamedTuple):
    """The most a shard may hold: bytes, files, terms of all files, xorbs."""

    length: int = 65 << 20
    files: int = 16_384
    terms: int = 1 << 20
    xorbs: int = 16_384


@dataclass(frozen=True, eq=False)
class FileRecipe:
    """A file as an ordered list of t terms.

    file_hash: 32 bytes. terms: (t,) of `TERM`; a term is the chunks [start, end) of one xorb, raw_length
    bytes unpacked. range_hashes: t * 32 bytes, flat, or empty if the shard has none. sha256: the plain
    digest (32 bytes) that the sender claims, or None.
    """

    file_hash: bytes
    terms: NDArray[np.void] = field(repr=False)
    range_hashes: bytes = field(repr=False, default=b"")
    sha256: bytes | None = None

    @property
    def size(self) -> int:
        """The bytes of the file, as its terms claim."""
        return int(self.terms["raw_length"].sum(dtype=np.int64))


@dataclass(frozen=True, eq=False)
class XorbChunks:
    """A xorb as a shard lists it: hash (32 bytes), chunks (n,) of `CHUNK`, bytes unpacked and on disk."""

    xorb_hash: bytes
    chunks: NDArray[np.void] = field(repr=False)
    raw_length: int = 0
    disk_length: int = 0


class ShardFooter(NamedTuple):
    """What a footer says of the shard: key of its chunk hashes (zero for none), times in unix seconds."""

    hmac_key: bytes = ZERO_HASH
    created: int = 0
    expires: int = (1 << 64) - 1


@dataclass(frozen=True, eq=False)
class Shard:
    """Everything a shard lists, in its order."""

    files: list[FileRecipe]
    xorbs: list[XorbChunks]
    footer: ShardFooter | None = None


def read_shard(data: Buffer, limits: ShardLimits = ShardLimits()) -> Shard:  # noqa: B008 (immutable)
    """Read a shard as uploaded (with or without a footer) or as answered to a deduplication query.

    `data` must stay as it is while the result is used, which holds views of it (so give bytes rather
    than a file mapped into memory). Nothing is said about the truth of the recipes; see `xet_recipes`.
    The lookup tables of old clients, which repeat the two sections, are passed over. Raises
    `ShardFormatError` for anything malformed or over a limit.
    """
    if len(data) > limits.length:
        raise ShardFormatError(f"a shard of {len(data)} bytes is over {limits.length}")
    if len(data) < SHARD_HEADER.size:
        raise ShardFormatError("the shard header is cut short")
    tag, version, footer_length = SHARD_HEADER.unpack_from(data)
    if tag != SHARD_TAG or version != SHARD_VERSION:
        raise ShardFormatError("no shard, or one of another version")
    records = _Records(data)
    files = list(_read_files(records, limits))
    xorbs = list(_read_xorbs(records, limits))
    with_footer = footer_length == FOOTER_LENGTH and records.bytes_left >= FOOTER_LENGTH
    return Shard(files, xorbs, _read_footer(data) if with_footer else None)


class _Records:
    """A cursor over the 48-byte records behind the shard header."""

    def __init__(self, data: Buffer) -> None:
        self._data = data
        self._at = SHARD_HEADER.size

    @property
    def bytes_left(self) -> int:
        return len(self._data) - self._at

    def take(self, count: int, dtype: Columns) -> NDArray[np.void]:
        """The next records as a view, after a check that they are there."""
        if count * RECORD_LENGTH > self.bytes_left:
            raise ShardFormatError(f"the shard is cut short: {count} records announced at byte {self._at}")
        taken = np.frombuffer(self._data, dtype, count, self._at) if count else np.empty(0, dtype)
        self._at += count * RECORD_LENGTH
        return taken

    def take_header(self) -> bytes | None:
        """The next record as bytes, None for the bookend that closes a section."""
        header = self.take(1, TERM).tobytes()
        return None if header[:32] == BOOKEND[:32] else header


def _read_files(records: _Records, limits: ShardLimits) -> Iterator[FileRecipe]:
    files = terms = 0
    while header := records.take_header():
        file_hash, flags, count = FILE_HEADER.unpack(header)
        files, terms = files + 1, terms + count
        if files > limits.files or terms > limits.terms:
            raise ShardFormatError(f"a shard has at most {limits.files} files and {limits.terms} terms")
        own_terms = records.take(count, TERM)
        proofs = records.take(count, TERM) if flags & HAS_RANGE_HASHES else np.empty(0, TERM)
        claim = records.take(1, TERM) if flags & HAS_SHA256 else None
        sha256 = None if claim is None else swap_groups(claim["xorb_hash"].tobytes())
        yield FileRecipe(file_hash, own_terms, proofs["xorb_hash"].tobytes(), sha256)


def _read_xorbs(records: _Records, limits: ShardLimits) -> Iterator[XorbChunks]:
    xorbs = 0
    while header := records.take_header():
        xorb_hash, _, count, raw_length, disk_length = XORB_HEADER.unpack(header)
        xorbs += 1
        if xorbs > limits.xorbs:
            raise ShardFormatError(f"a shard has at most {limits.xorbs} xorbs")
        yield XorbChunks(xorb_hash, records.take(count, CHUNK), raw_length, disk_length)


def _read_footer(data: Buffer) -> ShardFooter:
    at = len(data) - FOOTER_LENGTH
    fields = SHARD_FOOTER.unpack_from(data, at)
    if fields[0] != FOOTER_VERSION or fields[-1] != at:
        raise ShardFormatError("the shard footer has another version or is not where it says")
    return ShardFooter(hmac_key=fields[9], created=fields[10], expires=fields[11])
