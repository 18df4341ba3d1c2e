"""What a push may bring: sizes, pointers, cards and names, and how a refusal reads."""

import hashlib
import os
from pathlib import Path

import pytest
from tests.hub.transport.desks import cloned, put, refused
from tests.hub.transport.served import Served
from tests.people import EVE

from bearhug.formats import lfs_pointer


def test_a_large_file_outside_of_lfs_is_refused_by_its_name(tight: Served) -> None:
    repo = tight.repo()
    desk = cloned(tight, repo)
    put(desk, "deep/weights.dat", os.urandom(60_000))
    put(desk, "small.txt", "fine")
    text = refused(desk)
    assert "Files over 48.8 KiB belong into git-lfs" in text
    assert "  deep/weights.dat (58.6 KiB)" in text
    assert "git lfs migrate import --include='*.dat'" in text
    assert "pre-receive hook declined" in text
    assert tight.fresh(repo).head == repo.head


def test_a_large_file_deep_in_the_history_is_found(tight: Served) -> None:
    desk = cloned(tight, tight.repo())
    put(desk, "big.dat", os.urandom(60_000))
    desk("rm", "-q", "--cached", "big.dat")
    desk("commit", "-q", "-m", "Remove")
    assert "  big.dat (58.6 KiB)" in refused(desk)


def test_a_push_over_the_quota_is_refused_before_it_is_kept(tight: Served) -> None:
    repo = tight.repo()
    desk = cloned(tight, repo)
    for number in range(6):
        put(desk, f"{number}.dat", os.urandom(40_000))
    assert "pack exceeds maximum allowed size" in refused(desk)
    folder = tight.box.app.git.path(repo.folder)
    assert not list(folder.glob("objects/tmp_objdir*"))
    assert not list(folder.glob("objects/pack/tmp_*"))


def test_a_file_that_belongs_into_lfs_is_refused_without_it(served: Served) -> None:
    desk = cloned(served, served.repo())
    put(desk, "model.safetensors", "not a pointer")
    put(desk, "empty.safetensors", "")
    text = refused(desk)
    assert (
        ".gitattributes sends these files to git-lfs, but they were committed without it:\n  model.safetensors" in text
    )
    assert "empty.safetensors" not in text
    assert "git add --renormalize ." in text


def test_a_pointer_to_nothing_is_refused(served: Served) -> None:
    desk = cloned(served, served.repo())
    oid = hashlib.sha256(b"nowhere").hexdigest()
    put(desk, "model.safetensors", lfs_pointer.write(oid, 7))
    text = refused(desk)
    assert f"  model.safetensors (sha256 {oid})" in text
    assert "git lfs push --all origin" in text


def test_an_lfs_object_of_another_repository_does_not_count(served: Served) -> None:
    desk = cloned(served, served.repo(private=True))
    desk.write("model.safetensors", b"mine alone")
    desk.commit("Add")
    desk("push", "-q")
    other = served.desk(EVE)
    repo = served.repo(by=EVE)
    other.clone(repo.path)
    put(other, "model.safetensors", lfs_pointer.write(hashlib.sha256(b"mine alone").hexdigest(), 10))
    assert "is not in this repository" in refused(other)


def test_an_lfs_file_that_was_pushed_stays(served: Served) -> None:
    repo = served.repo()
    desk = cloned(served, repo)
    desk.write("model.safetensors", b"weights")
    desk.commit("Add")
    desk("push", "-q")
    with served.box.app.db.reading() as tx:
        kept = served.box.app.lfs.committed(tx, repo.id, after="", limit=10)
    assert [(link.oid, link.size) for link in kept] == [(hashlib.sha256(b"weights").hexdigest(), 7)]


def test_a_pointer_that_lies_about_the_size_is_refused(served: Served) -> None:
    desk = cloned(served, served.repo())
    desk.write("model.safetensors", b"weights")
    desk.commit("Add")
    desk("push", "-q")
    put(desk, "again.safetensors", lfs_pointer.write(hashlib.sha256(b"weights").hexdigest(), 8))
    assert "it has 7 bytes, the pointer says 8" in refused(desk)


