"""Bytes that can be sent whole or in part, wherever they lie."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

Reader = Callable[[int, int], bytes]
"""`read(offset, size)`: the bytes there, fewer only at the end; called in a thread."""

Block = bytes | memoryview
Blocks = Callable[[int, int], Iterator[Block]]
"""`blocks(start, end)`: the bytes of [start, end) in pieces of some MiB, each made in a thread."""


@dataclass(frozen=True)
class Content:
    """A whole of `size` bytes; one of `read`, `path` and `blocks` tells where they come from.

    `etag` is the strong entity tag as it goes into the header, quotes included. `accel` is an address under which
    a web server in front serves the same bytes.
    """

    size: int
    etag: str
    read: Reader | None = None
    path: str | None = None
    blocks: Blocks | None = None
    accel: str | None = None

    def read_at(self, start: int, size: int) -> bytes:
        """At most `size` bytes from `start` on, for whoever looks into a content instead of sending it."""
        if self.read is not None:
            return self.read(start, size)
        assert self.path is not None, "this content can only be streamed"
        with Path(self.path).open("rb") as file:
            file.seek(start)
            return file.read(size)
