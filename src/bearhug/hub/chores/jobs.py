"""Chores as jobs: each plans its next time before it begins, and survives restarts as a row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from bearhug.base.db import Database
from bearhug.base.events import Bus
from bearhug.base.worker import Handle, Run

HOUR = 3600.0
DAY = 24 * HOUR
SOON = 60.0
"""The first time after the first start: once people have got what they came for."""


@dataclass(frozen=True)
class Chore:
    """Work to be done every so many seconds."""

    name: str
    every: float
    work: Callable[[], object]


class ChoreJobs:
    """Runs chores when they are due."""

    def __init__(self, db: Database, bus: Bus, chores: Sequence[Chore]) -> None:
        self._db = db
        self._bus = bus
        self._chores = chores

    def handlers(self) -> dict[str, Handle]:
        return {_kind(chore): partial(self._run, chore) for chore in self._chores}

    def begin(self) -> None:
        """At the start: see that every chore is planned."""
        with self._db.writing() as tx:
            for chore in self._chores:
                self._bus.enqueue(tx, _kind(chore), {}, key=chore.name, delay=SOON)

    def _run(self, chore: Chore, _payload: dict[str, Any], _run: Run) -> None:
        with self._db.writing() as tx:
            self._bus.enqueue(tx, _kind(chore), {}, key=chore.name, delay=chore.every)
        chore.work()


def _kind(chore: Chore) -> str:
    return f"chore.{chore.name}"
