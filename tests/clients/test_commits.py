"""Commits through the API: what create_commit sends and what it must leave behind."""

import hashlib

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete, HfApi
from huggingface_hub.errors import (
    BadRequestError,
    EntryNotFoundError,
    HfHubHTTPError,
    RevisionNotFoundError,
)
from tests.live_hub import LiveHub
from tests.oracle import NewRepo, add_files

pytestmark = pytest.mark.client


def content(hub: LiveHub, repo: str, path: str, revision: str = "main") -> bytes:
    """The bytes that the hub serves."""
    return hub.get(f"/{repo}/resolve/{revision}/{path}", token=hub.tokens["ada", "write"])


@pytest.mark.covers("create_commit", client="huggingface_hub")
def test_one_commit_adds_changes_and_deletes(hub: LiveHub, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"keep.txt": "keep", "change.txt": "old", "drop.txt": "drop", "folder/a": "a", "folder/b": "b"})
    done = ada.create_commit(
        repo,
        [
            CommitOperationAdd("change.txt", b"new"),
            CommitOperationAdd("neu/grüße 世界.txt", "世界".encode()),
            CommitOperationDelete("drop.txt"),
            CommitOperationDelete("folder/"),
        ],
        commit_message="Change many things\n\nand say why",
    )
    assert sorted(ada.list_repo_files(repo)) == [".gitattributes", "change.txt", "keep.txt", "neu/grüße 世界.txt"]
    assert content(hub, repo, "change.txt") == b"new"
    newest = ada.list_repo_commits(repo)[0]
    assert (newest.commit_id, newest.title) == (done.oid, "Change many things")
    assert newest.message.strip() == "and say why"
    assert newest.authors == ["ada"]
    assert done.commit_url == f"{hub.url}/{repo}/commit/{done.oid}"


@pytest.mark.covers("create_commit", client="huggingface_hub")
def test_commit_ids_and_blob_ids_are_gits_own(hub: LiveHub, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "hello\n"})
    info = ada.get_paths_info(repo, "a.txt")[0]
    assert info.blob_id == hashlib.sha1(b"blob 6\0hello\n").hexdigest()
    assert len(ada.model_info(repo).sha) == 40


@pytest.mark.covers("create_commit", "preupload_lfs_files", client="huggingface_hub")
def test_large_files_go_through_lfs_and_come_back_whole(hub: LiveHub, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    body = bytes(range(256)) * 50_000
    add = CommitOperationAdd("model.safetensors", body)
    ada.preupload_lfs_files(repo, [add], free_memory=False)
    ada.create_commit(repo, [add], commit_message="Weights")
    info = ada.get_paths_info(repo, "model.safetensors")[0]
    assert (info.size, info.lfs.size, info.lfs.sha256) == (len(body), len(body), hashlib.sha256(body).hexdigest())
    assert content(hub, repo, "model.safetensors") == body
    pointer = hub.get(f"/{repo}/raw/main/model.safetensors")
    assert pointer.startswith(b"version https://git-lfs.github.com/spec/v1\noid sha256:")
    assert info.lfs.pointer_size == len(pointer)


@pytest.mark.covers("create_commit", client="huggingface_hub")
def test_a_big_text_file_becomes_lfs_without_being_asked(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    add_files(ada, repo, {"big.txt": "row\n" * 3_000_000, "small.bin.txt": "x"})
    big, small = ada.get_paths_info(repo, ["big.txt", "small.bin.txt"])
    assert big.lfs is not None
    assert small.lfs is None


@pytest.mark.covers("create_commit", "error classes", client="huggingface_hub")
def test_a_commit_on_a_branch_that_moved_on_is_refused(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    parent = ada.model_info(repo).sha
    add_files(ada, repo, {"a.txt": "a"})
    with pytest.raises(HfHubHTTPError, match="Please refresh and try again") as caught:
        ada.create_commit(repo, [CommitOperationAdd("b.txt", b"b")], commit_message="Late", parent_commit=parent)
    assert caught.value.response.status_code == 412
    assert "b.txt" not in ada.list_repo_files(repo)


@pytest.mark.covers("create_commit", client="huggingface_hub")
def test_a_commit_that_changes_nothing_is_not_made(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "a", "b.bin": b"\0" * 2048})
    before = ada.model_info(repo).sha
    again = ada.create_commit(
        repo,
        [CommitOperationAdd("a.txt", b"a"), CommitOperationAdd("b.bin", b"\0" * 2048)],
        commit_message="Again",
    )
    assert again.oid == before
    assert ada.model_info(repo).sha == before


@pytest.mark.covers("create_commit", "delete_file", "error classes", client="huggingface_hub")
def test_deleting_a_file_that_is_not_there_is_an_entry_not_found(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "a"})
    with pytest.raises(EntryNotFoundError):
        ada.delete_file("b.txt", repo)
    assert ada.list_repo_files(repo) == [".gitattributes", "a.txt"]


@pytest.mark.covers("delete_file", "delete_folder", "delete_files", client="huggingface_hub")
def test_files_folders_and_patterns_are_deleted(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "a", "logs/1": "1", "logs/2": "2", "x/m.tmp": "t", "y.tmp": "t", "z.md": "z"})
    ada.delete_file("a.txt", repo)
    ada.delete_folder("logs", repo)
    ada.delete_files(repo, ["*.tmp"])
    assert ada.list_repo_files(repo) == [".gitattributes", "z.md"]


