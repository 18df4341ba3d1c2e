"""Collecting: what no repository holds, what was never committed, what a crash left."""

from typing import Any

from bearhug.base.events import Bus
from bearhug.base.worker import Handle, Run
from bearhug.hub.lfs.service import PURGE, Lfs

COLLECT = "lfs.collect"
DAILY = "lfs.collect_daily"
REPO_DELETED = "lfs.repo_deleted"
DAY = 24 * 3600.0
SOON = 60.0


class LfsJobs:
    """What workers do for large files."""

    def __init__(self, lfs: Lfs, bus: Bus) -> None:
        self._lfs = lfs
        self._bus = bus
        bus.subscribe("repo.deleted", REPO_DELETED)

    def handlers(self) -> dict[str, Handle]:
        return {PURGE: self.purge, COLLECT: self.collect, DAILY: self.collect_daily, REPO_DELETED: self.repo_deleted}

    def begin(self) -> None:
        """At the start: remove what dead writers left, and see that collecting is planned."""
        self._lfs.objects.blobs.sweep()
        self._plan(DAILY, DAY)

    def purge(self, payload: dict[str, Any], run: Run) -> None:
        """Objects that somebody deleted for good; those that other repositories hold stay."""
        freed = sum(self._lfs.purge(str(oid)) for oid in payload["oids"])
        run.report(1.0, f"{freed} bytes freed")

    def collect(self, _payload: dict[str, Any], run: Run) -> None:
        run.report(1.0, f"{self._lfs.collect()} bytes freed")

    def collect_daily(self, payload: dict[str, Any], run: Run) -> None:
        self._plan(DAILY, DAY)
        self.collect(payload, run)

    def repo_deleted(self, _payload: dict[str, Any], _run: Run) -> None:
        """Many deletions in a row lead to one collection."""
        self._plan(COLLECT, SOON)

    def _plan(self, kind: str, delay: float) -> None:
        with self._lfs.repos.db.writing() as tx:
            self._bus.enqueue(tx, kind, {}, key=kind, delay=delay)
