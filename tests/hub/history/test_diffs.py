"""Comparisons: what changed, line by line, and what is too much to show."""

import random

import pytest
from tests.gitwork import Workshop
from tests.hub.history.conftest import MODEL
from tests.hubbox import HubBox
from tests.people import ADA

from bearhug.base.errors import RevisionNotFound, Unprocessable
from bearhug.formats import lfs_pointer
from bearhug.hub.history import command, diffs
from bearhug.hub.history.records import Comparison, FileChange, Spec
from bearhug.hub.history.service import History

SHA = "ab" * 32


class Compared:
    """ada comparing revisions of her model."""

    def __init__(self, box: HubBox, history: History, shop: Workshop) -> None:
        self.box, self.history, self.shop = box, history, shop

    def __call__(self, base: str | None, head: str = "main", *, from_fork: bool = False) -> Comparison:
        return self.history.compare(self.box.actor(ADA), MODEL, Spec(base, head, from_fork))

    def one(self, base: str | None = None, head: str = "main") -> FileChange:
        [file] = self(base, head).files
        return file

    def patch(self, base: str | None = None, head: str = "main") -> str:
        return self.history.patch(self.box.actor(ADA), MODEL, Spec(base, head)).decode()


@pytest.fixture
def compared(box: HubBox, history: History, shop: Workshop) -> Compared:
    return Compared(box, history, shop)


def shown(file: FileChange) -> list[str]:
    return [line.kind + line.text for hunk in file.hunks for line in hunk.lines]


def test_a_changed_file_shows_its_lines_with_their_numbers(compared: Compared) -> None:
    compared.shop.commit({"a.txt": "one\ntwo\nthree\n"})
    compared.shop.commit({"a.txt": "one\n2\nthree\n"})
    file = compared.one()
    assert (file.status, file.path, file.added, file.deleted) == ("M", "a.txt", 1, 1)
    assert shown(file) == [" one", "-two", "+2", " three"]
    assert [(line.old, line.new) for line in file.hunks[0].lines] == [(1, 1), (2, None), (None, 2), (3, 3)]
    assert file.hunks[0].header == "@@ -1,3 +1,3 @@"


def test_added_deleted_and_renamed_files_are_told_apart(compared: Compared) -> None:
    compared.shop.commit({"old.txt": "stays the same\n" * 5, "gone.txt": "x\n"})
    compared.shop.commit({"old.txt": None, "new.txt": "stays the same\n" * 5, "gone.txt": None, "fresh.txt": "y\n"})
    found = {file.path: file for file in compared(None).files}
    assert {path: file.status for path, file in found.items()} == {"new.txt": "R", "gone.txt": "D", "fresh.txt": "A"}
    renamed = found["new.txt"]
    assert renamed.old is not None
    assert (renamed.old.path, renamed.hunks) == ("old.txt", ())
    assert (shown(found["gone.txt"]), shown(found["fresh.txt"])) == (["-x"], ["+y"])


def test_a_missing_end_of_line_is_told(compared: Compared) -> None:
    compared.shop.commit({"a.txt": "one"})
    assert shown(compared.one()) == ["+one", "\\No newline at end of file"]


def test_large_files_are_compared_by_their_sizes(compared: Compared) -> None:
    compared.shop.commit({"m.bin": lfs_pointer.write(SHA, 10)})
    compared.shop.commit({"m.bin": lfs_pointer.write(SHA, 5_000_000_000)})
    file = compared.one()
    assert file.old is not None
    assert file.new is not None
    assert (file.is_large, file.binary, file.old.size, file.new.size) == (True, True, 10, 5_000_000_000)
    assert file.hunks == ()


def test_binary_and_big_files_show_no_lines(compared: Compared) -> None:
    big = "x" * diffs.LARGEST_TEXT + "\n"
    compared.shop.commit({"b.bin": b"a\0b", "big.txt": big, "empty.txt": ""})
    found = {file.path: file for file in compared(None).files}
    assert (found["b.bin"].binary, found["b.bin"].left_out) == (True, False)
    assert (found["big.txt"].binary, found["big.txt"].left_out) == (False, True)
    assert (found["empty.txt"].binary, found["empty.txt"].left_out, found["empty.txt"].added) == (False, False, 0)
    assert all(not file.hunks for file in found.values())


