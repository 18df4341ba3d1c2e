"""Counts of everything, kept in memory: no reader waits for a look at every row of a large hub."""

import logging
from collections.abc import Callable
from threading import Lock, Thread
from time import monotonic
from typing import Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger("bearhug.census")
T = TypeVar("T")

FRESH_SECONDS = 30.0
QUICK_SECONDS = 0.05
"""A count that takes no longer than this is made anew while the reader waits."""


class Census(Generic[T]):
    """The last count of each kind; an old one is shown while a new one is made."""

    def __init__(self, count: Callable[[str], T], *, fresh: float = FRESH_SECONDS) -> None:
        """`fresh`: for how many seconds at least a count holds; a slow one holds twenty times as long as it took."""
        self._count = count
        self._fresh = fresh
        self._known: dict[str, tuple[float, float, T]] = {}
        self._under_way: set[str] = set()
        self._lock = Lock()

    def of(self, kind: str) -> T:
        known = self._known.get(kind)
        if known is None or (monotonic() > known[0] and known[1] < QUICK_SECONDS):
            return self._renew(kind)
        if monotonic() > known[0] and self._is_first(kind):
            Thread(target=self._renew_beside, args=(kind,), name="bearhug-census", daemon=True).start()
        return known[2]

    def last(self, kind: str) -> T | None:
        """The last count, however old, if there was one."""
        known = self._known.get(kind)
        return None if known is None else known[2]

    def _is_first(self, kind: str) -> bool:
        with self._lock:
            if kind in self._under_way:
                return False
            self._under_way.add(kind)
            return True

    def _renew(self, kind: str) -> T:
        began = monotonic()
        tally = self._count(kind)
        took = monotonic() - began
        self._known[kind] = (monotonic() + max(self._fresh, 20 * took), took, tally)
        return tally

    def _renew_beside(self, kind: str) -> None:
        try:
            self._renew(kind)
        except SQLAlchemyError:
            log.exception("the %ss were not counted; the last counts stay", kind)
        finally:
            self._under_way.discard(kind)