@pytest.mark.covers("create_commit", client="huggingface_hub")
def test_files_are_copied_within_a_repository(hub: LiveHub, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "first", "w.bin": b"\7" * 3000})
    old = ada.model_info(repo).sha
    add_files(ada, repo, {"a.txt": "second"})
    ada.create_commit(
        repo,
        [
            CommitOperationCopy("w.bin", "copies/w.bin"),
            CommitOperationCopy("a.txt", "copies/a.txt", src_revision=old),
        ],
        commit_message="Copy",
    )
    assert content(hub, repo, "copies/w.bin") == b"\7" * 3000
    assert content(hub, repo, "copies/a.txt") == b"first"


@pytest.mark.covers("create_commit", client="huggingface_hub")
def test_a_commit_goes_to_the_branch_that_was_named(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    ada.create_branch(repo, branch="feature/ä-b")
    add_files(ada, repo, {"f.txt": "f"}, revision="feature/ä-b")
    assert "f.txt" in ada.list_repo_files(repo, revision="feature/ä-b")
    assert "f.txt" not in ada.list_repo_files(repo)


@pytest.mark.covers("create_commit", "error classes", client="huggingface_hub")
def test_a_commit_to_a_branch_that_is_not_there_is_a_revision_not_found(ada: HfApi, new_repo: NewRepo) -> None:
    with pytest.raises(RevisionNotFoundError):
        add_files(ada, new_repo(), {"a.txt": "a"}, revision="no-such-branch")


@pytest.mark.covers("create_commit", client="huggingface_hub")
def test_one_commit_carries_a_thousand_files(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    add_files(ada, repo, {f"f/{n % 10}/{n}.txt": f"{n}" for n in range(1000)})
    assert len(ada.list_repo_files(repo)) == 1001


@pytest.mark.covers("create_commit", "error classes", client="huggingface_hub")
def test_a_card_with_broken_yaml_is_refused_before_anything_is_sent(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    with pytest.raises((ValueError, BadRequestError), match=r"(?i)yaml|metadata"):
        add_files(ada, repo, {"README.md": "---\nlicense: [unclosed\n---\n# Hi\n"})
    assert "README.md" not in ada.list_repo_files(repo)


@pytest.mark.covers("create_commit", client="huggingface_hub")
def test_commits_sent_at_the_same_time_all_arrive(ada: HfApi, new_repo: NewRepo) -> None:
    from concurrent.futures import ThreadPoolExecutor

    repo = new_repo()

    def commit(number: int) -> None:
        for _ in range(30):
            try:
                add_files(ada, repo, {f"{number}.txt": f"{number}"})
            except HfHubHTTPError as error:
                if error.response.status_code not in (409, 412):
                    raise
            else:
                return
        raise AssertionError("never got in")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(commit, range(16)))
    assert set(ada.list_repo_files(repo)) == {".gitattributes", *(f"{n}.txt" for n in range(16))}
    assert len(ada.list_repo_commits(repo)) == 17
