"""What was asked of this process: requests by route and status, how long they took, bytes both ways.

Everything is noted on the event loop, so nothing is locked; a request costs one look-up and five additions.
"""

from bisect import bisect_left
from dataclasses import dataclass, field

BOUNDS = (0.005, 0.025, 0.1, 0.5, 2.5, 10.0, 60.0)
"""Seconds up to which the requests of each but the last of `Line.spans` took."""


@dataclass(slots=True)
class Line:
    """Requests of one method, route and status."""

    count: int = 0
    seconds: float = 0.0
    spans: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))


@dataclass(slots=True)
class Traffic:
    """Bytes: heard are all that came in, heads too; sent are bodies."""

    heard: int = 0
    sent: int = 0


TRAFFIC = Traffic()
"""Of the process: protocols and answers add to it, whichever server they belong to."""


class Tally:
    """The requests of one edge."""

    def __init__(self) -> None:
        self.lines: dict[tuple[str, str, int], Line] = {}

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request has ended; the route is the template of its row, empty where no row took it."""
        key = (method, route, status)
        line = self.lines.get(key)
        if line is None:
            line = self.lines[key] = Line()
        line.count += 1
        line.seconds += seconds
        line.spans[bisect_left(BOUNDS, seconds)] += 1
