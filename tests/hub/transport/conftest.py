"""One hub behind a real server for the whole room; every test makes repositories of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hub.transport.served import Served, serving
from tests.hubbox import HubBox


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, furnished: Path) -> Iterator[Served]:
    """ada, bob and eve are there, the organisation lab is ada's; bob writes in it."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(furnished, folder / "hub")
    box = HubBox(folder / "hub")
    box.enter()
    with serving(box, folder / "homes") as found:
        yield found
    box.close()


@pytest.fixture
def tight(tmp_path: Path, furnished: Path) -> Iterator[Served]:
    """A hub where a repository may hold 200 kB, and a file outside of git-lfs 50 kB."""
    shutil.copytree(furnished, tmp_path / "hub")
    box = HubBox(tmp_path / "hub", repo_quota=200_000, max_regular_file=50_000)
    box.enter()
    with serving(box, tmp_path / "homes") as found:
        yield found
    box.close()
