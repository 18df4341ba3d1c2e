"""News and work as rows: events written in the transaction that made them, jobs that workers claim.

An event fans out into one job a subscriber inside the same transaction, so nothing is told that did not
happen and nothing that happened stays untold.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    Row,
    Select,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from bearhug.base import clock
from bearhug.base.db import Tx, after_commit, metadata

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("at", DateTime, nullable=False, index=True),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("key", String(255)),
    Column("payload", JSON, nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("run_at", DateTime, nullable=False),
    Column("lease_until", DateTime),
    Column("progress", Float),
    Column("message", Text),
    Column("created_at", DateTime, nullable=False),
    Column("finished_at", DateTime),
    Index("ix_jobs_claim", "status", "run_at"),
    Index("ix_jobs_kind_key", "kind", "key", "status"),
)

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 8


@dataclass(frozen=True)
class Job:
    """A claimed row: `kind` names the handler, `payload` is its JSON argument."""

    id: int
    kind: str
    payload: dict[str, Any]
    attempts: int
    status: str = "running"
    progress: float | None = None
    message: str | None = None
    created_at: datetime | None = None
    finished_at: datetime | None = None
    run_at: datetime | None = None


@dataclass
class Bus:
    """Writes events and jobs; knows which job kinds listen to which event."""

    subscribers: dict[str, list[str]] = field(default_factory=dict)
    wake: Any = None

    def subscribe(self, event: str, job_kind: str) -> None:
        self.subscribers.setdefault(event, []).append(job_kind)

    def tell(self, tx: Tx, kind: str, payload: Mapping[str, Any], *, key: str | None = None) -> None:
        """Write the event; `key` folds a listener's waiting jobs about the same thing into one."""
        tx.execute(insert(events).values(kind=kind, payload=dict(payload), at=clock.now()))
        for job_kind in self.subscribers.get(kind, []):
            self.enqueue(tx, job_kind, payload, key=key)

    def enqueue(
        self, tx: Tx, kind: str, payload: Mapping[str, Any], *, key: str | None = None, delay: float = 0
    ) -> None:
        """Add a job to be run `delay` seconds from now; a waiting one of the same kind and key is enough."""
        moment = clock.now()
        if key is not None and _waiting(tx, kind, key):
            return
        tx.execute(
            insert(jobs).values(
                kind=kind,
                key=key,
                payload=dict(payload),
                status="waiting",
                attempts=0,
                run_at=moment + timedelta(seconds=delay),
                created_at=moment,
            )
        )
        if self.wake is not None:
            after_commit(tx, self.wake)


def is_unfinished(tx: Tx, kind: str, key: str) -> bool:
    """Whether such a job waits or runs."""
    open_ = jobs.c.status.in_(["waiting", "running"])
    query = select(jobs.c.id).where(jobs.c.kind == kind, jobs.c.key == key, open_).limit(1)
    return tx.execute(query).first() is not None


def _waiting(tx: Tx, kind: str, key: str) -> bool:
    query = select(jobs.c.id).where(jobs.c.kind == kind, jobs.c.key == key, jobs.c.status == "waiting").limit(1)
    return tx.execute(query).first() is not None


def _due(kinds: list[str], moment: datetime) -> Select[Any]:
    due = (jobs.c.status == "waiting") & (jobs.c.run_at <= moment)
    abandoned = (jobs.c.status == "running") & (jobs.c.lease_until < moment)
    return select(jobs).where(due | abandoned, jobs.c.kind.in_(kinds)).order_by(jobs.c.run_at, jobs.c.id).limit(1)


def is_due(tx: Tx, kinds: list[str]) -> bool:
    return tx.execute(_due(kinds, clock.now())).first() is not None


