"""Branches, tags, histories."""

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError, RevisionNotFoundError
from tests.oracle import NewRepo, add_files

pytestmark = pytest.mark.client


@pytest.mark.covers("create_branch", "list_repo_refs", "delete_branch", client="huggingface_hub")
@pytest.mark.parametrize("repo_type", ["model", "dataset", "space"])
def test_a_branch_is_made_listed_and_deleted(ada: HfApi, new_repo: NewRepo, repo_type: str) -> None:
    repo = new_repo({"a.txt": "a"}, repo_type=repo_type)
    ada.create_branch(repo, branch="dev/x", repo_type=repo_type)
    refs = {ref.name: ref for ref in ada.list_repo_refs(repo, repo_type=repo_type).branches}
    assert set(refs) == {"main", "dev/x"}
    assert refs["dev/x"].ref == "refs/heads/dev/x"
    assert refs["dev/x"].target_commit == refs["main"].target_commit
    ada.delete_branch(repo, branch="dev/x", repo_type=repo_type)
    assert [ref.name for ref in ada.list_repo_refs(repo, repo_type=repo_type).branches] == ["main"]


@pytest.mark.covers("create_branch", client="huggingface_hub")
def test_a_branch_starts_where_it_was_told_to(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "a"})
    first = ada.model_info(repo).sha
    add_files(ada, repo, {"b.txt": "b"})
    ada.create_tag(repo, tag="v1")
    for number, start in enumerate([first, first[:10], "v1", "main"]):
        ada.create_branch(repo, branch=f"from-{number}", revision=start)
    found = {ref.name: ref.target_commit for ref in ada.list_repo_refs(repo).branches}
    assert found["from-0"] == found["from-1"] == first
    assert found["from-2"] == found["from-3"] == found["main"]


