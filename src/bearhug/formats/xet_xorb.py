"""Xorbs: up to 8192 packed chunks in a row, read, checked and written.

Source: the public Xet protocol specification. A xorb's body is its chunks; what lies where is a
`XorbIndex`, which `xet_footer` keeps behind the body.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, TypeAlias

from bearhug.formats.arrays import NDArray, np
from bearhug.formats.xet_chunker import MAX_CHUNK
from bearhug.formats.xet_codec import (
    CHUNK_HEADER_LENGTH,
    MAX_PAYLOAD,
    PackedChunk,
    Scheme,
    Unpacker,
    find_chunk,
    pack_chunk,
    unpack_chunk,
    walk_chunks,
)
from bearhug.formats.xet_errors import XorbFormatError
from bearhug.formats.xet_hashes import HASH_LENGTH, Buffer, chunk_hash, count_hashes
from bearhug.formats.xet_merkle import merkle_root
from bearhug.formats.xet_planes import SPARE

MAX_CHUNKS = 8192
MAX_RAW = 64 << 20
MAX_BODY = MAX_RAW + (1 << 20)

Numbers: TypeAlias = "NDArray[np.uint32]"


@dataclass(frozen=True, eq=False)
class XorbIndex:
    """What lies where in a xorb of n chunks; made with every length checked, or `XorbFormatError`.

    xorb_hash: 32 bytes. hashes: n * 32 bytes, flat. offsets: (n + 1,) little-endian u32, where each
    chunk starts in the body in bytes, the last one its end. lengths: (n,) little-endian u32, raw bytes.
    """

    xorb_hash: bytes
    hashes: bytes = field(repr=False)
    offsets: Numbers = field(repr=False)
    lengths: Numbers = field(repr=False)

    def __post_init__(self) -> None:
        count = count_hashes(self.hashes)
        if not 0 < count <= MAX_CHUNKS:
            raise XorbFormatError(f"a xorb has 1 to {MAX_CHUNKS} chunks, not {count}")
        if len(self.xorb_hash) != HASH_LENGTH or self.lengths.shape != (count,):
            raise XorbFormatError("the parts of a xorb's index do not fit")
        if self.offsets.shape != (count + 1,) or self.offsets[0] != 0:
            raise XorbFormatError("the offsets of a xorb's chunks do not fit")
        sizes = np.diff(self.offsets.astype(np.int64)) - CHUNK_HEADER_LENGTH
        if sizes.min() < 1 or sizes.max() > MAX_PAYLOAD:
            raise XorbFormatError("the offsets of a xorb's chunks are out of bounds")
        if self.lengths.min() < 1 or self.lengths.max() > MAX_CHUNK or self.raw_length > MAX_RAW:
            raise XorbFormatError("the lengths of a xorb's chunks are out of bounds")

    @classmethod
    def from_columns(cls, xorb_hash: bytes, hashes: bytes, offsets: bytes, lengths: bytes) -> XorbIndex:
        """From the columns a database keeps: offsets and lengths as little-endian u32, flat."""
        if len(offsets) % 4 or len(lengths) % 4:
            raise XorbFormatError("a column of a xorb's index is cut short")
        return cls(xorb_hash, hashes, np.frombuffer(offsets, "<u4"), np.frombuffer(lengths, "<u4"))

    @property
    def count(self) -> int:
        """How many chunks it has (1 to 8192)."""
        return len(self.lengths)

    @property
    def body_length(self) -> int:
        """Bytes of the body: all chunks with their headers, no footer."""
        return int(self.offsets[-1])

    @property
    def raw_length(self) -> int:
        """Bytes of all chunks unpacked."""
        return int(self.raw_offsets[-1])

    @cached_property
    def raw_offsets(self) -> NDArray[np.int64]:
        """Where each chunk starts among the unpacked bytes, and their end: shape (n + 1,)."""
        return np.concatenate([[0], np.cumsum(self.lengths, dtype=np.int64)])

    def check_range(self, start: int, end: int) -> None:
        """Raise `XorbFormatError` unless [start, end) is a range of at least one of its chunks."""
        if not 0 <= start < end <= self.count:
            raise XorbFormatError(f"a xorb of {self.count} chunks has no chunks [{start}, {end})")

    def byte_range(self, start: int, end: int) -> tuple[int, int]:
        """The bytes [a, b) of the body that hold the chunks [start, end)."""
        self.check_range(start, end)
        return int(self.offsets[start]), int(self.offsets[end])

    def range_length(self, start: int, end: int) -> int:
        """How many bytes the chunks [start, end) have unpacked."""
        self.check_range(start, end)
        return int(self.raw_offsets[end] - self.raw_offsets[start])

    def range_hashes(self, start: int, end: int) -> bytes:
        """The hashes of the chunks [start, end), flat."""
        self.check_range(start, end)
        return self.hashes[start * HASH_LENGTH : end * HASH_LENGTH]


class _Columns:
    """A xorb's index while its chunks are still being counted."""

    def __init__(self) -> None:
        self.hashes = bytearray()
        self.offsets = [0]
        self.lengths: list[int] = []
        self.raw_length = 0

    def add(self, digest: bytes, length: int, raw_length: int) -> None:
        if len(self.lengths) >= MAX_CHUNKS or self.raw_length + raw_length > MAX_RAW:
            raise XorbFormatError(f"a xorb has at most {MAX_CHUNKS} chunks and {MAX_RAW} bytes unpacked")
        self.hashes += digest
        self.offsets.append(self.offsets[-1] + length)
        self.lengths.append(raw_length)
        self.raw_length += raw_length

    def index(self) -> XorbIndex:
        hashes, lengths = bytes(self.hashes), np.array(self.lengths, "<u4")
        return XorbIndex(merkle_root(hashes, lengths), hashes, np.array(self.offsets, "<u4"), lengths)


