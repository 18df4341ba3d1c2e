"""How git speaks with the hub: protocol v2, shallow, partial, sparse, locks, many files."""

from collections.abc import Callable

import pytest
from huggingface_hub import HfApi
from tests.clients.gitbox import GitBox
from tests.oracle import NewRepo, add_files
from tests.people import ADA, BOB, EVE, LAB, NOBODY

pytestmark = pytest.mark.client
OpenBox = Callable[..., GitBox]


@pytest.mark.covers("protocol v2", client="git")
@pytest.mark.parametrize("version", ["0", "1", "2"])
def test_every_version_of_the_protocol_is_spoken(gitbox: OpenBox, new_repo: NewRepo, version: str) -> None:
    repo = new_repo({"a.txt": "a"})
    box = gitbox(NOBODY)
    box.shell.env["GIT_TRACE_PACKET"] = str(box.shell.home / "trace")
    box.shell("git", "config", "--global", "protocol.version", version)
    box.clone(repo)
    assert (box.work / "a.txt").read_text() == "a"
    if version == "2":
        assert "version 2" in (box.shell.home / "trace").read_text()


@pytest.mark.covers("shallow clone", client="git")
def test_a_shallow_clone_has_one_commit_and_can_be_deepened(gitbox: OpenBox, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "1"})
    for text in ("2", "3"):
        add_files(ada, repo, {"a.txt": text})
    box = gitbox(NOBODY)
    box.clone(repo, "--depth", "1")
    assert box("rev-list", "--count", "HEAD").strip() == "1"
    box("fetch", "--unshallow", "--quiet")
    assert box("rev-list", "--count", "HEAD").strip() == "4"


@pytest.mark.covers("shallow clone", client="git")
def test_one_pushes_from_a_shallow_clone(gitbox: OpenBox, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "1"})
    box = gitbox(ADA)
    box.clone(repo, "--depth", "1")
    box.write("b.txt", "b")
    sha = box.commit("Shallow")
    box("push")
    assert ada.model_info(repo).sha == sha
    assert len(ada.list_repo_commits(repo)) == 3


@pytest.mark.covers("partial clone", client="git")
def test_a_partial_clone_fetches_blobs_when_they_are_needed(gitbox: OpenBox, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "first", "d/b.txt": "second"})
    box = gitbox(NOBODY)
    box.clone(repo, "--filter=blob:none", "--no-checkout")
    assert "?" in box("rev-list", "--objects", "--missing=print", "HEAD")
    box("checkout", "--quiet", "main", "--", "d/b.txt")
    assert (box.work / "d" / "b.txt").read_text() == "second"


@pytest.mark.covers("partial clone", client="git")
def test_a_sparse_checkout_brings_one_folder(gitbox: OpenBox, new_repo: NewRepo) -> None:
    repo = new_repo({"en/a.txt": "a", "zh/b.txt": "b"}, repo_type="dataset")
    box = gitbox(NOBODY)
    box.clone(f"datasets/{repo}", "--filter=blob:none", "--sparse")
    box("sparse-checkout", "set", "zh")
    assert (box.work / "zh" / "b.txt").exists()
    assert not (box.work / "en").exists()


@pytest.mark.covers("lfs locks", client="git")
def test_a_large_file_is_locked_and_unlocked(gitbox: OpenBox, new_repo: NewRepo) -> None:
    repo = new_repo({"w.bin": b"\1" * 20_000}, owner=LAB)
    hers, his = gitbox(ADA), gitbox(BOB)
    hers.clone(repo)
    his.clone(repo)
    hers("lfs", "lock", "w.bin")
    assert "w.bin" in his("lfs", "locks")
    assert his.try_("lfs", "lock", "w.bin").code != 0
    assert his.try_("lfs", "unlock", "w.bin").code != 0
    hers("lfs", "unlock", "w.bin")
    assert his("lfs", "locks").strip() == ""


@pytest.mark.covers("lfs fetch, prune, fsck", client="git")
def test_old_versions_of_large_files_are_fetched_and_pruned(gitbox: OpenBox, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"w.bin": b"\1" * 20_000})
    add_files(ada, repo, {"w.bin": b"\2" * 20_000})
    box = gitbox(NOBODY)
    box.clone(repo)
    box("lfs", "fetch", "--all")
    box("lfs", "fsck")
    box("lfs", "prune")
    box("checkout", "--quiet", "HEAD~1")
    assert (box.work / "w.bin").read_bytes() == b"\1" * 20_000


@pytest.mark.covers("clone, commit, push, clone elsewhere (name and password)", client="git")
def test_a_push_of_two_thousand_files_arrives(gitbox: OpenBox, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo(repo_type="dataset")
    box = gitbox(ADA)
    box.clone(f"datasets/{repo}")
    for number in range(2000):
        box.write(f"f/{number % 20}/{number}.txt", f"{number}\n")
    box.commit("Many files")
    box("push")
    assert len(ada.list_repo_files(repo, repo_type="dataset")) == 2001


@pytest.mark.covers("private repositories", client="git")
def test_who_may_not_see_a_repository_cannot_clone_it(gitbox: OpenBox, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "a"}, private=True)
    for box in (gitbox(EVE), gitbox(NOBODY), gitbox(ADA, computer="thief", secret="not her password")):
        answer = box.try_("clone", f"{box.url}/{repo}")
        assert answer.code != 0
        assert not (box.shell.home / repo.removeprefix("ada/")).exists()


@pytest.mark.covers("clone, commit, push, clone elsewhere (name and password)", client="git")
def test_a_public_repository_is_cloned_without_being_asked(gitbox: OpenBox, new_repo: NewRepo) -> None:
    box = gitbox(NOBODY)
    box.clone(new_repo({"a.txt": "a", "w.bin": b"\1" * 9000}))
    assert box.asked == []
    assert (box.work / "w.bin").read_bytes() == b"\1" * 9000
