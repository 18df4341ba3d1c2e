"""How many tokens went through a worker: in all, and a second, over the last ones."""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

WINDOW = 10
"""Seconds over which a rate is told."""


@dataclass(frozen=True)
class Speed:
    """Tokens read and written since the worker began, and how many of each a second at present."""

    read: int = 0
    written: int = 0
    reads: float = 0.0
    writes: float = 0.0


class Meter:
    """Counts in slots of a second, as many as the window has; older ones are forgotten."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._lock = threading.Lock()
        self._slots: deque[tuple[int, int, int]] = deque(maxlen=WINDOW)
        self._read = self._written = 0

    def hear(self, said: Any) -> None:
        """Take in a piece of an answer; those that tell of no tokens count nothing."""
        self.add(*told(said))

    def add(self, read: int, written: int) -> None:
        if not read and not written:
            return
        now = int(self._clock())
        with self._lock:
            self._read += read
            self._written += written
            if self._slots and self._slots[-1][0] == now:
                _, before, already = self._slots.pop()
                read, written = read + before, written + already
            self._slots.append((now, read, written))

    def speed(self) -> Speed:
        """What was counted; a worker younger than the window is measured over its own age."""
        now = self._clock()
        seconds = max(min(float(WINDOW), now - self._began), 1.0)
        with self._lock:
            lately = [slot for slot in self._slots if slot[0] > now - WINDOW]
            sums = [sum(slot[place] for slot in lately) / seconds for place in (1, 2)]
            return Speed(self._read, self._written, *sums)


def told(said: Any) -> tuple[int, int]:
    """Tokens read and written, as a piece or the end of an answer tells them."""
    return (_count(said.get("prompt")), _count(said.get("tokens"))) if isinstance(said, Mapping) else (0, 0)


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
