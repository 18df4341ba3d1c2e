"""Events, jobs and the worker that runs them."""

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bearhug.base import clock, events
from bearhug.base.db import Database, metadata, sqlite_url
from bearhug.base.events import Bus
from bearhug.base.worker import Run, Worker


@pytest.fixture
def db(tmp_path: Path) -> Any:
    database = Database(sqlite_url(tmp_path / "t.db"))
    metadata.create_all(database.engine, tables=[events.events, events.jobs])
    yield database
    database.close()


def statuses(db: Database) -> dict[str, int]:
    with db.reading() as tx:
        return events.tally(tx)


def test_an_event_becomes_one_job_a_listener(db: Database) -> None:
    seen: list[tuple[str, Any]] = []
    bus = Bus()
    bus.subscribe("pushed", "index")
    bus.subscribe("pushed", "notify")
    worker = Worker(db, {k: lambda p, _run, k=k: seen.append((k, p["n"])) for k in ("index", "notify")})
    with db.writing() as tx:
        bus.tell(tx, "pushed", {"n": 1})
    worker.drain()
    assert seen == [("index", 1), ("notify", 1)]
    assert statuses(db) == {"done": 2}


def test_what_is_rolled_back_was_never_told(db: Database) -> None:
    bus = Bus({"pushed": ["index"]})

    def tell_and_fail() -> None:
        with db.writing() as tx:
            bus.tell(tx, "pushed", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        tell_and_fail()
    assert statuses(db) == {}


def test_waiting_jobs_about_the_same_thing_fold_into_one(db: Database) -> None:
    bus = Bus({"pushed": ["index"]})
    with db.writing() as tx:
        for _ in range(3):
            bus.tell(tx, "pushed", {}, key="repo:1")
        bus.tell(tx, "pushed", {}, key="repo:2")
    assert statuses(db) == {"waiting": 2}


def test_the_worker_is_woken_after_the_commit_only(db: Database) -> None:
    woken: list[int] = []
    bus = Bus({"pushed": ["index"]}, wake=lambda: woken.append(1))
    with db.writing() as tx:
        bus.tell(tx, "pushed", {})
        assert woken == []
    assert woken == [1]


def test_a_failing_job_waits_and_is_kept_for_people_in_the_end(db: Database) -> None:
    def explode(_payload: dict[str, Any], _run: Run) -> None:
        raise ValueError("no card")

    worker = Worker(db, {"index": explode})
    with db.writing() as tx:
        Bus().enqueue(tx, "index", {})
    for _ in range(events.MAX_ATTEMPTS):
        assert worker.step()
        with db.writing() as tx:
            tx.execute(update(events.jobs).values(run_at=clock.now()))
    assert statuses(db) == {"failed": 1}
    with db.reading() as tx:
        assert events.listing(tx)[0].message == "ValueError: no card"


def test_a_job_whose_worker_died_is_taken_over(db: Database) -> None:
    with db.writing() as tx:
        Bus().enqueue(tx, "index", {})
    with db.writing() as tx:
        assert events.claim(tx, ["index"]) is not None
        assert events.claim(tx, ["index"]) is None
        tx.execute(update(events.jobs).values(lease_until=clock.now() - events.LEASE))
        again = events.claim(tx, ["index"])
    assert again is not None
    assert again.attempts == 2


def test_a_cancelled_job_stops_at_its_next_report(db: Database) -> None:
    steps: list[str] = []

    def long(_payload: dict[str, Any], run: Run) -> None:
        run.report(0.1, "started")
        with db.writing() as tx:
            assert events.cancel(tx, run.job.id)
        steps.append("before")
        run.report(0.2)
        steps.append("after")

    with db.writing() as tx:
        Bus().enqueue(tx, "long", {})
    Worker(db, {"long": long}).step()
    assert steps == ["before"]
    assert statuses(db) == {"cancelled": 1}


def test_a_stopped_worker_gives_its_job_back(db: Database) -> None:
    worker = Worker(db, {"long": lambda _p, run: (run.stop.set(), run.report(0.5))})
    with db.writing() as tx:
        Bus().enqueue(tx, "long", {})
    worker.step()
    with db.reading() as tx:
        job = events.listing(tx)[0]
    assert (job.status, job.attempts) == ("waiting", 0)


def test_a_delayed_job_is_not_due_yet(db: Database) -> None:
    with db.writing() as tx:
        Bus().enqueue(tx, "index", {}, delay=60)
    assert not Worker(db, {"index": lambda _p, _r: None}).step()


def test_a_worker_outlives_a_database_that_is_away(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bearhug.base.worker.TROUBLED_SECONDS", 0.01)
    done = threading.Event()
    with db.writing() as tx:
        Bus().enqueue(tx, "index", {})
        tx.exec_driver_sql("ALTER TABLE jobs RENAME TO elsewhere")
    worker = Worker(db, {"index": lambda _payload, _run: done.set()})
    worker.start()
    assert not done.wait(0.2)
    with db.writing() as tx:
        tx.exec_driver_sql("ALTER TABLE elsewhere RENAME TO jobs")
    assert done.wait(10)
    worker.close()
