"""How long a caller may keep its place while it sends or reads next to nothing.

Nothing is armed or measured for a request: one look over all connections every few seconds finds who has not moved.
"""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass

from bearhug.base.http.receiving import ReceivingProtocol

LEAST_BYTES = 1024
"""Of a body, in each span of patience: less is holding a place, on the slowest of lines."""
LOOKS = 4
LONGEST_PAUSE = 15.0


@dataclass(frozen=True)
class Patience:
    """Seconds. `sending` is for the head of a request, and for each next piece of its body; `reading` for answers."""

    sending: float = 120
    reading: float = 300

    @property
    def pause(self) -> float:
        """Seconds from one look to the next."""
        return min(self.sending / LOOKS, self.reading / LOOKS, LONGEST_PAUSE)


async def watch(connections: Iterable[object], patience: Patience) -> None:
    """Look after the connections of a server until cancelled."""
    while True:
        await asyncio.sleep(patience.pause)
        look(connections, patience, time.monotonic())


def look(connections: Iterable[object], patience: Patience, now: float) -> None:
    """Let go of those that have not moved for too long."""
    for one in list(connections):
        if isinstance(one, ReceivingProtocol):
            _look_at_sender(one, patience.sending, now)
            _look_at_reader(one, patience.reading, now)


def _look_at_sender(one: ReceivingProtocol, seconds: float, now: float) -> None:
    pace = one.pace
    if not one.is_waiting() or (one.is_in_body() and pace.heard >= LEAST_BYTES):
        pace.heard, pace.since = 0, now
    elif not pace.since:
        pace.since = now
    elif now - pace.since > seconds:
        one.give_up(408, "The request did not come to its end in time.")


def _look_at_reader(one: ReceivingProtocol, seconds: float, now: float) -> None:
    pace, unsent = one.pace, one.unsent()
    if not unsent or unsent != pace.unsent:
        pace.unsent, pace.stuck_since = unsent, now
    elif now - pace.stuck_since > seconds:
        one.transport.abort()
