"""One chunk of a xorb: its 8-byte header and the three ways its bytes may be packed.

Source: the public Xet protocol specification. Scheme 0 stores the raw bytes, 1 is one LZ4 frame, 2 is
BG4 (every fourth byte brought together) and then one LZ4 frame.
"""

from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

import lz4.frame
import numpy as np

from bearhug.formats.xet_chunker import MAX_CHUNK
from bearhug.formats.xet_errors import XorbFormatError
from bearhug.formats.xet_hashes import Buffer

CHUNK_HEADER_LENGTH = 8
MAX_PAYLOAD = 2 * MAX_CHUNK
FOOTER_MARK = b"XETBLOB"

_SAMPLE = 16 * 1024


class Scheme(IntEnum):
    """How a chunk is packed."""

    RAW = 0
    LZ4 = 1
    BG4_LZ4 = 2


class PackedChunk(NamedTuple):
    """A chunk where it lies: offset and length in bytes with its header, packing, length unpacked."""

    offset: int
    length: int
    scheme: Scheme
    raw_length: int


def walk_chunks(body: Buffer) -> Iterator[PackedChunk]:
    """The chunks of a xorb's bytes in order, read from their headers; nothing is unpacked.

    Ends at the end of the bytes or at the mark of a footer. Raises `XorbFormatError` as `find_chunk`.
    """
    at = 0
    while at < len(body) and bytes(body[at : at + len(FOOTER_MARK)]) != FOOTER_MARK:
        chunk = find_chunk(body, at)
        yield chunk
        at += chunk.length


def find_chunk(body: Buffer, at: int) -> PackedChunk:
    """The chunk whose header is at byte `at`.

    Raises `XorbFormatError` if it is cut short, has another version or scheme, or a length out of bounds.
    """
    header = bytes(body[at : at + CHUNK_HEADER_LENGTH])
    if len(header) < CHUNK_HEADER_LENGTH:
        raise XorbFormatError(f"the chunk header at byte {at} is cut short")
    payload, raw = int.from_bytes(header[1:4], "little"), int.from_bytes(header[5:8], "little")
    if header[0] != 0 or header[4] > max(Scheme):
        raise XorbFormatError(f"the chunk at byte {at} has version {header[0]} and scheme {header[4]}")
    if not 0 < raw <= MAX_CHUNK or not 0 < payload <= MAX_PAYLOAD:
        raise XorbFormatError(f"the chunk at byte {at} claims {payload} bytes for {raw}")
    if at + CHUNK_HEADER_LENGTH + payload > len(body):
        raise XorbFormatError(f"the chunk at byte {at} is cut short")
    return PackedChunk(at, CHUNK_HEADER_LENGTH + payload, Scheme(header[4]), raw)


def unpack_chunk(body: Buffer, chunk: PackedChunk) -> bytes:
    """The raw bytes of a chunk that `walk_chunks` found in `body`.

    Never makes more than one byte beyond the header's raw length. Raises `XorbFormatError` if the
    payload does not unpack to exactly that length.
    """
    start, end = chunk.offset + CHUNK_HEADER_LENGTH, chunk.offset + chunk.length
    with memoryview(body) as view, view[start:end] as payload:
        raw = bytes(payload) if chunk.scheme is Scheme.RAW else _read_frame(payload, chunk)
    if len(raw) != chunk.raw_length:
        raise XorbFormatError(f"the chunk at byte {chunk.offset} is not {chunk.raw_length} bytes unpacked")
    return join_groups(raw) if chunk.scheme is Scheme.BG4_LZ4 else raw


def _read_frame(payload: memoryview, chunk: PackedChunk) -> bytes:
    frame = lz4.frame.LZ4FrameDecompressor()
    try:
        raw: bytes = frame.decompress(payload, max_length=chunk.raw_length + 1)
    except RuntimeError as error:
        raise XorbFormatError(f"the chunk at byte {chunk.offset} is no LZ4 frame") from error
    if not frame.eof or frame.unused_data:
        raise XorbFormatError(f"the chunk at byte {chunk.offset} is not exactly one LZ4 frame")
    return raw


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


def split_groups(raw: Buffer) -> bytes:
    """BG4: the bytes at 0, 4, 8 …, then those at 1, 5, 9 …, then 2 …, then 3 …; the length stays."""
    data = np.frombuffer(raw, dtype=np.uint8)
    return np.concatenate([data[group::4] for group in range(4)]).tobytes()


def join_groups(grouped: Buffer) -> bytes:
    """The inverse of `split_groups`."""
    data = np.frombuffer(grouped, dtype=np.uint8)
    raw, at = np.empty_like(data), 0
    for group in range(4):
        end = at + len(raw[group::4])
        raw[group::4] = data[at:end]
        at = end
    return raw.tobytes()
