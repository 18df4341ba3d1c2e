"""When files are packed, hashed, and kept whole beside their chunks: work for the mill, the slow worker."""

import time
from collections.abc import Callable
from typing import Any

from bearhug.base.events import Bus
from bearhug.base.worker import Handle, Run
from bearhug.hub.packing.service import Packing

PACK = "packing.pack"
CACHE = "packing.cache"
REPORT_SECONDS = 2.0


class PackingJobs:
    """What the mill does with whole files."""

    def __init__(self, packing: Packing, bus: Bus, is_wanted: Callable[[], bool]) -> None:
        self._packing = packing
        self._bus = bus
        self._is_wanted = is_wanted
        bus.subscribe("repo.pushed", PACK)

    def handlers(self) -> dict[str, Handle]:
        return {PACK: self.pack, CACHE: self.cache}

    def begin(self) -> None:
        """At the start: whatever was not packed before the last stop."""
        with self._packing.db.writing() as tx:
            for repo_id in self._packing.waiting(tx):
                self._bus.enqueue(tx, PACK, {"repo_id": repo_id}, key=f"repo:{repo_id}")

    def want_whole(self, oid: str) -> None:
        """A file in chunks was read whole more than once."""
        with self._packing.db.writing() as tx:
            self._bus.enqueue(tx, CACHE, {"oid": oid}, key=oid)

    def pack(self, payload: dict[str, Any], run: Run) -> None:
        if self._is_wanted():
            self._packing.pack(int(payload["repo_id"]), _now_and_then(run))

    def cache(self, payload: dict[str, Any], _run: Run) -> None:
        self._packing.cache(str(payload["oid"]))


def _now_and_then(run: Run) -> Callable[[float, str], None]:
    """Reports that are worth a transaction each."""
    due = time.monotonic() + REPORT_SECONDS

    def say(progress: float, message: str) -> None:
        nonlocal due
        if time.monotonic() > due:
            due = time.monotonic() + REPORT_SECONDS
            run.report(progress, message)

    return say
