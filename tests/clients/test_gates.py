"""Gated repositories, asked for by one person and opened by another, through HfApi."""

from pathlib import Path

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError
from huggingface_hub.utils import get_session
from tests.live_hub import LiveHub
from tests.oracle import NewRepo

pytestmark = pytest.mark.client


def ask(hub: LiveHub, api: HfApi, repo: str) -> None:
    """What the button on the repository's page sends."""
    headers = {"authorization": f"Bearer {api.token}"}
    assert get_session().post(f"{hub.url}/{repo}/ask-access", json={}, headers=headers).status_code == 200


@pytest.mark.covers(
    "list_pending_access_requests",
    "list_accepted_access_requests",
    "list_rejected_access_requests",
    "accept_access_request",
    "reject_access_request",
    "cancel_access_request",
    "update_repo_settings",
    client="huggingface_hub",
)
def test_a_request_is_accepted_cancelled_and_rejected(
    hub: LiveHub, ada: HfApi, eve: HfApi, new_repo: NewRepo, tmp_path: Path
) -> None:
    repo = new_repo({"w.txt": "weights"})
    ada.update_repo_settings(repo, gated="manual")
    with pytest.raises(GatedRepoError):
        eve.hf_hub_download(repo, "w.txt", local_dir=tmp_path)
    ask(hub, eve, repo)
    (request,) = ada.list_pending_access_requests(repo)
    assert (request.username, request.fullname, request.email) == ("eve", "Eve Stranger", "eve@example.org")

    ada.accept_access_request(repo, "eve")
    assert Path(eve.hf_hub_download(repo, "w.txt", local_dir=tmp_path)).read_text() == "weights"
    assert [found.status for found in ada.list_accepted_access_requests(repo)] == ["accepted"]
    with pytest.raises(HfHubHTTPError) as twice:
        ada.accept_access_request(repo, "eve")
    assert twice.value.response.status_code == 404

    ada.cancel_access_request(repo, request_id=request.request_id)
    assert [found.username for found in ada.list_pending_access_requests(repo)] == ["eve"]
    ada.reject_access_request(repo, "eve", rejection_reason="not yet")
    assert [found.username for found in ada.list_rejected_access_requests(repo)] == ["eve"]
    with pytest.raises(GatedRepoError):
        eve.auth_check(repo)


@pytest.mark.covers("grant_access", client="huggingface_hub")
def test_access_is_granted_unasked(ada: HfApi, eve: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"w.txt": "weights"}, repo_type="dataset")
    with pytest.raises(HfHubHTTPError) as open_:
        ada.grant_access(repo, "eve", repo_type="dataset")
    assert open_.value.response.status_code == 400
    ada.update_repo_settings(repo, gated="auto", repo_type="dataset")
    ada.grant_access(repo, "eve", repo_type="dataset")
    eve.auth_check(repo, repo_type="dataset")
    with pytest.raises(HfHubHTTPError):
        eve.grant_access(repo, "bob", repo_type="dataset")
