"""A repository of ada's and a client of Xet."""

import pytest
from tests.hubbox import HubBox
from tests.people import ADA
from tests.xetbox import XetClient


@pytest.fixture
def xet(box: HubBox) -> XetClient:
    """ada has a model m."""
    found = XetClient(box)
    found.create(ADA, "m")
    return found