def scan_xorb(body: Buffer) -> XorbIndex:
    """Unpack and hash every chunk of an uploaded xorb, one at a time, and return what lies where.

    `body`: a byte view of at most 65 MiB, such as an mmap. The footer that early clients append is left
    out: `body_length` of the result is where it starts. The caller compares `xorb_hash` with the name
    the xorb came under. Raises `XorbFormatError` for anything malformed, empty or over a limit.
    """
    if len(body) > MAX_BODY:
        raise XorbFormatError(f"a xorb of {len(body)} bytes is over {MAX_BODY}")
    columns, room = _Columns(), np.empty(MAX_CHUNK + SPARE, np.uint8)
    unpacker = Unpacker(room)
    for chunk in walk_chunks(body):
        columns.add(_hash_in(body, chunk, unpacker, room.data), chunk.length, chunk.raw_length)
    return columns.index()


def _hash_in(body: Buffer, chunk: PackedChunk, unpacker: Unpacker, room: memoryview) -> bytes:
    """The hash of a chunk where it lies; only what is packed is unpacked into the room."""
    with memoryview(body) as view, view[chunk.offset + CHUNK_HEADER_LENGTH : chunk.offset + chunk.length] as payload:
        if chunk.scheme is Scheme.RAW and len(payload) == chunk.raw_length:
            return chunk_hash(payload)
        unpacker.unpack(0, chunk.raw_length, payload, chunk.scheme)
        return chunk_hash(room[: chunk.raw_length])


def decode_range(body: Buffer, index: XorbIndex, start: int, end: int) -> Iterator[bytes]:
    """The raw bytes of the chunks [start, end), chunk by chunk; hashes are not checked again.

    `body`: at least the xorb's body (what follows it is not read); it is not held between chunks. Raises
    `XorbFormatError` at once if the range does not exist, and later if the body is not what the index says.
    """
    index.check_range(start, end)
    return (_decode_one(body, index, number) for number in range(start, end))


def _decode_one(body: Buffer, index: XorbIndex, number: int) -> bytes:
    at, after = index.offsets[number : number + 2].tolist()
    chunk = find_chunk(body, at)
    if (chunk.length, chunk.raw_length) != (after - at, index.lengths[number]):
        raise XorbFormatError("the chunks of the xorb are not those of its index")
    return unpack_chunk(body, chunk)


class ByteSink(Protocol):
    """What a xorb can be written to: a binary file, for one."""

    def write(self, data: bytes, /) -> object: ...


class XorbWriter:
    """Writes a xorb's body to `out`, chunk by chunk, and keeps its index; nothing is held but that."""

    def __init__(self, out: ByteSink) -> None:
        self._out = out
        self._columns = _Columns()

    @property
    def count(self) -> int:
        """How many chunks are in so far."""
        return len(self._columns.lengths)

    def has_room(self, raw_length: int) -> bool:
        """Whether a chunk of so many raw bytes still fits."""
        return self.count < MAX_CHUNKS and self._columns.raw_length + raw_length <= MAX_RAW

    def add(self, raw: bytes, digest: bytes) -> int:
        """Pack and write one chunk of 1 to 131072 bytes with its `chunk_hash`; returns its number from 0.

        Raises `XorbFormatError` if it does not fit.
        """
        packed = pack_chunk(raw)
        self._columns.add(digest, len(packed), len(raw))
        self._out.write(packed)
        return self.count - 1

    def hash_at(self, number: int) -> bytes:
        """The hash of a chunk that is already in; empty bytes if there is none of that number."""
        return bytes(self._columns.hashes[number * HASH_LENGTH : (number + 1) * HASH_LENGTH])

    def index(self) -> XorbIndex:
        """What was written; `XorbFormatError` if nothing was."""
        return self._columns.index()
