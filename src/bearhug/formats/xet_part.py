"""Some chunks in the midst of a xorb: room for their bytes as they lie, and what they are unpacked."""

from __future__ import annotations

from itertools import pairwise
from struct import Struct

from bearhug.formats.arrays import np
from bearhug.formats.xet_codec import CHUNK_HEADER_LENGTH, Scheme, Unpacker
from bearhug.formats.xet_errors import XorbFormatError
from bearhug.formats.xet_planes import SPARE
from bearhug.formats.xet_xorb import XorbIndex

_HEAD = Struct("<Q")
_RAW, _LAST = int(min(Scheme)), int(max(Scheme))


class Part:
    """The chunks [start, end) of a body, which are read into `rooms` in order and then unpacked.

    A chunk as long packed as raw is most likely stored as it is, so its room is where it belongs in the end; what lies
    between such chunks is one room. Raises `XorbFormatError` if there are no such chunks.
    """

    def __init__(self, index: XorbIndex, start: int, end: int) -> None:
        index.check_range(start, end)
        offsets: list[int] = index.offsets[start : end + 1].tolist()
        self._lengths: list[int] = index.lengths[start:end].tolist()
        self._sizes = [after - at - CHUNK_HEADER_LENGTH for at, after in pairwise(offsets)]
        self._total = sum(self._lengths)
        self._stored = offsets[-1] - offsets[0]
        self._raw = np.empty(self._total + SPARE, np.uint8)
        in_place = sum(length for length, size in zip(self._lengths, self._sizes, strict=True) if size == length)
        self._packed = np.empty(self._stored - in_place, np.uint8).data
        self.rooms = self._furnish()

    def _furnish(self) -> list[memoryview]:
        rooms, raw = [], self._raw.data
        begun = used = at = 0
        for length, size in zip(self._lengths, self._sizes, strict=True):
            used += CHUNK_HEADER_LENGTH
            if size == length:
                rooms += [self._packed[begun:used], raw[at : at + length]]
                begun = used
            else:
                used += size
            at += length
        return [*rooms, self._packed[begun:used]] if begun < used else rooms

    def unpack(self, count: int) -> memoryview:
        """The raw bytes of the chunks, once, after `count` bytes were read.

        Raises `XorbFormatError` if they are not what the index says.
        """
        if count != self._stored:
            raise XorbFormatError("the xorb is shorter than its index says")
        packed, raw, unpack = self._packed, self._raw.data, Unpacker(self._raw).unpack
        head_at = _HEAD.unpack_from
        used = at = 0
        for length, size in zip(self._lengths, self._sizes, strict=True):
            payload = used + CHUNK_HEADER_LENGTH
            (word,) = head_at(packed, used)
            scheme = word >> 32 & 0xFF
            if word != length << 40 | scheme << 32 | size << 8 or scheme > _LAST:
                raise XorbFormatError("the chunks of the xorb are not those of its index")
            if size != length:
                used = payload + size
                unpack(at, length, packed[payload:used], scheme)
            else:
                used = payload
                if scheme != _RAW:
                    unpack(at, length, memoryview(bytes(raw[at : at + length])), scheme)
            at += length
        return raw[: self._total]
