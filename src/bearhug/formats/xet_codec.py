"""One chunk of a xorb: its 8-byte header and the three ways its bytes may be packed.

Source: the public Xet protocol specification. Scheme 0 stores the raw bytes, 1 is one LZ4 frame, 2 is
BG4 (every fourth byte brought together) and then one LZ4 frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from struct import Struct
from typing import NamedTuple

import cramjam
import lz4.frame

from bearhug.formats.arrays import NDArray, np
from bearhug.formats.xet_chunker import MAX_CHUNK
from bearhug.formats.xet_errors import XorbFormatError
from bearhug.formats.xet_hashes import Buffer
from bearhug.formats.xet_planes import SPARE, Joiner, split_groups

CHUNK_HEADER_LENGTH = 8
MAX_PAYLOAD = 2 * MAX_CHUNK
FOOTER_MARK = b"XETBLOB"

_SAMPLE = 16 * 1024
_STORED = 1 << 31
_LEAD, _TAIL = Struct("<7sI"), Struct("<I")
"""The head of a frame and how long its first block is; and its end, which is zero."""
_AROUND = _LEAD.size + _TAIL.size


class Scheme(IntEnum):
    """How a chunk is packed."""

    RAW = 0
    LZ4 = 1
    BG4_LZ4 = 2


_SCHEMES = tuple(Scheme)
_GROUPED = int(Scheme.BG4_LZ4)


class PackedChunk(NamedTuple):
    """A chunk where it lies: offset and length in bytes with its header, packing, length unpacked."""

    offset: int
    length: int
    scheme: Scheme
    raw_length: int


def _head(block_size: int) -> bytes:
    """How a frame of independent blocks of at most that size begins."""
    begin: bytes = lz4.frame.compress_begin(
        lz4.frame.create_compression_context(), block_size=block_size, block_linked=False
    )
    return begin


_HEAD = _head(lz4.frame.BLOCKSIZE_MAX64KB)
_PLAIN_HEADS = {
    _HEAD,
    _head(lz4.frame.BLOCKSIZE_MAX256KB),
    _head(lz4.frame.BLOCKSIZE_MAX1MB),
    _head(lz4.frame.BLOCKSIZE_MAX4MB),
}


def walk_chunks(body: Buffer) -> Iterator[PackedChunk]:
    """The chunks of a xorb's bytes in order, read from their headers; nothing is unpacked.

    Ends at the end of the bytes or at the mark of a footer. Raises `XorbFormatError` as `find_chunk`.
    """
    at, end = 0, len(body)
    while at < end:
        if body[at] and bytes(body[at : at + len(FOOTER_MARK)]) == FOOTER_MARK:
            return
        chunk = find_chunk(body, at)
        yield chunk
        at += chunk.length


def find_chunk(body: Buffer, at: int) -> PackedChunk:
    """The chunk whose header is at byte `at`.

    Raises `XorbFormatError` if it is cut short, has another version or scheme, or a length out of bounds.
    """
    header = body[at : at + CHUNK_HEADER_LENGTH]
    if len(header) < CHUNK_HEADER_LENGTH:
        raise XorbFormatError(f"the chunk header at byte {at} is cut short")
    word = int.from_bytes(header, "little")
    version, payload, scheme, raw = word & 0xFF, word >> 8 & 0xFFFFFF, word >> 32 & 0xFF, word >> 40
    if version or scheme >= len(_SCHEMES):
        raise XorbFormatError(f"the chunk at byte {at} has version {version} and scheme {scheme}")
    if not 0 < raw <= MAX_CHUNK or not 0 < payload <= MAX_PAYLOAD:
        raise XorbFormatError(f"the chunk at byte {at} claims {payload} bytes for {raw}")
    if at + CHUNK_HEADER_LENGTH + payload > len(body):
        raise XorbFormatError(f"the chunk at byte {at} is cut short")
    return PackedChunk(at, CHUNK_HEADER_LENGTH + payload, _SCHEMES[scheme], raw)


def unpack_chunk(body: Buffer, chunk: PackedChunk) -> bytes:
    """The raw bytes of a chunk that `walk_chunks` found in `body`.

    Never makes more than a few bytes beyond the header's raw length. Raises `XorbFormatError` if the
    payload does not unpack to exactly that length.
    """
    raw = np.empty(chunk.raw_length + SPARE, np.uint8)
    start, end = chunk.offset + CHUNK_HEADER_LENGTH, chunk.offset + chunk.length
    with memoryview(body) as view, view[start:end] as payload:
        Unpacker(raw).unpack(0, chunk.raw_length, payload, chunk.scheme)
    return raw[: chunk.raw_length].tobytes()


class Unpacker:
    """Unpacks chunks to their places in an array, whose last `SPARE` bytes are never used; for one thread."""

    def __init__(self, raw: NDArray[np.uint8]) -> None:
        self._raw = raw.data
        joiner = Joiner(raw)
        self._planes = joiner.planes
        self._join = joiner.join

    def unpack(self, at: int, length: int, payload: memoryview, scheme: int) -> None:
        """Unpack a payload to fill `length` bytes (at most `MAX_CHUNK`) from `at` on exactly, and touch no others.

        After an error it does not matter what is there.
        """
        if scheme == _GROUPED:
            _fill(self._planes[:length], payload)
            self._join(at, length)
        elif scheme:
            _fill(self._raw[at : at + length], payload)
        elif _put(self._raw[at : at + length], payload) != length:
            raise XorbFormatError(f"a chunk of {length} bytes is stored as {len(payload)}")


def _fill(out: memoryview, payload: memoryview) -> None:
    """Fill `out` from the one LZ4 frame that the payload must be; frames as the clients write them are read faster."""
    size = len(payload)
    head, word = _LEAD.unpack_from(payload) if size >= _AROUND else (b"", 0)
    if head not in _PLAIN_HEADS:
        filled = _read_frame(out, payload)
    elif word == size - _AROUND and not any(_TAIL.unpack_from(payload, size - 4)):
        filled = _read_block(out, payload[_LEAD.size : -4])
    else:
        filled = _read_blocks(out, payload)
    if filled != len(out):
        raise XorbFormatError(f"a chunk is not {len(out)} bytes unpacked")


def _read_frame(out: memoryview, payload: memoryview) -> int:
    frame = lz4.frame.LZ4FrameDecompressor()
    try:
        raw: bytes = frame.decompress(payload, max_length=len(out) + 1)
    except RuntimeError as error:
        raise XorbFormatError("a chunk is no LZ4 frame") from error
    if not frame.eof or frame.unused_data:
        raise XorbFormatError("a chunk is not exactly one LZ4 frame")
    return _put(out, raw)


def _read_blocks(out: memoryview, payload: memoryview) -> int:
    """A frame of independent blocks without sums or sizes, block by block, each bounded by what is still to come."""
    filled, at = 0, len(_HEAD)
    while word := int.from_bytes(payload[at : at + 4], "little"):
        end = at + 4 + (word & ~_STORED)
        block = payload[at + 4 : end]
        length = _put(out[filled:], block) if word & _STORED else _read_block(out[filled:], block)
        if not length:
            raise XorbFormatError("a chunk has an empty LZ4 block")
        at, filled = end, filled + length
    if at + 4 != len(payload):
        raise XorbFormatError("a chunk is not exactly one LZ4 frame")
    return filled


def _read_block(out: memoryview, block: memoryview) -> int:
    try:
        return cramjam.lz4.decompress_block_into(block, out, len(out))
    except cramjam.DecompressionError as error:
        raise XorbFormatError("a chunk has a damaged LZ4 block, or more than it has bytes") from error


def _put(out: memoryview, raw: Buffer) -> int:
    if len(raw) > len(out):
        raise XorbFormatError("a chunk has more bytes than it says")
    out[: len(raw)] = raw
    return len(raw)


def pack_chunk(raw: Buffer) -> bytes:
    """Header and payload of one chunk (1 to 131072 raw bytes), packed whichever way a sample favours.

    Stored raw if packing does not make it smaller. Raises `XorbFormatError` for a length out of bounds.
    """
    data = bytes(raw)
    if not 0 < len(data) <= MAX_CHUNK:
        raise XorbFormatError(f"a chunk has 1 to {MAX_CHUNK} bytes, not {len(data)}")
    scheme = _favoured(data[:_SAMPLE])
    payload = _write_frame(split_groups(data) if scheme is Scheme.BG4_LZ4 else data)
    if len(payload) >= len(data):
        scheme, payload = Scheme.RAW, data
    lengths = len(payload).to_bytes(3, "little"), len(data).to_bytes(3, "little")
    return b"".join((b"\0", lengths[0], bytes([scheme]), lengths[1], payload))


def _favoured(sample: bytes) -> Scheme:
    grouped = len(_write_frame(split_groups(sample)))
    return Scheme.BG4_LZ4 if grouped < len(_write_frame(sample)) else Scheme.LZ4


def _write_frame(data: bytes) -> bytes:
    frame: bytes = lz4.frame.compress(
        data, block_size=lz4.frame.BLOCKSIZE_MAX256KB, block_linked=False, store_size=False
    )
    return frame