@pytest.mark.covers("create_branch", "error classes", client="huggingface_hub")
def test_a_branch_that_exists_is_refused_unless_it_may(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    ada.create_branch(repo, branch="dev")
    with pytest.raises(HfHubHTTPError, match="Reference refs/heads/dev already exists") as caught:
        ada.create_branch(repo, branch="dev")
    assert caught.value.response.status_code == 409
    ada.create_branch(repo, branch="dev", exist_ok=True)


@pytest.mark.covers("delete_branch", "error classes", client="huggingface_hub")
def test_main_and_the_missing_cannot_be_deleted(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    with pytest.raises(HfHubHTTPError, match="Cannot delete refs/heads/main"):
        ada.delete_branch(repo, branch="main")
    with pytest.raises(HfHubHTTPError, match=r"Invalid rev id|[Nn]ot found"):
        ada.delete_branch(repo, branch="gone")


@pytest.mark.covers("create_branch", "error classes", client="huggingface_hub")
@pytest.mark.parametrize("bad", ["a..b", "a b", "x.lock", "~tilde", "end/", "-dash", "@{1}"])
def test_git_has_the_last_word_on_names_of_branches(ada: HfApi, new_repo: NewRepo, bad: str) -> None:
    repo = new_repo()
    with pytest.raises(HfHubHTTPError) as caught:
        ada.create_branch(repo, branch=bad)
    assert 400 <= caught.value.response.status_code < 500


@pytest.mark.covers("create_tag", "delete_tag", "list_repo_refs", client="huggingface_hub")
def test_a_tag_is_made_listed_and_deleted(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "a"})
    sha = ada.model_info(repo).sha
    ada.create_tag(repo, tag="v1.0", tag_message="The first")
    ada.create_tag(repo, tag="short", revision=sha[:8])
    tags = {ref.name: ref for ref in ada.list_repo_refs(repo).tags}
    assert {name: ref.ref for name, ref in tags.items()} == {
        "v1.0": "refs/tags/v1.0",
        "short": "refs/tags/short",
    }
    assert tags["short"].target_commit == sha
    assert ada.model_info(repo, revision="v1.0").sha == sha
    ada.delete_tag(repo, tag="v1.0")
    assert [ref.name for ref in ada.list_repo_refs(repo).tags] == ["short"]


@pytest.mark.covers("create_tag", "delete_tag", "error classes", client="huggingface_hub")
def test_wrong_tags_are_refused(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    ada.create_tag(repo, tag="v1")
    with pytest.raises(HfHubHTTPError) as caught:
        ada.create_tag(repo, tag="v1")
    assert caught.value.response.status_code == 409
    ada.create_tag(repo, tag="v1", exist_ok=True)
    with pytest.raises(HfHubHTTPError) as caught:
        ada.create_tag(repo, tag="inv@lid..tag")
    assert 400 <= caught.value.response.status_code < 500
    with pytest.raises(RevisionNotFoundError):
        ada.create_tag(repo, tag="v2", revision="gone")
    with pytest.raises(RevisionNotFoundError):
        ada.delete_tag(repo, tag="gone")


@pytest.mark.covers("list_repo_commits", client="huggingface_hub")
def test_commits_are_listed_newest_first_for_each_branch(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo(repo_type="dataset")
    for title in ("One", "Two"):
        ada.upload_file(
            path_or_fileobj=title.encode(),
            path_in_repo="a.txt",
            repo_id=repo,
            repo_type="dataset",
            commit_message=title,
        )
    commits = ada.list_repo_commits(repo, repo_type="dataset", formatted=True)
    assert [commit.title for commit in commits] == ["Two", "One", "initial commit"]
    assert commits[0].formatted_title == "Two"
    assert commits[0].created_at >= commits[1].created_at
    older = ada.list_repo_commits(repo, repo_type="dataset", revision=commits[1].commit_id)
    assert [commit.title for commit in older] == ["One", "initial commit"]


@pytest.mark.covers("list_repo_commits", "pagination", client="huggingface_hub")
def test_a_long_history_comes_in_pages_and_is_complete(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    for number in range(60):
        add_files(ada, repo, {"n.txt": str(number)})
    commits = ada.list_repo_commits(repo)
    assert len(commits) == len({commit.commit_id for commit in commits}) == 61


@pytest.mark.covers("list_repo_commits", "error classes", client="huggingface_hub")
def test_the_history_of_a_missing_revision_is_a_revision_not_found(ada: HfApi, new_repo: NewRepo) -> None:
    with pytest.raises(RevisionNotFoundError):
        ada.list_repo_commits(new_repo(), revision="gone")


@pytest.mark.covers("super_squash_history", client="huggingface_hub")
def test_a_squashed_history_is_one_commit_with_all_files(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "a"})
    add_files(ada, repo, {"b.txt": "b"})
    ada.super_squash_history(repo)
    assert [commit.title for commit in ada.list_repo_commits(repo)] == [
        "Super-squash branch 'main' using huggingface_hub"
    ]
    assert ada.list_repo_files(repo) == [".gitattributes", "a.txt", "b.txt"]
    ada.super_squash_history(repo, commit_message="Fresh start")
    assert [commit.title for commit in ada.list_repo_commits(repo)] == ["Fresh start"]


@pytest.mark.covers("super_squash_history", "error classes", client="huggingface_hub")
def test_tags_and_missing_branches_cannot_be_squashed(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    ada.create_tag(repo, tag="v1")
    with pytest.raises(HfHubHTTPError):
        ada.super_squash_history(repo, branch="v1")
    with pytest.raises(RevisionNotFoundError):
        ada.super_squash_history(repo, branch="gone")


@pytest.mark.covers("model_info", "revision_exists", client="huggingface_hub")
def test_info_is_given_at_branches_tags_and_commits(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "a"})
    first = ada.model_info(repo).sha
    ada.create_tag(repo, tag="v1")
    second = add_files(ada, repo, {"b.txt": "b"})
    for revision, sha in (("v1", first), (first, first), (first[:7], first), ("main", second)):
        info = ada.model_info(repo, revision=revision)
        assert info.sha == sha
    assert {file.rfilename for file in ada.model_info(repo, revision="v1").siblings} == {".gitattributes", "a.txt"}
    with pytest.raises(RevisionNotFoundError):
        ada.model_info(repo, revision="gone")
