"""Counts downloads in memory and writes them down every few seconds: a download costs no row of its own."""

import threading
import time
from collections import Counter
from datetime import UTC, date, datetime

from bearhug.base.brief import takes_long
from bearhug.base.db import Database
from bearhug.base.events import Bus
from bearhug.hub.downloads import store
from bearhug.hub.repos.records import Repo

QUERY_FILES = frozenset({"config.json", "config.yaml", "hyperparams.yaml", "params.json", "meta.yaml"})
AGAIN_AFTER = 300
FETCH_FOLLOWS = 60
MOST_REMEMBERED = 100_000
FLUSH_SECONDS = 5.0
FLUSH = "downloads.flush"


class Downloads:
    """A model counts once a request of its query file, a dataset or Space once a visitor and five minutes."""

    def __init__(self, db: Database, bus: Bus) -> None:
        self.db = db
        self._bus = bus
        self._counts: Counter[int] = Counter()
        self._seen: dict[tuple[int, str], float] = {}
        self._asked: dict[tuple[int, str, str], float] = {}
        self._lock = threading.Lock()
        self._scheduled = False

    def note(self, repo: Repo, path: str, visitor: str, *, asks: bool = False) -> None:
        """A file was fetched, or only asked about (HEAD); `visitor` is a user name or an address.

        Clients ask before they fetch: the fetch that follows an asking is the same download. One who has the file
        already only asks, which counts.
        """
        if repo.kind == "model" and not counts_for_model(path):
            return
        with self._lock:
            if not self._scheduled:
                takes_long()
            if repo.kind == "model":
                if not asks and self._asked.pop((repo.id, path, visitor), 0) > time.monotonic() - FETCH_FOLLOWS:
                    return
                if asks:
                    self._remember(repo.id, path, visitor)
            elif self._was_here(repo.id, visitor):
                return
            self._counts[repo.id] += 1
            first, self._scheduled = not self._scheduled, True
        if first:
            with self.db.writing() as tx:
                self._bus.enqueue(tx, FLUSH, {}, key="all", delay=FLUSH_SECONDS)

    def _remember(self, repo_id: int, path: str, visitor: str) -> None:
        if len(self._asked) >= MOST_REMEMBERED:
            self._asked.clear()
        self._asked[repo_id, path, visitor] = time.monotonic()

    def flush(self) -> None:
        """Write what was counted; also called when the hub stops."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
            self._scheduled = False
        if counts:
            with self.db.writing() as tx:
                store.add(tx, counts, _today())

    def roll(self) -> None:
        """Once a day: forget what is older than thirty days."""
        with self.db.writing() as tx:
            store.roll(tx, _today())

    def days(self, repo: Repo) -> dict[date, int]:
        with self.db.reading() as tx:
            return store.days(tx, repo.id, _today())

    def _was_here(self, repo_id: int, visitor: str) -> bool:
        moment = time.monotonic()
        last = self._seen.get((repo_id, visitor))
        if last is not None and moment - last < AGAIN_AFTER:
            return True
        if len(self._seen) >= MOST_REMEMBERED:
            self._seen.clear()
        self._seen[repo_id, visitor] = moment
        return False


def counts_for_model(path: str) -> bool:
    return path in QUERY_FILES or path.endswith(".gguf")


def _today() -> date:
    return datetime.now(UTC).date()
