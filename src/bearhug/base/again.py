"""Answers whose transaction stood in the way of another one's are begun anew, as long as nothing of them was kept.

PostgreSQL lets transactions run side by side and undoes one of those that wait for each other in a circle. Which
locks a request takes, and in which order, is spread over many rooms; that it is asked again stands here alone.
"""

import random
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import IntegrityError

from bearhug.base.errors import NotReady

T = TypeVar("T")

TRIES = 5
PAUSE_SECONDS = 0.02
UNDONE = ("40001", "40P01")
"""What PostgreSQL calls a transaction that it undid for the sake of others: not serializable, deadlock."""


class Overtaken(NotReady):
    """Somebody changed the same things at the same moment, and this transaction was undone."""

    default = "Others changed the same things at the same moment. Nothing of this was kept: try again."

    def __init__(self) -> None:
        super().__init__(headers={"retry-after": "1"})


class _Here(threading.local):
    kept = False


_here = _Here()


def keeps() -> None:
    """To be called when something is done that a failure will not undo: this answer is not begun anew."""
    _here.kept = True


def persistently(work: Callable[..., T], *arguments: object) -> T:
    """What `work` gives; anew where it was undone, or lost a race for a name that nobody had foreseen."""
    for tries_left in reversed(range(TRIES)):
        _here.kept = False
        try:
            return work(*arguments)
        except (Overtaken, IntegrityError):
            if _here.kept or not tries_left:
                raise
        time.sleep(PAUSE_SECONDS * (TRIES - tries_left) * (0.5 + random.random()))  # noqa: S311 - no secret
    raise AssertionError("unreachable")
