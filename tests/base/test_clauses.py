"""Conditions put together give the statements that they stand for, each of them compiled once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Select, String, Table, bindparam, select
from tests.postgres import Postgres

from bearhug.base import clauses
from bearhug.base.clauses import Clause, Composed, Conditions, one_of
from bearhug.base.db import Database, sqlite_url

tables = MetaData()
things = Table("clause_things", tables, Column("id", Integer, primary_key=True), Column("name", String(50)))


@pytest.fixture
def db(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    url = sqlite_url(tmp_path / "t.db")
    if request.config.getoption("--postgres"):
        server: Postgres = request.getfixturevalue("postgres")
        url = server.fresh()
    found = Database(url)
    with found.writing() as tx:
        tables.create_all(tx)
        tx.execute(things.insert(), [{"id": number, "name": f"n{number % 2}"} for number in range(5)])
    yield found
    found.close()


def named(name: str) -> Clause:
    return Clause("named", lambda: things.c.name == bindparam("name"), {"name": name})


def listed(conditions: Conditions) -> Select[Any]:
    return select(things).where(*conditions).order_by(things.c.id)


def test_statements_of_one_shape_are_built_once(db: Database) -> None:
    built, family = [], Composed()

    def build(conditions: Conditions) -> Select[Any]:
        built.append(len(conditions))
        return listed(conditions)

    with db.reading() as tx:
        assert family.column(tx, [named("n0")], build) == [0, 2, 4]
        assert family.column(tx, [named("n1")], build) == [1, 3]
        assert [row.name for row in family.all(tx, [one_of(tx, things.c.id, [1, 2, 9])], build)] == ["n1", "n0"]
        assert family.column(tx, [named("n1"), one_of(tx, things.c.id, range(3))], build) == [1]
        assert family.column(tx, [one_of(tx, things.c.id, [])], build) == []
    assert built == [1, 1, 2]


def test_no_more_shapes_are_kept_than_there_is_room_for(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clauses, "MOST_SHAPES", 2)
    family = Composed()
    with db.reading() as tx:
        for number in range(5):
            assert len(family.all(tx, [], listed, sign=number)) == 5
    assert len(family._known) <= 2
