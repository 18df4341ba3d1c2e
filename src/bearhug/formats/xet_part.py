"""Some chunks in the midst of a xorb: room for their bytes as they lie, and what they are unpacked."""

from __future__ import annotations

from itertools import pairwise

from bearhug.formats.arrays import np
from bearhug.formats.xet_codec import CHUNK_HEADER_LENGTH, Scheme, Unpacker
from bearhug.formats.xet_errors import XorbFormatError
from bearhug.formats.xet_planes import SPARE
from bearhug.formats.xet_xorb import XorbIndex


class Part:
    """The chunks [start, end) of a body, which are read into `rooms` in order and then unpacked.

    A chunk as long packed as raw is most likely stored as it is, so its room is where it belongs in the end.
    Raises `XorbFormatError` if there are no such chunks.
    """

    def __init__(self, index: XorbIndex, start: int, end: int) -> None:
        index.check_range(start, end)
        lengths = index.lengths[start:end].astype(np.int64)
        sizes = np.diff(index.offsets[start : end + 1].astype(np.int64)) - CHUNK_HEADER_LENGTH
        self._heads = np.empty(len(lengths) * CHUNK_HEADER_LENGTH, np.uint8)
        self._expected = lengths.astype(np.uint64) << 40 | sizes.astype(np.uint64) << 8
        self._borders: list[int] = [0, *np.cumsum(lengths).tolist()]
        self._raw = np.empty(self._borders[-1] + SPARE, np.uint8)
        heads, raw = self._heads.data, self._raw.data
        packed = np.empty(int(sizes[sizes != lengths].sum()), np.uint8).data
        self.rooms: list[memoryview] = []
        used = at = 0
        for number, (length, size) in enumerate(zip(lengths.tolist(), sizes.tolist(), strict=True)):
            self.rooms.append(heads[number * CHUNK_HEADER_LENGTH : (number + 1) * CHUNK_HEADER_LENGTH])
            if size == length:
                self.rooms.append(raw[at : at + size])
            else:
                self.rooms.append(packed[used : used + size])
                used += size
            at += length
        self._size = len(self._heads) + int(sizes.sum())

    def unpack(self, count: int) -> memoryview:
        """The raw bytes of the chunks, once, after `count` bytes were read.

        Raises `XorbFormatError` if they are not what the index says.
        """
        if count != self._size:
            raise XorbFormatError("the xorb is shorter than its index says")
        heads = self._heads.view("<u8")
        schemes = heads >> 32 & 0xFF
        if (heads != self._expected | schemes << 32).any() or schemes.max() > max(Scheme):
            raise XorbFormatError("the chunks of the xorb are not those of its index")
        unpack = Unpacker(self._raw).unpack
        places = zip(pairwise(self._borders), self.rooms[1::2], schemes.tolist(), strict=True)
        for (at, after), payload, scheme in places:
            in_place = len(payload) == after - at
            if scheme != Scheme.RAW or not in_place:
                unpack(at, after - at, memoryview(bytes(payload)) if in_place else payload, scheme)
        return self._raw.data[: self._borders[-1]]