def test_what_is_shown_in_all_is_bounded(shop: Workshop) -> None:
    shop.commit({f"{number}.txt": "x\n" for number in range(4)})
    reading = shop.git.read(shop.folder)
    files, _ = diffs.changes(reading, shop.run("rev-parse", "main^").strip(), shop.tip() or "", most=10)
    few = diffs.with_lines(reading, files, diffs.Room(texts=2))
    assert [file.left_out for file in few] == [False, False, True, True]
    short = diffs.with_lines(reading, files, diffs.Room(size=150))
    assert [file.left_out for file in short] == [False, True, True, True]


def test_only_so_many_files_are_listed(compared: Compared) -> None:
    shop = compared.shop
    shop.commit({f"{number:03}.txt": str(number) for number in range(40)})
    reading, tip = shop.git.read(shop.folder), shop.tip() or ""
    files, cut = diffs.changes(reading, "", tip, most=10)
    assert ([file.path for file in files][1:], cut) == ([f"{number:03}.txt" for number in range(9)], True)
    files, cut = diffs.changes(reading, "", tip, most=41)
    assert (len(files), cut) == (41, False)


def test_two_dots_compare_ends_and_three_compare_with_the_fork(compared: Compared) -> None:
    shop = compared.shop
    fork = shop.commit({"a.txt": "1\n"})
    shop.git.move_ref(shop.folder, "refs/heads/dev", fork, old=None)
    shop.commit({"dev.txt": "d\n"}, ref="refs/heads/dev")
    shop.commit({"main.txt": "m\n"})
    assert [(file.path, file.status) for file in compared("main", "dev").files] == [("dev.txt", "A"), ("main.txt", "D")]
    found = compared("main", "dev", from_fork=True)
    assert ([file.path for file in found.files], found.base) == (["dev.txt"], fork)


def test_histories_with_nothing_in_common_have_no_fork(compared: Compared) -> None:
    compared.shop.commit({"x.txt": "x\n"}, ref="refs/heads/other")
    with pytest.raises(Unprocessable):
        compared("main", "other", from_fork=True)
    assert {file.path for file in compared("main", "other").files} == {".gitattributes", "x.txt"}


def test_a_caret_is_the_first_parent_and_the_empty_tree_is_nothing(compared: Compared) -> None:
    compared.shop.commit({"a.txt": "1\n"})
    tip = compared.shop.commit({"b.txt": "1\n"})
    assert [file.path for file in compared(f"{tip}^", tip).files] == ["b.txt"]
    assert [file.path for file in compared(f"{tip}^^", tip).files] == ["a.txt", "b.txt"]
    assert {file.path for file in compared(diffs.EMPTY_TREE).files} == {".gitattributes", "a.txt", "b.txt"}
    for beyond in ("main^^^^^", "gone^", "^", ""):
        with pytest.raises(RevisionNotFound):
            compared(beyond)


def test_the_first_commit_is_compared_with_nothing(compared: Compared) -> None:
    first = compared.shop.run("rev-list", "--max-parents=0", "main").strip()
    found = compared(None, first)
    assert (found.base, [file.status for file in found.files]) == ("", ["A"])


def test_one_commit_is_shown_with_its_people_and_changes(compared: Compared) -> None:
    tip = compared.shop.commit({"a.txt": "1\n"}, "Add a")
    entered, found = compared.history.commit(compared.box.actor(ADA), MODEL, "main")
    assert (entered.commit.oid, entered.credits[0].user) == (tip, "ada")
    assert [file.path for file in found.files] == ["a.txt"]


def test_a_patch_is_what_git_writes(compared: Compared) -> None:
    shop = compared.shop
    shop.commit({"a.txt": "1\n", "é b.txt": "x\n"})
    shop.commit({"a.txt": "2\n", "é b.txt": None})
    assert compared.patch() == shop.run("diff", "--full-index", "main^", "main")


def test_a_patch_that_is_too_large_is_refused(compared: Compared, monkeypatch: pytest.MonkeyPatch) -> None:
    compared.shop.commit({"a.txt": "line\n" * 1000})
    monkeypatch.setattr(diffs, "MOST_PATCH", 1000)
    with pytest.raises(Unprocessable):
        compared.patch()


def test_git_is_stopped_when_it_takes_too_long(compared: Compared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diffs, "SECONDS", 0.0)
    compared.shop.commit({"a.txt": "1\n"})
    with pytest.raises(Unprocessable):
        compared.patch()


