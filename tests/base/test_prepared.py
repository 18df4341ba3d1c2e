"""Statements that are compiled once give what SQLAlchemy gives."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import JSON, Boolean, Column, DateTime, Float, Integer, MetaData, String, Table, bindparam, func, select
from sqlalchemy.exc import DBAPIError
from tests.postgres import Postgres

from bearhug.base.db import Database, sqlite_url
from bearhug.base.errors import BadRequest
from bearhug.base.prepared import Prepared, watchers

tables = MetaData()
things = Table(
    "prepared_things",
    tables,
    Column("id", Integer, primary_key=True),
    Column("name", String(50)),
    Column("good", Boolean),
    Column("at", DateTime),
    Column("what", JSON),
    Column("size", Float),
)
ROWS = [
    {"id": 1, "name": "一", "good": True, "at": datetime(2026, 1, 2, 3, 4, 5, 678), "what": {"a": [1]}, "size": 1.5},
    {"id": 2, "name": "two", "good": False, "at": None, "what": [], "size": None},
    {"id": 3, "name": "whole", "good": None, "at": datetime(2026, 1, 2), "what": None, "size": 0.0},
]
NAMED = select(things).where(things.c.name == bindparam("name"))
OLD = select(things.c.id, (things.c.good == True).label("is_good")).where(things.c.at < bindparam("at"))  # noqa: E712
WHOLE = select(things.c.id).where(things.c.at <= bindparam("at"), things.c.at >= bindparam("at"))
JOINED = select(func.aggregate_strings(things.c.name, ",").label("names"))


@pytest.fixture
def db(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    url = sqlite_url(tmp_path / "t.db")
    if request.config.getoption("--postgres"):
        server: Postgres = request.getfixturevalue("postgres")
        url = server.fresh()
    found = Database(url)
    with found.writing() as tx:
        tables.create_all(tx)
        tx.execute(things.insert(), ROWS)
    yield found
    found.close()


def test_values_come_back_as_their_types_say(db: Database) -> None:
    named = Prepared(NAMED)
    with db.reading() as tx:
        for row in ROWS:
            assert named.first(tx, name=row["name"])._asdict() == row
        assert named.first(tx, name="three") is None
        assert Prepared(select(things.c.id).order_by(things.c.id)).column(tx) == [1, 2, 3]


def test_constants_and_dates_are_bound(db: Database) -> None:
    with db.reading() as tx:
        assert Prepared(OLD).first(tx, at=datetime(2027, 1, 1)) == (1, True)
        assert Prepared(OLD).all(tx, at=datetime(2025, 1, 1)) == []
        assert Prepared(WHOLE).column(tx, at=datetime(2026, 1, 2)) == [3]
        assert set(Prepared(JOINED).first(tx).names.split(",")) == {"一", "two", "whole"}


def test_a_value_that_no_database_keeps_is_a_bad_request(db: Database) -> None:
    by_id = Prepared(select(things).where(things.c.id == bindparam("id")))
    with pytest.raises(BadRequest), db.reading() as tx:
        by_id.first(tx, id=2**70)


def test_errors_are_those_of_sqlalchemy(db: Database) -> None:
    missing = Prepared(select(Table("no_such_table", MetaData(), Column("id", Integer))))
    with pytest.raises(DBAPIError), db.reading() as tx:
        missing.first(tx)


def test_watchers_see_what_runs(db: Database) -> None:
    seen: list[str] = []
    watchers.append(seen.append)
    with db.reading() as tx:
        Prepared(NAMED).first(tx, name="two")
    watchers.remove(seen.append)
    assert len(seen) == 1
    assert "prepared_things" in seen[0]
