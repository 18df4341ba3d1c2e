"""Repositories as huggingface_hub makes, finds and deletes them."""

import pytest
from huggingface_hub import HfApi, RepoUrl
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from tests.live_hub import LiveHub
from tests.oracle import NewRepo
from tests.people import LAB

pytestmark = pytest.mark.client


@pytest.mark.covers("create_repo", client="huggingface_hub")
@pytest.mark.parametrize(("repo_type", "prefix"), [("model", ""), ("dataset", "datasets/"), ("space", "spaces/")])
def test_creating_a_repository_answers_with_its_url(
    hub: LiveHub, ada: HfApi, name: str, repo_type: str, prefix: str
) -> None:
    sdk = "gradio" if repo_type == "space" else None
    url = ada.create_repo(name, repo_type=repo_type, space_sdk=sdk)
    assert isinstance(url, RepoUrl)
    assert str(url) == f"{hub.url}/{prefix}{name}"
    assert (url.repo_id, url.repo_type) == (name, repo_type)


@pytest.mark.covers("create_repo", client="huggingface_hub")
def test_a_bare_name_is_made_in_the_callers_own_namespace(ada: HfApi, name: str) -> None:
    assert ada.create_repo(name.removeprefix("ada/")).repo_id == name


@pytest.mark.covers("create_repo", "list_repo_files", "list_repo_commits", client="huggingface_hub")
def test_a_new_repository_holds_gitattributes_and_an_initial_commit(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    assert ada.list_repo_files(repo) == [".gitattributes"]
    assert [commit.title for commit in ada.list_repo_commits(repo)] == ["initial commit"]


@pytest.mark.covers("create_repo", client="huggingface_hub")
def test_a_new_space_remembers_its_sdk(ada: HfApi, name: str) -> None:
    ada.create_repo(name, repo_type="space", space_sdk="gradio")
    assert ada.space_info(name).sdk == "gradio"


@pytest.mark.covers("create_repo", "error classes", client="huggingface_hub")
def test_a_taken_name_is_refused_unless_it_may_exist(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    with pytest.raises(HfHubHTTPError) as caught:
        ada.create_repo(repo)
    assert caught.value.response.status_code == 409
    assert ada.create_repo(repo, exist_ok=True).repo_id == repo


@pytest.mark.covers("create_repo", "error classes", client="huggingface_hub")
def test_names_that_differ_by_case_alone_are_the_same_name(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    with pytest.raises(HfHubHTTPError) as caught:
        ada.create_repo("ada/" + repo.removeprefix("ada/").upper())
    assert caught.value.response.status_code == 409


@pytest.mark.covers("model_info", client="huggingface_hub")
def test_a_repository_is_found_whatever_the_case_of_its_name(ada: HfApi, name: str) -> None:
    mixed = "ada/" + name.removeprefix("ada/").title()
    ada.create_repo(mixed)
    assert ada.model_info(mixed.lower()).id == mixed
    ada.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id=mixed.lower())
    assert "x.txt" in ada.list_repo_files(mixed)


@pytest.mark.covers("create_repo", client="huggingface_hub")
def test_a_model_and_a_dataset_may_share_a_name(ada: HfApi, name: str) -> None:
    ada.create_repo(name)
    ada.create_repo(name, repo_type="dataset")
    assert ada.repo_exists(name)
    assert ada.repo_exists(name, repo_type="dataset")
    assert not ada.repo_exists(name, repo_type="space")


@pytest.mark.covers("create_repo", "error classes", client="huggingface_hub")
def test_nobody_creates_in_somebody_elses_namespace(eve: HfApi, name: str) -> None:
    with pytest.raises(HfHubHTTPError) as caught:
        eve.create_repo(name)
    assert caught.value.response.status_code == 403


@pytest.mark.covers("create_repo", "error classes", client="huggingface_hub")
def test_a_read_token_creates_nothing(ada_reads: HfApi, name: str) -> None:
    with pytest.raises(HfHubHTTPError) as caught:
        ada_reads.create_repo(name)
    assert caught.value.response.status_code == 403


@pytest.mark.covers("create_repo", "error classes", client="huggingface_hub")
def test_without_a_token_nothing_is_created(nobody: HfApi, impostor: HfApi, name: str) -> None:
    for api in (nobody, impostor):
        with pytest.raises(HfHubHTTPError) as caught:
            api.create_repo(name)
        assert caught.value.response.status_code == 401


@pytest.mark.covers("create_repo", client="huggingface_hub")
def test_a_member_creates_in_the_organisation(bob: HfApi, ada: HfApi, name: str) -> None:
    repo = name.replace("ada/", f"{LAB}/")
    bob.create_repo(repo, private=True)
    assert ada.repo_exists(repo)


@pytest.mark.covers("delete_repo", "repo_exists", client="huggingface_hub")
@pytest.mark.parametrize("repo_type", ["model", "dataset", "space"])
def test_a_deleted_repository_is_gone(ada: HfApi, new_repo: NewRepo, repo_type: str) -> None:
    repo = new_repo(repo_type=repo_type)
    ada.delete_repo(repo, repo_type=repo_type)
    assert not ada.repo_exists(repo, repo_type=repo_type)
    with pytest.raises(RepositoryNotFoundError):
        ada.repo_info(repo, repo_type=repo_type)


@pytest.mark.covers("delete_repo", "error classes", client="huggingface_hub")
def test_deleting_what_is_not_there_is_an_error_unless_it_may_be_missing(ada: HfApi, name: str) -> None:
    with pytest.raises(RepositoryNotFoundError):
        ada.delete_repo(name)
    ada.delete_repo(name, missing_ok=True)


@pytest.mark.covers("delete_repo", "error classes", client="huggingface_hub")
def test_only_its_owner_deletes_a_repository(
    ada: HfApi, ada_reads: HfApi, bob: HfApi, eve: HfApi, new_repo: NewRepo
) -> None:
    repo = new_repo()
    for api in (ada_reads, bob, eve):
        with pytest.raises(HfHubHTTPError) as caught:
            api.delete_repo(repo)
        assert caught.value.response.status_code == 403
    assert ada.repo_exists(repo)


@pytest.mark.covers("create_repo", client="huggingface_hub")
def test_a_deleted_name_can_be_used_again(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"old.txt": "old"})
    ada.delete_repo(repo)
    ada.create_repo(repo)
    assert ada.list_repo_files(repo) == [".gitattributes"]


@pytest.mark.covers("create_repo", "error classes", client="huggingface_hub")
@pytest.mark.parametrize(
    "bad", ["ada/with space", "ada/..", "ada/a--b", "ada/.git", "ada/name.git", "ada/-dash", "ada/" + "x" * 97]
)
def test_bad_names_are_refused_by_the_server_too(hub: LiveHub, bad: str) -> None:
    import httpx

    answer = httpx.post(
        f"{hub.url}/api/repos/create",
        json={"name": bad.removeprefix("ada/"), "type": "model"},
        headers={"authorization": f"Bearer {hub.tokens['ada', 'write']}"},
        trust_env=False,
    )
    assert answer.status_code == 400
    assert answer.json()["error"]
