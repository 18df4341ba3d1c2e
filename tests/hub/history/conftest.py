"""A repository of ada's with a past."""

import pytest
from tests.gitwork import Workshop
from tests.hubbox import HubBox
from tests.people import ADA

from bearhug.hub.history.service import History
from bearhug.hub.repos.records import RepoName
from bearhug.hub.repos.service import NewRepo

MODEL = RepoName("model", "ada", "model")


@pytest.fixture
def shop(box: HubBox) -> Workshop:
    """ada/model with nothing but its initial commit."""
    repo = box.app.repos.create(box.actor(ADA), NewRepo("model", "model"))
    return Workshop(box.app.git, repo.folder)


@pytest.fixture
def history(box: HubBox) -> History:
    """The hub's own history service."""
    return box.app.history
