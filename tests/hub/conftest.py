"""A furnished hub for every test of a room."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hubbox import HubBox


@pytest.fixture
def box(tmp_path: Path) -> Iterator[HubBox]:
    """ada, bob and eve are there, the organisation lab is ada's; bob writes in it."""
    found = HubBox(tmp_path)
    found.furnish()
    yield found
    found.close()
