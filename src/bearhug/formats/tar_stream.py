"""Writes tar.gz archives from front to back (POSIX.1-2001 pax, RFC 1952), with a level of its own for each file."""

import struct
import tarfile
import zlib
from collections.abc import Iterable, Iterator

BLOCK = tarfile.BLOCKSIZE
NAMES = {"encoding": "utf-8", "errors": "surrogateescape"}


class TarGzStream:
    """Pieces of an archive: `file` or `link` for each entry, then `end`. Nothing is held.

    What was packed already is stored as it is (`level=0`): levels change at the borders of deflate blocks, so that
    all together remains one gzip member, which old programs read as well.
    """

    def __init__(self, moment: int) -> None:
        self._moment = moment
        self._crc = self._size = 0
        self._level = 6
        self._packer = zlib.compressobj(self._level, zlib.DEFLATED, -15)
        self._head = b"\x1f\x8b\x08\x00" + struct.pack("<L", max(min(moment, 0xFFFFFFFF), 0)) + b"\x00\xff"

    def file(
        self, name: str, size: int, blocks: Iterable[bytes], *, mode: int = 0o644, level: int = 6
    ) -> Iterator[bytes]:
        """One file of exactly `size` bytes; ValueError where the blocks have another length."""
        yield self._pack(self._entry(name, tarfile.REGTYPE, size, mode), self._level or 6)
        sent = 0
        for block in blocks:
            sent += len(block)
            yield self._pack(block, level)
        if sent != size:
            raise ValueError(f"{size} bytes were announced and {sent} came.")
        yield self._pack(b"\0" * (-size % BLOCK), level)

    def link(self, name: str, target: str) -> bytes:
        """A symbolic link."""
        return self._pack(self._entry(name, tarfile.SYMTYPE, 0, 0o777, target), 6)

    def end(self) -> bytes:
        """Two empty blocks, and the end of the member."""
        last = self._pack(b"\0" * 2 * BLOCK, self._level)
        return last + self._packer.flush() + struct.pack("<LL", self._crc, self._size & 0xFFFFFFFF)

    def _entry(self, name: str, kind: bytes, size: int, mode: int, target: str = "") -> bytes:
        info = tarfile.TarInfo(name)
        info.type, info.size, info.mode, info.mtime, info.linkname = kind, size, mode, self._moment, target
        return info.tobuf(tarfile.PAX_FORMAT, **NAMES)

    def _pack(self, data: bytes, level: int) -> bytes:
        head, self._head = self._head, b""
        if level != self._level:
            head += self._packer.flush(zlib.Z_FULL_FLUSH)
            self._packer = zlib.compressobj(level, zlib.DEFLATED, -15)
            self._level = level
        self._crc = zlib.crc32(data, self._crc)
        self._size += len(data)
        return head + self._packer.compress(data)
