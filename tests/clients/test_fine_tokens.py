"""Fine-grained tokens: what they name they open, and nothing else."""

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from tests.live_hub import LiveHub
from tests.oracle import NewRepo, add_files
from tests.people import ADA

pytestmark = pytest.mark.client


def fine(hub: LiveHub, *allow: str) -> HfApi:
    """ada with a token that may do just this."""
    options = [word for permission in allow for word in ("--allow", permission)]
    made = hub.command("token", "create", ADA.name, "--role", "fineGrained", *options)
    return HfApi(token=made.split()[-1])


@pytest.mark.covers("whoami", client="huggingface_hub")
def test_a_fine_grained_token_says_what_it_is(hub: LiveHub) -> None:
    assert fine(hub, "discussion.write").whoami()["auth"]["accessToken"]["role"] == "fineGrained"


@pytest.mark.covers("hf_hub_download", "error classes", client="huggingface_hub")
def test_a_token_for_one_repository_opens_that_one_alone(hub: LiveHub, new_repo: NewRepo) -> None:
    one, other = new_repo({"a.txt": "a"}, private=True), new_repo({"a.txt": "a"}, private=True)
    api = fine(hub, f"repo.content.read@model:{one}")
    assert api.hf_hub_download(one, "a.txt")
    with pytest.raises(RepositoryNotFoundError):
        api.hf_hub_download(other, "a.txt")
    with pytest.raises(HfHubHTTPError) as caught:
        add_files(api, one, {"b.txt": "b"})
    assert caught.value.response.status_code == 403


@pytest.mark.covers("create_commit", client="huggingface_hub")
def test_a_token_that_may_write_one_repository_writes_that_one_alone(hub: LiveHub, new_repo: NewRepo) -> None:
    one, other = new_repo(private=True), new_repo()
    api = fine(hub, f"repo.write@model:{one}")
    add_files(api, one, {"a.txt": "a", "w.bin": b"\1" * 3000})
    assert api.list_repo_files(one) == [".gitattributes", "a.txt", "w.bin"]
    with pytest.raises(HfHubHTTPError):
        add_files(api, other, {"a.txt": "a"})


@pytest.mark.covers("create_repo", "list_models", client="huggingface_hub")
def test_a_token_without_a_scope_for_them_sees_no_private_repositories(hub: LiveHub, new_repo: NewRepo) -> None:
    repo = new_repo(private=True)
    api = fine(hub, "discussion.write")
    assert not api.repo_exists(repo)
    assert repo not in {model.id for model in api.list_models(author="ada", limit=500)}
    with pytest.raises(HfHubHTTPError) as caught:
        api.create_repo(f"{repo}-more")
    assert caught.value.response.status_code == 403
