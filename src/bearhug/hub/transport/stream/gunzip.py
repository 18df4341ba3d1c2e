"""Request bodies that git compressed, unpacked a bounded piece at a time."""

import zlib
from collections.abc import Iterator

from bearhug.base.errors import BadRequest, TooLarge

GZIP = 16 + zlib.MAX_WBITS
PIECE = 1 << 18


class Plain:
    """A body that comes as it is; `limit` in bytes, None for no limit."""

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._passed = 0

    def feed(self, block: bytes) -> Iterator[bytes]:
        """The pieces that this block brings."""
        if block:
            yield self._count(block)

    def close(self) -> None:
        """The body has ended; BadRequest if it should not have."""

    def _count(self, piece: bytes) -> bytes:
        self._passed += len(piece)
        if self._limit is not None and self._passed > self._limit:
            raise TooLarge(f"This request may hold at most {self._limit} bytes.")
        return piece


class Gunzip(Plain):
    """A gzip body; whatever it unpacks to, no more than a piece is held."""

    def __init__(self, limit: int | None) -> None:
        super().__init__(limit)
        self._inflate = zlib.decompressobj(GZIP)

    def feed(self, block: bytes) -> Iterator[bytes]:
        while block:
            try:
                piece = self._inflate.decompress(block, PIECE)
            except zlib.error as error:
                raise BadRequest("The body is not valid gzip.") from error
            if piece:
                yield self._count(piece)
            if self._inflate.unused_data:
                raise BadRequest("Something follows the end of the gzip body.")
            block = self._inflate.unconsumed_tail

    def close(self) -> None:
        if not self._inflate.eof:
            raise BadRequest("The gzip body was cut off before its end.")


def unpacker(encoding: str, limit: int | None) -> Plain:
    """What reads a body of this Content-Encoding."""
    if encoding in ("", "identity"):
        return Plain(limit)
    if encoding in ("gzip", "x-gzip"):
        return Gunzip(limit)
    raise BadRequest("The body may be plain or gzip.")