def test_a_card_that_cannot_be_read_is_refused(served: Served) -> None:
    desk = cloned(served, served.repo())
    put(desk, "README.md", "---\nlicense: [\n---\n")
    assert "The metadata at the top of README.md is not valid:\n" in refused(desk)
    put(desk, "README.md", "---\nlicense: mit\n---\n# Fine\n")
    desk("push", "-q")


@pytest.mark.parametrize(
    ("paths", "words"),
    [
        (["Read.txt", "read.txt"], "Read.txt and read.txt: they differ only in letter case or Unicode form"),
        (["caf\u00e9.txt", "cafe\u0301.txt"], "they differ only in letter case or Unicode form"),
        (["folder/back\\slash"], "folder/back\\slash: it contains a backslash"),
        (["evil\x1b[31m.txt"], "evil\\x1b[31m.txt: it contains the invisible character U+001B"),
        (["ends with a dot."], "ends with a dot."),
    ],
)
def test_names_that_some_systems_cannot_keep_apart_or_write_are_refused(
    served: Served, paths: list[str], words: str
) -> None:
    desk = cloned(served, served.repo())
    for path in paths:
        put(desk, path, path)
    assert words in refused(desk)


def test_what_was_there_before_does_not_stand_in_the_way(served: Served) -> None:
    repo = served.repo()
    served.shop(repo).commit({"Read.txt": "1", "read.txt": "2", "README.md": "---\n[\n---\n", "x.bin": "no pointer"})
    desk = cloned(served, repo)
    put(desk, "a.txt", "new")
    desk("push", "-q", "--no-verify")


def test_a_branch_that_springs_from_such_names_may_be_pushed(served: Served) -> None:
    repo = served.repo()
    served.shop(repo).commit({"d/Read.txt": "1", "d/read.txt": "2"}, ref="refs/heads/old")
    desk = cloned(served, repo)
    desk("checkout", "-q", "-b", "work", "origin/old")
    put(desk, "d/more.txt", "new")
    desk("push", "-q", "origin", "work")
    put(desk, "d/READ.txt", "third")
    assert "differ only in letter case" in refused(desk, "origin", "HEAD:refs/heads/third")


def test_a_name_may_change_its_letter_case(served: Served) -> None:
    repo = served.repo()
    desk = cloned(served, repo)
    put(desk, "Folder/Read.txt", "1")
    desk("push", "-q")
    desk("mv", "Folder", "folder")
    desk("commit", "-q", "-m", "Rename")
    desk("push", "-q")
    assert served.fresh(repo).head == desk("rev-parse", "HEAD").strip()


def test_a_folder_called_git_is_refused(served: Served, tmp_path: Path) -> None:
    desk = cloned(served, served.repo())
    blob = desk.shell("git", "-C", desk.work, "hash-object", "-w", "--stdin", text="x").strip()
    inner = desk.shell("git", "-C", desk.work, "mktree", text=f"100644 blob {blob}\tconfig\n").strip()
    tree = desk.shell("git", "-C", desk.work, "mktree", text=f"040000 tree {inner}\t.GIT\n").strip()
    commit = desk("commit-tree", tree, "-m", "evil").strip()
    assert "hasDotgit" in refused(desk, "origin", f"{commit}:refs/heads/evil")


def test_attributes_of_a_folder_decide_for_what_is_below_it(served: Served) -> None:
    desk = cloned(served, served.repo())
    put(desk, "data/.gitattributes", "*.txt filter=lfs diff=lfs merge=lfs -text\n*.bin -filter\n")
    put(desk, "data/deep/a.txt", "no pointer")
    put(desk, "data/a.bin", "may be what it is")
    put(desk, "a.txt", "may be what it is")
    text = refused(desk)
    assert "data/deep/a.txt" in text
    assert "a.bin" not in text
