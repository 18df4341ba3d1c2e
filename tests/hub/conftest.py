"""A furnished hub for every test of a room."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hubbox import HubBox


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with people in it, made once and copied for every test."""
    folder = tmp_path_factory.mktemp("furnished")
    box = HubBox(folder)
    box.furnish()
    box.close()
    return folder


@pytest.fixture
def box(tmp_path: Path, furnished: Path) -> Iterator[HubBox]:
    """ada, bob and eve are there, the organisation lab is ada's; bob writes in it."""
    shutil.copytree(furnished, tmp_path / "hub")
    found = HubBox(tmp_path / "hub")
    found.enter()
    yield found
    found.close()
