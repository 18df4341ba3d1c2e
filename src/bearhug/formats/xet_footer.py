"""The footer behind a stored xorb's body, from which its index can be had again without a database.

Source: the reference layout of the public Xet client (XETBLOB, version 1). n chunks take 96 + 40 n bytes.
"""

from __future__ import annotations

import struct

from bearhug.formats.arrays import NDArray, np
from bearhug.formats.xet_codec import FOOTER_MARK
from bearhug.formats.xet_errors import XorbFormatError
from bearhug.formats.xet_hashes import HASH_LENGTH, Buffer
from bearhug.formats.xet_xorb import MAX_CHUNKS, Numbers, XorbIndex

_HEAD = struct.Struct("<7sB32s")
_SECTION = struct.Struct("<7sBI")
_TAIL = struct.Struct("<3I16xI")
_FIXED = _HEAD.size + 2 * _SECTION.size + _TAIL.size
_PER_CHUNK = HASH_LENGTH + 8
_HASHES_MARK, _HASHES_VERSION = b"XBLBHSH", 0
_BOUNDS_MARK, _BOUNDS_VERSION = b"XBLBBND", 1

MAX_FOOTER = _FIXED + _PER_CHUNK * MAX_CHUNKS


def footer_length(count: int) -> int:
    """Bytes of the footer of a xorb with so many chunks."""
    return _FIXED + _PER_CHUNK * count


def write_footer(index: XorbIndex) -> bytes:
    """The footer to put behind the body of `index.body_length` bytes."""
    count = index.count
    length = footer_length(count) - 4  # the closing length does not count itself
    hashes_back = length - _HEAD.size
    bounds_back = hashes_back - _SECTION.size - HASH_LENGTH * count
    return b"".join(
        (
            _HEAD.pack(FOOTER_MARK, 1, index.xorb_hash),
            _SECTION.pack(_HASHES_MARK, _HASHES_VERSION, count),
            index.hashes,
            _SECTION.pack(_BOUNDS_MARK, _BOUNDS_VERSION, count),
            index.offsets[1:].astype("<u4").tobytes(),
            index.raw_offsets[1:].astype("<u4").tobytes(),
            _TAIL.pack(count, hashes_back, bounds_back, length),
        )
    )


def read_footer(tail: Buffer) -> XorbIndex:
    """The index from the last bytes of a stored xorb: `MAX_FOOTER` of them, or all if it has fewer.

    The hashes are taken as they stand; `scan_xorb` on the body proves them. Raises `XorbFormatError`.
    """
    with memoryview(tail) as view:
        length = int.from_bytes(view[-4:], "little") + 4
        count, rest = divmod(length - _FIXED, _PER_CHUNK)
        if rest or not 0 < count <= MAX_CHUNKS or length > len(view):
            raise XorbFormatError("no xorb footer of a possible length")
        footer = bytes(view[-length:])
    bounds_at = _HEAD.size + _SECTION.size + HASH_LENGTH * count
    ends_at = bounds_at + _SECTION.size
    mark, version, xorb_hash = _HEAD.unpack_from(footer)
    ends = np.frombuffer(footer, "<u4", 2 * count, ends_at).astype(np.int64).reshape(2, count)
    index = XorbIndex(
        xorb_hash,
        footer[_HEAD.size + _SECTION.size : bounds_at],
        np.concatenate([[0], ends[0]]).astype("<u4"),
        _lengths(ends[1]),
    )
    again, tail_at = write_footer(index), length - _TAIL.size
    tails = [_TAIL.unpack_from(each, tail_at) for each in (footer, again)]  # without the nonce in them
    if (mark, version) != (FOOTER_MARK, 1) or footer[:tail_at] != again[:tail_at] or tails[0] != tails[1]:
        raise XorbFormatError("a xorb footer of another version or with another layout")
    return index


def _lengths(raw_ends: NDArray[np.int64]) -> Numbers:
    lengths = np.diff(raw_ends, prepend=0)
    if lengths.min() < 0:
        raise XorbFormatError("the chunks of a xorb footer run backwards")
    return lengths.astype("<u4")
