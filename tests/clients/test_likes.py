"""Likes as huggingface_hub sees them; liking itself is done on the page."""

import httpx
import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import RepositoryNotFoundError
from tests.live_hub import LiveHub
from tests.oracle import NewRepo
from tests.people import BOB, EVE, Person

pytestmark = pytest.mark.client


def like(hub: LiveHub, person: Person, repo: str, kind: str = "models") -> int:
    """Press the heart."""
    headers = {"authorization": f"Bearer {hub.token(person)}"}
    answer = httpx.post(f"{hub.url}/api/{kind}/{repo}/like", headers=headers, trust_env=False)
    return answer.status_code


@pytest.mark.covers("list_repo_likers", "list_liked_repos", "unlike", client="huggingface_hub")
def test_likes_are_counted_listed_and_taken_back(hub: LiveHub, ada: HfApi, bob: HfApi, new_repo: NewRepo) -> None:
    repo, data = new_repo(), new_repo(repo_type="dataset")
    assert like(hub, BOB, repo) == like(hub, BOB, repo) == 200
    assert like(hub, EVE, repo) == 200
    assert like(hub, BOB, data, "datasets") == 200
    assert {user.username for user in ada.list_repo_likers(repo)} == {"bob", "eve"}
    assert ada.model_info(repo).likes == 2
    liked = ada.list_liked_repos("bob")
    assert repo in liked.models
    assert data in liked.datasets
    bob.unlike(repo)
    assert {user.username for user in ada.list_repo_likers(repo)} == {"eve"}
    assert repo not in ada.list_liked_repos("bob").models


@pytest.mark.covers("list_liked_repos", client="huggingface_hub")
def test_a_liked_repository_that_became_private_is_listed_for_nobody_else(
    hub: LiveHub, ada: HfApi, nobody: HfApi, new_repo: NewRepo
) -> None:
    repo = new_repo()
    like(hub, EVE, repo)
    ada.update_repo_settings(repo, private=True)
    assert repo not in nobody.list_liked_repos("eve").models


@pytest.mark.covers("unlike", "error classes", client="huggingface_hub")
def test_what_is_hidden_cannot_be_liked(hub: LiveHub, eve: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo(private=True)
    assert like(hub, EVE, repo) == 404
    with pytest.raises(RepositoryNotFoundError):
        eve.unlike(repo)
