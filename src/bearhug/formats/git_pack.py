"""The objects of a git pack beside its index: what they are, how large, and how they begin, without unpacking them."""

import sys
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

LONGEST_SIZE = 10
"""Bytes in which an entry's size may be written."""

_MAGIC = b"\xfftOc\x00\x00\x00\x02"
_FANOUT = 256 * 4
_OIDS = len(_MAGIC) + _FANOUT
_OID = 20
_CHECKSUM = 4
_FAR = 1 << 31
"""Set in an offset that stands in the table of long ones."""
_TRAILERS = 40
_CODES = 512
"""Bytes that zlib may need to say how it codes, before the first byte of content."""


class Kind(IntEnum):
    """What an entry is; a delta is of the kind of the object that it is based on."""

    COMMIT = 1
    TREE = 2
    BLOB = 3
    TAG = 4
    DELTA_BY_PLACE = 6
    DELTA_BY_ID = 7


@dataclass(frozen=True)
class Pack:
    """A pack as git keeps it with its index (version 2). ValueError where the two do not fit together."""

    pack: memoryview
    index: memoryview

    def __len__(self) -> int:
        """How many objects it holds."""
        if len(self.index) < _OIDS + _TRAILERS or self.index[: len(_MAGIC)] != _MAGIC:
            raise ValueError("not an index of version 2")
        count = int.from_bytes(self.index[_OIDS - 4 : _OIDS], "big")
        if len(self.index) < _OIDS + count * (_OID + _CHECKSUM + 4) + _TRAILERS:
            raise ValueError("the index was cut off")
        return count

    def oid(self, number: int) -> bytes:
        """The id of an object, twenty bytes; they are numbered by their ids."""
        at = _OIDS + number * _OID
        return bytes(self.index[at : at + _OID])

    def sizes(self) -> Iterator[tuple[int, int, int, int]]:
        """Number, kind, size and place of content of every object; a delta's size is that of its instructions.

        Kinds are plain numbers, as in `Kind`: there may be millions.
        """
        pack = self.pack
        try:
            for number, place in enumerate(self._places()):
                byte = pack[place]
                kind, size, shift = byte >> 4 & 7, byte & 15, 4
                at, end = place + 1, place + LONGEST_SIZE
                while byte & 0x80 and at < end:
                    byte = pack[at]
                    size |= (byte & 0x7F) << shift
                    shift += 7
                    at += 1
                yield number, kind, size, at
        except IndexError as error:
            raise ValueError("the index leads out of the pack") from error

    def start(self, place: int, most: int) -> bytes:
        """How the content at a place begins, at most so many bytes; b"" where nothing can be unpacked."""
        try:
            return zlib.decompressobj().decompress(self.pack[place : place + 2 * most + _CODES], most)
        except zlib.error:
            return b""

    def _places(self) -> "array[int]":
        count = len(self)
        at = _OIDS + count * (_OID + _CHECKSUM)
        near = _numbers("I", self.index[at : at + 4 * count])
        if not near or max(near) < _FAR:
            return near
        far = _numbers("Q", self.index[at + 4 * count : -_TRAILERS])
        return array("Q", [far[place - _FAR] if place >= _FAR else place for place in near])


def _numbers(code: str, raw: memoryview) -> "array[int]":
    """Numbers in network order."""
    found: array[int] = array(code)
    found.frombytes(raw)
    if sys.byteorder == "little":
        found.byteswap()
    return found