def test_a_command_is_ended_at_its_limit(shop: Workshop) -> None:
    path = shop.git.path(shop.folder)
    assert command.run(path, ["rev-list", "--all"], most=10, seconds=30)[1] is False
    assert command.run(path, ["rev-list", "--all"], most=1000, seconds=30)[1] is True


@pytest.mark.parametrize("seed", range(4))
def test_the_files_that_differ_are_those_that_git_names(compared: Compared, seed: int) -> None:
    chance = random.Random(seed)
    paths = [f"{folder}{name}" for folder in ("", "a/", "a/b/", "ab/") for name in ("x", "y.txt", "z")]
    shop = compared.shop
    for _ in range(2):
        there = {path for path in shop.run("ls-tree", "-r", "--name-only", "main").split() if path in paths}
        gone = {path for path in there if chance.random() < 0.4}
        fresh = {path: str(chance.randint(0, 3)) for path in chance.sample(paths, 5)}
        shop.commit({**dict.fromkeys(gone), **fresh})
    names = shop.run("diff-tree", "-r", "--no-renames", "--name-status", "--no-commit-id", "main").split()
    expected = sorted(zip(names[1::2], names[::2], strict=True))
    found = []
    for file in compared(None).files:
        assert file.old is None or file.new is None or file.old.oid != file.new.oid or file.status == "R"
        if file.status == "R":
            assert file.old is not None
            found += [(file.old.path, "D"), (file.path, "A")]
        else:
            found.append((file.path, file.status))
    assert sorted(found) == expected


def test_a_folder_that_became_a_file_is_all_its_files_and_one_more(compared: Compared) -> None:
    compared.shop.commit({"a/x": "1\n", "a/y": "2\n"})
    compared.shop.commit({"a/x": None, "a/y": None, "a": "3\n"})
    assert [(file.path, file.status) for file in compared(None).files] == [("a", "A"), ("a/x", "D"), ("a/y", "D")]


def test_links_and_submodules_are_told_without_their_content(compared: Compared) -> None:
    shop = compared.shop
    tip = shop.commit({"link": "target"})
    blob = shop.run("rev-parse", "main:link").strip()
    listing = f"120000 blob {blob}\tlink\n160000 commit {'1' * 40}\tmodule\n"
    tree = shop.run("mktree", stdin=listing.encode()).strip()
    commit = shop.run("commit-tree", tree, "-p", tip, "-m", "Odd").strip()
    found = {file.path: file for file in compared(tip, commit).files}
    assert {path: file.status for path, file in found.items()} == {".gitattributes": "D", "link": "T", "module": "A"}
    assert found["module"].hunks == ()


@pytest.mark.parametrize("kind", ["blob", "tree"])
def test_folders_of_folders_of_folders_do_not_take_the_hub_down(compared: Compared, kind: str) -> None:
    """The same folder ten times in a folder, and so on: a few objects that stand for 10^15 files, or for none."""
    shop = compared.shop
    repo = shop.git.read(shop.folder).raw
    oid = str(repo.create_blob(b"boom") if kind == "blob" else repo.TreeBuilder().write())
    for level in range(15):
        builder = repo.TreeBuilder()
        for name in range(10):
            builder.insert(f"{name}", oid, 0o100644 if level == 0 and kind == "blob" else 0o40000)
        oid = str(builder.write())
    tip = shop.tip()
    bomb = shop.run("commit-tree", oid, "-p", tip or "", "-m", "Boom").strip()
    shop.git.move_ref(shop.folder, "refs/heads/main", bomb, old=tip)
    assert compared(None).cut
    with pytest.raises(Unprocessable):
        compared.patch()
    assert compared.history.folder_size(compared.box.actor(ADA), MODEL, "main", "") == (
        4 * 10**15 if kind == "blob" else 0
    )


def test_folders_may_be_nested_deeper_than_python_can_recurse(compared: Compared) -> None:
    path = "d/" * 1500 + "x"
    compared.shop.grow([{path: "deep"}])
    assert compared.one().path == path
    assert compared.history.folder_size(compared.box.actor(ADA), MODEL, "main", "d") == 4
    tip = compared.shop.tip() or ""
    found = compared.history.last_commits(compared.shop.folder, tip, path[:-2], ["x"])
    assert found["x"].oid == tip
