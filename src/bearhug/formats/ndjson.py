"""Lines out of chunks of bytes that arrive as the network pleases, with a limit for each line."""

from collections.abc import Iterator


class LineTooLong(ValueError):
    """A line is longer than the limit; what was kept of it is gone."""


class Lines:
    """Splits a stream at line feeds and holds at most one unfinished line of `limit` bytes.

    Blank lines are left out, a carriage return before the line feed is dropped.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._held = 0

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The lines that end in this chunk. Run the iterator to its end before the next `feed`."""
        start = 0
        while (end := chunk.find(b"\n", start)) >= 0:
            self._hold(chunk[start:end])
            start = end + 1
            line = self.rest()
            if line:
                yield line
        self._hold(chunk[start:])

    def rest(self) -> bytes:
        """What stands after the last line feed; empty if nothing does. The splitter is empty after it."""
        line = b"".join(self._parts)
        self._parts, self._held = [], 0
        return line.removesuffix(b"\r") if line.strip() else b""

    def _hold(self, part: bytes) -> None:
        if not part:
            return
        if self._held + len(part) > self._limit:
            self._parts, self._held = [], 0
            raise LineTooLong(f"A line is longer than {self._limit} bytes.")
        self._held += len(part)
        self._parts.append(part)
