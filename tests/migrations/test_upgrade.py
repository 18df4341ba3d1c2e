"""The history of the tables leads to the tables of this version, on SQLite and on PostgreSQL."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from tests.hubbox import HubBox
from tests.people import ADA, BOB, LAB
from tests.postgres import Postgres
from tests.repowork import commit

from bearhug.base.db import Database, sqlite_url
from bearhug.hub.search import store
from bearhug.migrations.tables import all_tables, is_told_in_history
from bearhug.migrations.upgrade import NewerDatabase, newest, replay, upgrade


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "hub.db")
    server: Postgres = request.getfixturevalue("postgres")
    return server.fresh()


@pytest.fixture
def db(url: str) -> Iterator[Database]:
    found = Database(url)
    yield found
    found.close()


def differences(db: Database) -> list[object]:
    with db.reading() as tx:
        context = MigrationContext.configure(tx, opts={"include_object": is_told_in_history})
        return list(compare_metadata(context, all_tables()))


def test_the_steps_of_the_history_make_the_tables_of_this_version(db: Database) -> None:
    replay(db)
    assert differences(db) == [], "run: make migration"


def test_full_text_search_is_there_either_way(db: Database, tmp_path: Path) -> None:
    replay(db)
    with db.reading() as tx:
        assert inspect(tx).has_table("search_docs")


def test_a_new_database_gets_the_same_tables_at_once(db: Database) -> None:
    upgrade(db)
    assert differences(db) == []
    with db.reading() as tx:
        assert tx.execute(text("SELECT version_num FROM alembic_version")).scalar() == newest()


def test_upgrading_again_changes_nothing(db: Database) -> None:
    upgrade(db)
    with db.writing() as tx:
        tx.execute(text("INSERT INTO settings (name, value) VALUES ('public_name', '\"Ours\"')"))
    upgrade(db)
    with db.reading() as tx:
        assert tx.execute(text("SELECT count(*) FROM settings")).scalar() == 1


def test_a_database_of_a_newer_version_is_left_alone(db: Database) -> None:
    upgrade(db)
    with db.writing() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabase):
        upgrade(db)


def test_lists_of_an_older_hub_find_what_is_tagged(url: str, tmp_path: Path) -> None:
    box = HubBox(tmp_path, database_url=url)
    box.furnish()
    box.post(ADA, "/api/repos/create", json={"name": "m"})
    commit(box, "ada/m", {"README.md": "---\ntags: [polar]\n---\n# Bears of ice\n"})
    box.settle()
    _take_back_to_the_first_version(box.app.db)
    assert box.get(BOB, "/api/models?filter=polar&search=bears").json() == []
    upgrade(box.app.db)
    for question in ("filter=polar&search=bears", "search=m", "search=ice"):
        assert [model["id"] for model in box.get(BOB, f"/api/models?{question}").json()] == ["ada/m"]
    assert differences(box.app.db) == []
    box.close()


ADDED = re.compile(r"[kt].*|n[0-9a-f]{2}")
"""Terms of kinds, tags and single letters."""


def _take_back_to_the_first_version(db: Database) -> None:
    with db.writing() as tx:
        for repo_id, terms in list(store.every(tx)):
            store.put(tx, repo_id, [term for term in terms if not ADDED.fullmatch(term)])
        for index in ("ix_repos_gated", "ix_repos_owner_kind"):
            tx.execute(text(f"DROP INDEX {index}"))
        tx.execute(text("UPDATE alembic_version SET version_num = '0001'"))


def test_a_failing_upgrade_leaves_no_half_made_tables(db: Database) -> None:
    with db.writing() as tx:
        tx.execute(text("CREATE TABLE owners (id INTEGER)"))
    with pytest.raises(Exception, match=r"(?i)owners|key"):  # whatever the database says of the stranger's table
        replay(db)
    with db.reading() as tx:
        assert inspect(tx).get_table_names() == ["owners"]


def test_people_and_their_organisation_live_in_either_database(url: str, tmp_path: Path) -> None:
    box = HubBox(tmp_path, database_url=url)
    box.furnish()
    assert box.get(BOB, "/api/whoami-v2").json()["orgs"][0]["name"] == LAB
    assert box.post(ADA, "/api/repos/create", json={"name": "m"}).status_code == 200
    assert box.get(BOB, "/api/users/ada/overview").json()["numModels"] == 1
    assert box.http.post("/login", data={"username": "ada", "password": "wrong"}).status_code == 401
    assert box.http.post("/login", data={"username": "ada", "password": ADA.password}).status_code == 303
    box.app.settings.change("registration", "invite")
    box.close()
