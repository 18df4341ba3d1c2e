"""Writes ZIP archives from front to back, to where nothing can be sought (APPNOTE 6.3.10, with ZIP64).

Sizes and checksums follow each file in a data descriptor, so that no content is read twice or held.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator

FOLDER = 0o040755
VERSION = 45
"""4.5: ZIP64."""
DEFLATED = 8
FLAGS = 0x0808
"""Bit 3: sizes come behind the content. Bit 11: names are UTF-8."""
UNIX = 3
LONGEST_NAME = 65_535
FULL_16, FULL_32 = 0xFFFF, 0xFFFFFFFF

Stamp = tuple[int, int, int, int, int, int]
"""Year, month, day, hour, minute, second."""


class ZipStream:
    """Pieces of an archive: `file` for each content, then `end`. The directory at the end is all that is held."""

    def __init__(self, stamp: Stamp) -> None:
        self._moment = _dos(stamp)
        self._at = 0
        self._count = 0
        self._directory = bytearray()

    def file(self, name: str, blocks: Iterable[bytes], *, mode: int = 0o100644, level: int = 6) -> Iterator[bytes]:
        """One entry; `level` is zlib's, 0 stores. ValueError where the name is longer than 65,535 bytes."""
        raw = name.encode("utf-8")
        if len(raw) > LONGEST_NAME:
            raise ValueError("A name in a ZIP archive may have at most 65535 bytes.")
        start = self._at
        yield self._count_up(self._local(raw))
        packer = zlib.compressobj(level, zlib.DEFLATED, -15)
        crc = size = packed = 0
        for block in blocks:
            crc = zlib.crc32(block, crc)
            size += len(block)
            piece = packer.compress(block)
            packed += len(piece)
            if piece:
                yield self._count_up(piece)
        piece = packer.flush()
        packed += len(piece)
        yield self._count_up(piece + struct.pack("<4sLQQ", b"PK\7\10", crc, packed, size))
        self._note(raw, mode, (crc, packed, size), start)

    def end(self) -> bytes:
        """The directory and the end records."""
        start, length, count = self._at, len(self._directory), self._count
        at = start + length
        end64 = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, VERSION, VERSION, 0, 0, count, count, length, start)
        locator = struct.pack("<4sLQL", b"PK\6\7", 0, at, 1)
        small = min(count, FULL_16)
        end = struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, small, small, min(length, FULL_32), min(start, FULL_32), 0)
        return bytes(self._directory) + end64 + locator + end

    def _local(self, name: bytes) -> bytes:
        """The head of an entry. The empty ZIP64 field says that the descriptor has 8-byte sizes."""
        extra = struct.pack("<HHQQ", 1, 16, 0, 0)
        time, date = self._moment
        head = struct.pack(
            "<4sHHHHHLLLHH", b"PK\3\4", VERSION, FLAGS, DEFLATED, time, date, 0, FULL_32, FULL_32, len(name), len(extra)
        )
        return head + name + extra

    def _note(self, name: bytes, mode: int, sums: tuple[int, int, int], start: int) -> None:
        crc, packed, size = sums
        extra = struct.pack("<HHQQQ", 1, 24, size, packed, start)
        time, date = self._moment
        self._count += 1
        self._directory += struct.pack(
            "<4sBBHHHHHL", b"PK\1\2", VERSION, UNIX, VERSION, FLAGS, DEFLATED, time, date, crc
        )
        self._directory += struct.pack(
            "<LLHHHHHLL", FULL_32, FULL_32, len(name), len(extra), 0, 0, 0, mode << 16, FULL_32
        )
        self._directory += name + extra

    def _count_up(self, piece: bytes) -> bytes:
        self._at += len(piece)
        return piece


def _dos(stamp: Stamp) -> tuple[int, int]:
    """Time and date as DOS has them: from 1980 to 2107, even seconds."""
    year, month, day, hour, minute, second = stamp
    if not 1980 <= year <= 2107:
        return 0, 33
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day
