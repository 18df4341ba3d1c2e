"""A furnished hub for every test of a room."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hubbox import HubBox
from tests.postgres import Postgres

from bearhug.migrations.tables import all_tables


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with people in it, made once and copied for every test."""
    folder = tmp_path_factory.mktemp("furnished")
    box = HubBox(folder)
    box.furnish()
    box.close()
    return folder


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Postgres | None:
    """Where rows are kept when the tests run with --postgres."""
    return request.getfixturevalue("postgres") if request.config.getoption("--postgres") else None


@pytest.fixture(scope="session")
def database(server: Postgres | None) -> str | None:
    """The one database on that server that `box` empties for every test."""
    return server.fresh() if server else None


@pytest.fixture
def box(tmp_path: Path, furnished: Path, database: str | None) -> Iterator[HubBox]:
    """ada, bob and eve are there, the organisation lab is ada's; bob writes in it."""
    if database:
        found = HubBox(tmp_path / "hub", database_url=database)
        _clear(found)
        found.furnish()
    else:
        shutil.copytree(furnished, tmp_path / "hub")
        found = HubBox(tmp_path / "hub")
        found.enter()
    yield found
    found.close()


def _clear(box: HubBox) -> None:
    """Empty every table of the one before: far faster than another database, and than TRUNCATE for a few rows."""
    deletes = "; ".join(f"DELETE FROM {name}" for name in [*all_tables().tables, "search_docs"])
    with box.app.db.writing() as tx:
        tx.exec_driver_sql(f"SET LOCAL session_replication_role = replica; {deletes}")
