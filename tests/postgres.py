"""A PostgreSQL of one's own: a throw-away cluster on a socket in a temporary folder."""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

OPTIONS = "-c fsync=off -c listen_addresses='' -c max_connections=200 -c shared_buffers=32MB"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgres", action="store_true", help="furnished hubs of tests keep their rows in PostgreSQL")


class Postgres:
    """Makes fresh databases on one cluster."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}"

    def fresh(self) -> str:
        """The address of a new empty database."""
        name = f"hub_{uuid.uuid4().hex[:12]}"
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return self.url(name)


def _program(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name)


def _as_postgres(arguments: list[str]) -> None:
    """PostgreSQL does not run as root; then the user that its package made runs it."""
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
    subprocess.run(arguments, check=True, capture_output=True, timeout=120, cwd="/", **user)  # type: ignore[call-overload]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The cluster of this run; tests that want one are skipped where PostgreSQL is not installed."""
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    if initdb is None or pg_ctl is None:
        pytest.skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="bearhug-pg-", dir="/tmp"))
    if os.getuid() == 0:
        entry = pwd.getpwnam("postgres")
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    data, log = str(folder / "data"), str(folder / "log")
    _as_postgres([initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"])
    _as_postgres([pg_ctl, "-D", data, "-l", log, "-w", "-o", f"{OPTIONS} -k {folder}", "start"])
    yield Postgres(folder)
    _as_postgres([pg_ctl, "-D", data, "-m", "immediate", "stop"])
    shutil.rmtree(folder, ignore_errors=True)
