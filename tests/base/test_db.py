"""Transactions: what the database cannot keep is told to whoever sent it."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.postgres import Postgres

from bearhug.base import events
from bearhug.base.db import Database, after_commit, sqlite_url
from bearhug.base.errors import BadRequest
from bearhug.migrations.upgrade import upgrade


@pytest.fixture(params=["sqlite", "postgres"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        found = Database(sqlite_url(tmp_path / "hub.db"))
    else:
        server: Postgres = request.getfixturevalue("postgres")
        found = Database(server.fresh())
    upgrade(found)
    yield found
    found.close()


def test_numbers_that_no_row_can_have_are_bad_requests(db: Database) -> None:
    with pytest.raises(BadRequest), db.reading() as tx:
        tx.execute(select(events.jobs.c.id).where(events.jobs.c.id == 2**80)).all()


def test_a_nul_in_a_text_is_a_bad_request_or_finds_nothing(db: Database) -> None:
    query = select(events.jobs.c.id).where(events.jobs.c.kind == "a\0b")
    if db.is_sqlite:
        with db.reading() as tx:
            assert tx.execute(query).all() == []
    else:
        with pytest.raises(BadRequest), db.reading() as tx:
            tx.execute(query).all()


def test_what_was_raised_inside_undoes_everything_and_calls_nobody(db: Database) -> None:
    called: list[str] = []
    bus = events.Bus()
    with suppress(KeyError), db.writing() as tx:
        bus.enqueue(tx, "kind", {})
        after_commit(tx, lambda: called.append("x"))
        raise KeyError
    with db.reading() as tx:
        assert events.tally(tx) == {}
    assert called == []
    with db.writing() as tx:
        after_commit(tx, lambda: called.append("y"))
    assert called == ["y"]


def test_closing_waits_for_transactions_of_other_threads(db: Database) -> None:
    inside, seen = threading.Event(), []

    def read() -> None:
        with db.reading() as tx:
            inside.set()
            time.sleep(0.2)
            seen.append(tx.execute(select(1)).scalar_one())

    reader = threading.Thread(target=read)
    reader.start()
    inside.wait()
    db.close()
    assert seen == [1]
    reader.join()
