"""Brief answers are given on the event loop, without the way to a thread and back, which costs more than they do.

What turns out to take long says so, before it has changed anything, and is asked again in a thread.
"""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

MOST_SECONDS = 0.05
"""An answer that held the loop for longer shows that the disk is slow at present, or the machine busy."""
PAUSE_SECONDS = 10.0


class TakesLong(BaseException):
    """Not an error: the answer is begun anew in a thread. No `except Exception` on its way may keep it."""


class _Here(threading.local):
    brief = False


_here = _Here()


def takes_long() -> None:
    """To be called ahead of work that may take milliseconds: a write, a slow hash, much to read or to derive."""
    if _here.brief:
        raise TakesLong


class Brevity:
    """Whether to answer on the loop at present, and the answering."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._again_at = 0.0

    @property
    def is_fitting(self) -> bool:
        return self._seconds() >= self._again_at

    def answer(self, work: Callable[..., T], *arguments: object) -> T:
        """The answer, or TakesLong. One that took too long all the same sends the next ones to threads for a while."""
        begun = self._seconds()
        _here.brief = True
        try:
            return work(*arguments)
        finally:
            _here.brief = False
            now = self._seconds()
            if now - begun > MOST_SECONDS:
                self._again_at = now + PAUSE_SECONDS
