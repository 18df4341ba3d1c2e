"""When files are packed, hashed, and kept whole beside their chunks: work for the mill, the slow worker."""

import time
from collections.abc import Callable, Collection
from typing import Any

from bearhug.base.events import Bus, is_unfinished
from bearhug.base.worker import Handle, Run
from bearhug.hub.packing.service import Packing

PACK = "packing.pack"
CACHE = "packing.cache"
REPORT_SECONDS = 2.0
PATIENCE = 2.0
BLINK = 0.02
MOST_AWAITED = 64 << 20
"""Bytes; larger files take longer to pack than anybody should wait."""


class PackingJobs:
    """What the mill does with whole files."""

    def __init__(self, packing: Packing, bus: Bus, is_wanted: Callable[[], bool]) -> None:
        self._packing = packing
        self._bus = bus
        self._is_wanted = is_wanted
        self._has_begun = False
        bus.subscribe("repo.pushed", PACK)

    def handlers(self) -> dict[str, Handle]:
        return {PACK: self.pack, CACHE: self.cache}

    def begin(self) -> None:
        """At the start: whatever was not packed before the last stop."""
        self._has_begun = True
        with self._packing.db.writing() as tx:
            for repo_id in self._packing.waiting(tx):
                self._bus.enqueue(tx, PACK, {"repo_id": repo_id}, key=f"repo:{repo_id}")

    def want_whole(self, oid: str) -> None:
        """A file in chunks was read whole more than once."""
        with self._packing.db.writing() as tx:
            self._bus.enqueue(tx, CACHE, {"oid": oid}, key=oid)

    def await_chunks(self, repo_id: int, oids: Collection[str]) -> bool:
        """Wait a moment for files that came just now and are not large; whether they became chunks meanwhile.

        Clients copy files by the hash that only chunks have, and do so right after they sent them.
        """
        if not self._has_begun or not self._is_wanted():
            return False
        began = time.monotonic()
        while self._is_near(repo_id, set(oids)) and time.monotonic() < began + PATIENCE:
            time.sleep(BLINK)
        return time.monotonic() > began + BLINK

    def _is_near(self, repo_id: int, oids: Collection[str]) -> bool:
        """Whether some of the files are about to be packed."""
        with self._packing.db.reading() as tx:
            if not is_unfinished(tx, PACK, f"repo:{repo_id}"):
                return False
            sizes = [found.size for found in self._packing.unpacked(tx, repo_id) if found.oid in oids]
        return 0 < sum(sizes) <= MOST_AWAITED

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