def claim(tx: Tx, kinds: list[str]) -> Job | None:
    """Take the oldest job that is due, or one whose worker died; None when there is nothing to do."""
    moment = clock.now()
    row = tx.execute(_due(kinds, moment).with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    tx.execute(
        update(jobs)
        .where(jobs.c.id == row.id)
        .values(status="running", attempts=row.attempts + 1, lease_until=moment + LEASE)
    )
    return Job(row.id, row.kind, row.payload, row.attempts + 1)


def renew(tx: Tx, job: Job, *, progress: float | None = None, message: str | None = None) -> bool:
    """Prolong the lease; False when the job was cancelled meanwhile."""
    result = tx.execute(
        update(jobs)
        .where(jobs.c.id == job.id, jobs.c.status == "running")
        .values(lease_until=clock.now() + LEASE, progress=progress, message=message)
    )
    return result.rowcount == 1


def finish(tx: Tx, job: Job) -> None:
    tx.execute(
        update(jobs)
        .where(jobs.c.id == job.id, jobs.c.status == "running")
        .values(status="done", progress=1.0, finished_at=clock.now(), lease_until=None)
    )


def release(tx: Tx, job: Job) -> None:
    """Put a job back that was interrupted by a stop, without counting the attempt."""
    tx.execute(
        update(jobs)
        .where(jobs.c.id == job.id, jobs.c.status == "running")
        .values(status="waiting", attempts=job.attempts - 1, lease_until=None)
    )


def fail(tx: Tx, job: Job, message: str) -> None:
    """Try again with growing pauses; after the last attempt keep the row for people to see."""
    moment = clock.now()
    last = job.attempts >= MAX_ATTEMPTS
    tx.execute(
        update(jobs)
        .where(jobs.c.id == job.id)
        .values(
            status="failed" if last else "waiting",
            run_at=moment + timedelta(seconds=min(2**job.attempts, 600)),
            message=message[:4000],
            finished_at=moment if last else None,
            lease_until=None,
        )
    )


def cancel(tx: Tx, job_id: int) -> bool:
    result = tx.execute(
        update(jobs)
        .where(jobs.c.id == job_id, jobs.c.status.in_(["waiting", "running"]))
        .values(status="cancelled", finished_at=clock.now())
    )
    return result.rowcount == 1


def tally(tx: Tx) -> dict[str, int]:
    """How many jobs stand in each status."""
    rows = tx.execute(select(jobs.c.status, func.count()).group_by(jobs.c.status))
    return {row[0]: row[1] for row in rows}


def listing(tx: Tx, *, limit: int = 50, before: int | None = None, status: str = "", kind: str = "") -> list[Job]:
    """Jobs, newest first; `before` pages by id."""
    query = select(jobs).order_by(jobs.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(jobs.c.id < before)
    if status:
        query = query.where(jobs.c.status == status)
    if kind:
        query = query.where(jobs.c.kind == kind)
    return [_job(row) for row in tx.execute(query)]


def one(tx: Tx, job_id: int) -> Job | None:
    row = tx.execute(select(jobs).where(jobs.c.id == job_id)).first()
    return _job(row) if row is not None else None


def retry(tx: Tx, job_id: int) -> bool:
    """Set a job going again that failed or was cancelled, or one that waits for its next try."""
    again = {"status": "waiting", "attempts": 0, "run_at": clock.now(), "finished_at": None, "progress": None}
    settled = jobs.c.status.in_(["failed", "cancelled", "waiting"])
    return tx.execute(update(jobs).where(jobs.c.id == job_id, settled).values(again)).rowcount == 1


def retry_failed(tx: Tx, kind: str = "") -> int:
    """Set going again whatever failed, of one kind or of all; how many jobs that are."""
    again = {"status": "waiting", "attempts": 0, "run_at": clock.now(), "finished_at": None, "progress": None}
    query = update(jobs).where(jobs.c.status == "failed").values(again)
    return tx.execute(query.where(jobs.c.kind == kind) if kind else query).rowcount


def kinds(tx: Tx) -> list[str]:
    """Kinds of the jobs there are."""
    return list(tx.execute(select(jobs.c.kind).distinct().order_by(jobs.c.kind)).scalars())


def oldest_due(tx: Tx) -> Job | None:
    """The job that has been due for longest without being run."""
    query = select(jobs).where(jobs.c.status == "waiting", jobs.c.run_at <= clock.now()).order_by(jobs.c.run_at)
    row = tx.execute(query.limit(1)).first()
    return _job(row) if row is not None else None


def _job(row: Row[Any]) -> Job:
    return Job(
        row.id,
        row.kind,
        row.payload,
        row.attempts,
        row.status,
        row.progress,
        row.message,
        row.created_at,
        row.finished_at,
        row.run_at,
    )


def sweep(tx: Tx, *, keep: timedelta = timedelta(days=7)) -> None:
    """Forget finished jobs and events that are older than `keep`."""
    edge = clock.now() - keep
    tx.execute(delete(jobs).where(jobs.c.status.in_(["done", "cancelled"]), jobs.c.finished_at < edge))
    tx.execute(delete(events).where(events.c.at < edge))
