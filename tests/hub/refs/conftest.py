"""A repository of ada's to make branches and tags in."""

import pytest
from tests.gitwork import Workshop
from tests.hubbox import HubBox
from tests.people import ADA

from bearhug.hub.repos.service import NewRepo


@pytest.fixture
def shop(box: HubBox) -> Workshop:
    """ada/model with its initial commit and one more."""
    repo = box.app.repos.create(box.actor(ADA), NewRepo("model", "model"))
    shop = Workshop(box.app.git, repo.folder)
    shop.commit({"a.txt": "one"}, "One")
    return shop
