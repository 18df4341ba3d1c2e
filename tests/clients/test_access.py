"""Who may see and change a private repository, and which exception tells them that they may not."""

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from tests.oracle import NewRepo, add_files
from tests.people import LAB

pytestmark = pytest.mark.client
SECRET = {"secret.txt": "the engine weaves", "weights.bin": b"\1" * 2048}


@pytest.mark.covers("repo_info", "error classes", client="huggingface_hub")
@pytest.mark.parametrize("repo_type", ["model", "dataset", "space"])
def test_a_private_repository_looks_like_none_to_others(
    eve: HfApi, nobody: HfApi, new_repo: NewRepo, repo_type: str
) -> None:
    repo = new_repo({"secret.txt": "the engine weaves"}, private=True, repo_type=repo_type)
    for api, status in ((nobody, 401), (eve, 404)):
        with pytest.raises(RepositoryNotFoundError) as hidden:
            api.repo_info(repo, repo_type=repo_type)
        with pytest.raises(RepositoryNotFoundError) as missing:
            api.repo_info("ada/there-never-was-one", repo_type=repo_type)
        assert hidden.value.response.status_code == status
        assert missing.value.response.status_code == status
        assert hidden.value.server_message == missing.value.server_message


@pytest.mark.covers("hf_hub_download", "list_repo_tree", "list_repo_refs", client="huggingface_hub")
def test_every_way_into_a_private_repository_is_shut(eve: HfApi, nobody: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo(SECRET, private=True)
    for api in (eve, nobody):
        for look in (
            lambda api=api: api.hf_hub_download(repo, "secret.txt"),
            lambda api=api: api.hf_hub_download(repo, "weights.bin"),
            lambda api=api: api.list_repo_files(repo),
            lambda api=api: api.list_repo_refs(repo),
            lambda api=api: list(api.list_repo_commits(repo)),
            lambda api=api: api.get_paths_info(repo, ["secret.txt"]),
            lambda api=api: api.auth_check(repo),
        ):
            with pytest.raises(RepositoryNotFoundError):
                look()


@pytest.mark.covers("hf_hub_download", "error classes", client="huggingface_hub")
def test_a_token_that_was_never_given_out_opens_nothing(impostor: HfApi, new_repo: NewRepo) -> None:
    shut, open_ = new_repo(SECRET, private=True), new_repo(SECRET)
    for repo in (shut, open_):
        with pytest.raises(HfHubHTTPError) as caught:
            impostor.model_info(repo)
        assert caught.value.response.status_code == 401


@pytest.mark.covers("create_commit", "create_branch", "create_tag", "error classes", client="huggingface_hub")
def test_a_stranger_changes_nothing_in_a_public_repository(eve: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "a"})
    for change in (
        lambda: add_files(eve, repo, {"b.txt": "b"}),
        lambda: eve.delete_file("a.txt", repo),
        lambda: eve.create_branch(repo, branch="mine"),
        lambda: eve.create_tag(repo, tag="v1"),
        lambda: eve.super_squash_history(repo),
    ):
        with pytest.raises(HfHubHTTPError) as caught:
            change()
        assert caught.value.response.status_code == 403


@pytest.mark.covers("create_commit", "error classes", client="huggingface_hub")
def test_a_read_token_reads_the_private_and_writes_nothing(ada_reads: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo(SECRET, private=True)
    assert ada_reads.hf_hub_download(repo, "secret.txt")
    for change in (
        lambda: add_files(ada_reads, repo, {"b.txt": "b"}),
        lambda: add_files(ada_reads, repo, {"b.bin": b"b" * 4096}),
        lambda: ada_reads.create_branch(repo, branch="mine"),
    ):
        with pytest.raises(HfHubHTTPError) as caught:
            change()
        assert caught.value.response.status_code == 403


@pytest.mark.covers("create_commit", "error classes", client="huggingface_hub")
def test_without_a_token_nothing_is_written(nobody: HfApi, new_repo: NewRepo) -> None:
    with pytest.raises(HfHubHTTPError) as caught:
        add_files(nobody, new_repo(), {"b.txt": "b"})
    assert caught.value.response.status_code == 401


@pytest.mark.covers("auth_check", client="huggingface_hub")
def test_auth_check_tells_reading_from_writing(
    ada: HfApi, ada_reads: HfApi, eve: HfApi, nobody: HfApi, new_repo: NewRepo
) -> None:
    repo = new_repo()
    for api in (ada, ada_reads, eve, nobody):
        api.auth_check(repo)
    ada.auth_check(repo, write=True)
    for api in (ada_reads, eve, nobody):
        with pytest.raises(HfHubHTTPError):
            api.auth_check(repo, write=True)


@pytest.mark.covers("create_commit", client="huggingface_hub")
def test_a_member_who_may_write_commits_to_the_organisations_repository(
    bob: HfApi, eve: HfApi, new_repo: NewRepo
) -> None:
    repo = new_repo({"a.txt": "a"}, owner=LAB, private=True)
    add_files(bob, repo, {"b.txt": "from bob"})
    assert "b.txt" in bob.list_repo_files(repo)
    with pytest.raises(RepositoryNotFoundError):
        eve.list_repo_files(repo)


@pytest.mark.covers("repo_exists", "file_exists", "revision_exists", client="huggingface_hub")
def test_questions_about_a_private_repository_are_answered_with_no(
    ada: HfApi, eve: HfApi, nobody: HfApi, new_repo: NewRepo
) -> None:
    repo = new_repo(SECRET, private=True)
    for api, answer in ((ada, True), (eve, False), (nobody, False)):
        assert api.repo_exists(repo) is answer
        assert api.file_exists(repo, "secret.txt") is answer
        assert api.revision_exists(repo, "main") is answer
