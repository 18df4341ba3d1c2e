"""Hubs behind a real server: one for the whole room, in which every test makes repositories of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.hub.transport.served import Served, serving
from tests.hubbox import HubBox
from tests.postgres import Postgres


@contextmanager
def running(folder: Path, server: Postgres | None, **settings: Any) -> Iterator[Served]:
    """A new hub with ada, bob and eve, and the organisation lab: it is ada's, bob writes in it."""
    box = HubBox(folder, **({"database_url": server.fresh()} if server else {}), **settings)
    box.furnish()
    with serving(box, folder / "homes") as found:
        yield found
    box.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, server: Postgres | None) -> Iterator[Served]:
    """The hub that most tests share."""
    with running(tmp_path_factory.mktemp("served"), server) as found:
        yield found


@pytest.fixture
def tight(tmp_path: Path, server: Postgres | None) -> Iterator[Served]:
    """A hub where a repository may hold 200 kB, and a file outside of git-lfs 50 kB."""
    with running(tmp_path, server, repo_quota=200_000, max_regular_file=50_000) as found:
        yield found
