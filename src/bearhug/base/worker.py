"""Runs jobs: a thread that claims rows, calls the handler of their kind and keeps their lease alive."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bearhug.base import events
from bearhug.base.db import Database
from bearhug.base.errors import StorageFull
from bearhug.base.events import Job

log = logging.getLogger("bearhug.worker")

RENEW_SECONDS = 15
IDLE_SECONDS = 1.0
TROUBLED_SECONDS = 5.0
TROUBLE = (StorageFull, SQLAlchemyError)
"""What the database does while its disk is full or its server is away: no reason to give up for good."""


class Cancelled(Exception):
    """Raised inside a handler whose job somebody cancelled."""


class Run:
    """What a handler sees of its job: report progress, learn of cancellation."""

    def __init__(self, db: Database, job: Job) -> None:
        self._db = db
        self.job = job
        self.stop = threading.Event()

    def report(self, progress: float | None, message: str | None = None) -> None:
        """Store progress (0..1) and a line for people; raises Cancelled when the job was called off."""
        with self._db.writing() as tx:
            alive = events.renew(tx, self.job, progress=progress, message=message)
        if not alive or self.stop.is_set():
            raise Cancelled


Handle = Callable[[dict[str, Any], Run], None]


class Worker:
    """One thread beside the server; more may run in other processes on the same rows."""

    def __init__(self, db: Database, handlers: dict[str, Handle]) -> None:
        self._db = db
        self._handlers = handlers
        self._kinds = list(handlers)
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._current: Run | None = None
        self._thread = threading.Thread(target=self._loop, name="bearhug-worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._wake.set()

    def close(self) -> None:
        """Let the job in hand end, then stop; a job that does not end is taken up after the next start."""
        self._stop.set()
        if self._current is not None:
            self._current.stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def drain(self) -> None:
        """Run everything that is due now, in the calling thread (tests, command line)."""
        while self.step():
            pass

    def step(self) -> bool:
        """Claim and run one job; False when none is due."""
        with self._db.reading() as tx:
            due = events.is_due(tx, self._kinds)
        if not due:
            return False
        with self._db.writing() as tx:
            job = events.claim(tx, self._kinds)
        if job is None:
            return False
        self._run(job)
        return True

    def _loop(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            try:
                if not self.step():
                    self._wake.wait(IDLE_SECONDS)
            except TROUBLE as error:
                log.warning("jobs have to wait: %s", error)
                self._stop.wait(TROUBLED_SECONDS)

    def _run(self, job: Job) -> None:
        run = self._current = Run(self._db, job)
        keeper = threading.Thread(target=self._keep, args=(run,), daemon=True)
        keeper.start()
        try:
            self._handlers[job.kind](job.payload, run)
        except Cancelled:
            log.info("job %s %s stopped before its end", job.id, job.kind)
            with self._db.writing() as tx:
                events.release(tx, job)
        except Exception as error:
            log.exception("job %s %s failed", job.id, job.kind)
            with self._db.writing() as tx:
                events.fail(tx, job, f"{type(error).__name__}: {error}")
        else:
            with self._db.writing() as tx:
                events.finish(tx, job)
        finally:
            run.stop.set()
            self._current = None

    def _keep(self, run: Run) -> None:
        while not run.stop.wait(RENEW_SECONDS):
            try:
                with self._db.writing() as tx:
                    alive = events.renew(tx, run.job)
            except TROUBLE as error:
                log.warning("the lease of job %s was not renewed: %s", run.job.id, error)
            else:
                if not alive:
                    run.stop.set()
