"""What each session of a client was told, and which queries must wait until the first answer has arrived."""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field

from bearhug.formats.xet_xorb import XorbIndex

MOST_SESSIONS = 4096
LONGEST = 10.0
"""Seconds after which nobody waits for a first answer any more."""
TO_TAKE_IN = 0.1
"""Seconds that a client needs to take in a small answer before it can use it."""
BYTES_A_SECOND = 50_000_000
"""How fast clients take in large ones."""


@dataclass(eq=False)
class Session:
    """The xorbs it was told of. `repeats` counts chunks that were told of more than once."""

    told: set[bytes] = field(default_factory=set)
    repeats: int = 0
    quiet_until: float = 0.0

    def note(self, lists: Iterable[XorbIndex]) -> None:
        """It is told of these."""
        for index in lists:
            self.repeats += index.count if index.xorb_hash in self.told else 0
            self.told.add(index.xorb_hash)

    def hold(self, seconds: float) -> None:
        """Let other queries wait for so long."""
        self.quiet_until = time.monotonic() + seconds

    def delivered(self, size: int) -> None:
        """An answer of so many bytes has left; the client is taking it in."""
        self.hold(TO_TAKE_IN + size / BYTES_A_SECOND)

    @property
    def pause(self) -> float:
        """For how long a query has to wait now, in seconds."""
        return max(0.0, self.quiet_until - time.monotonic())


class Sessions:
    """The latest sessions, by what clients say they are; one for each repository."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[int, str], Session] = OrderedDict()
        self._guard = threading.Lock()

    def enter(self, repo_id: int, name: str) -> tuple[Session, bool]:
        """The session, and whether this is its first query; all others wait for the answer to that one.

        Clients send many files at once and ask about each. Whoever were answered before what the first one was told
        has arrived would send what the hub has.
        """
        with self._guard:
            found = self._known.get((repo_id, name))
            if found is not None:
                self._known.move_to_end((repo_id, name))
                return found, False
            made = self._known[repo_id, name] = Session()
            made.hold(LONGEST)
            while len(self._known) > MOST_SESSIONS:
                self._known.popitem(last=False)
            return made, True
