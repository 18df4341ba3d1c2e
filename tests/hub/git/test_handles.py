"""Opened repositories that wait for their next reader."""

import subprocess
from pathlib import Path

import pytest

from bearhug.base.errors import RepoNotFound
from bearhug.hub.git.handles import Handles
from bearhug.hub.git.records import MAIN
from bearhug.hub.git.service import Git, author_of
from bearhug.hub.git.store import Folders


@pytest.fixture
def git(tmp_path: Path) -> Git:
    git = Git(Folders(tmp_path / "repos", tmp_path / "pending", tmp_path / "trash"))
    git.create("aa01", {"a.txt": b"a"}, "ada")
    return git


def program(git: Git, *words: str) -> None:
    subprocess.run(["git", "--git-dir", git.path("aa01"), *words], check=True, capture_output=True)


def another_commit(git: Git) -> str:
    """On top of main, by other handles."""
    tip = git.read("aa01").ref(MAIN)
    assert tip is not None
    oid = git.commit_tree("aa01", git.empty_tree("aa01"), [tip], author_of("bob"), "nothing left")
    git.move_ref("aa01", MAIN, oid, old=tip)
    return oid


def test_a_handle_waits_for_the_next_reader(git: Git) -> None:
    reading = git.read("aa01")
    first = id(reading.raw)
    del reading
    later = git.read("aa01")
    assert id(later.raw) == first


def test_two_readers_have_two_handles(git: Git) -> None:
    one, other = git.read("aa01"), git.read("aa01")
    assert one.raw is not other.raw


def test_what_something_still_uses_is_not_lent_again(git: Git) -> None:
    kept = git.read("aa01").raw
    assert git.read("aa01").raw is not kept
    tip = git.read("aa01").ref(MAIN)
    assert tip is not None
    below = git.read("aa01").walk(tip)
    next(below)
    assert git.read("aa01").raw is not kept


def test_a_handle_that_waited_sees_what_others_wrote(git: Git) -> None:
    assert git.read("aa01").ref(MAIN) is not None
    oid = another_commit(git)
    assert git.read("aa01").ref(MAIN) == oid
    program(git, "pack-refs", "--all")
    program(git, "repack", "-a", "-d")
    reading = git.read("aa01")
    assert (reading.ref(MAIN), reading.commit(oid).title) == (oid, "nothing left")
    assert list(reading.names(oid)) == []


def test_a_handle_that_waited_finds_packs_that_were_joined(git: Git) -> None:
    tip = git.read("aa01").ref(MAIN)
    assert tip is not None
    program(git, "repack", "-a", "-d")
    assert git.read("aa01").file(tip, "a.txt", limit=10) == b"a"
    another_commit(git)
    program(git, "repack", "-a", "-d", "-f")
    assert git.read("aa01").file(tip, "a.txt", limit=10) == b"a"


def test_a_deleted_repository_is_not_found_by_a_handle_that_waited(git: Git) -> None:
    git.read("aa01")
    git.path("aa01").rename(git.path("aa01").with_suffix(".gone"))
    with pytest.raises(RepoNotFound):
        git.read("aa01")


def test_few_handles_wait(tmp_path: Path) -> None:
    folders = Folders(tmp_path / "repos", tmp_path / "pending", tmp_path / "trash")
    handles = Handles(most=2)
    paths = [str(folders.make(f"aa0{number}")) for number in range(4)]
    for path in paths:
        handles.give(path, handles.take(path))
    assert len(handles) == 2
    handles.forget(Path(paths[3]))
    assert len(handles) == 1
