"""Pages of a history, of a branch and of a file."""

import random

import pytest
from tests.gitwork import Workshop
from tests.hub.history.conftest import MODEL
from tests.hubbox import HubBox
from tests.people import ADA

from bearhug.base.errors import EntryNotFound, RevisionNotFound
from bearhug.hub.history import log
from bearhug.hub.history.records import CommitPage
from bearhug.hub.history.service import History


@pytest.fixture
def pages(box: HubBox, history: History, shop: Workshop) -> "Pages":
    return Pages(box, history, shop)


class Pages:
    """ada leafing through her model's past."""

    def __init__(self, box: HubBox, history: History, shop: Workshop) -> None:
        self.box, self.history, self.shop = box, history, shop

    def __call__(self, rev: str = "main", *, page: int = 0, limit: int = 50, path: str = "") -> CommitPage:
        return self.history.commits(self.box.actor(ADA), MODEL, rev, page=page, limit=limit, path=path)


def titles(page: CommitPage) -> list[str]:
    return [entered.commit.title for entered in page.commits]


def test_commits_come_newest_first_in_pages(pages: Pages) -> None:
    pages.shop.grow({"a": str(number)} for number in range(6))
    first, second = pages(limit=4), pages(limit=4, page=1)
    assert (titles(first), first.more, first.total) == (["5", "4", "3", "2"], True, 7)
    assert (titles(second), second.more, second.total) == (["1", "0", "initial commit"], False, 7)
    assert titles(pages(limit=4, page=2)) == []
    assert titles(pages(limit=4, page=10**6)) == []


def test_a_page_that_ends_with_the_first_commit_is_the_last(pages: Pages) -> None:
    pages.shop.grow({"a": str(number)} for number in range(3))
    assert not pages(limit=4).more
    assert pages(limit=3).more


def test_only_first_parents_are_told(pages: Pages) -> None:
    shop = pages.shop
    main = shop.commit({"a": "1"}, "On main")
    shop.git.move_ref(shop.folder, "refs/heads/side", main, old=None)
    side = shop.commit({"b": "1"}, "On the side", ref="refs/heads/side")
    merge = shop.run("commit-tree", f"{side}^{{tree}}", "-p", main, "-p", side, "-m", "Merge").strip()
    shop.git.move_ref(shop.folder, "refs/heads/main", merge, old=main)
    found = pages()
    assert titles(found) == ["Merge", "On main", "initial commit"]
    assert found.total == 3
    assert titles(pages("side")) == ["On the side", "On main", "initial commit"]


def test_a_files_past_holds_what_touched_it(pages: Pages) -> None:
    pages.shop.grow(
        [{"a.txt": "1", "d/x": "1"}, {"b.txt": "1"}, {"a.txt": "2"}, {"d/x": "2"}, {"a.txt": None}, {"b.txt": "2"}]
    )
    assert titles(pages(path="a.txt")) == ["4", "2", "0"]
    assert titles(pages(path="d")) == ["3", "0"]
    found = pages(path="a.txt", limit=2)
    assert (titles(found), found.more, found.total) == (["4", "2"], True, 3)
    assert titles(pages(path="a.txt", limit=2, page=1)) == ["0"]


@pytest.mark.parametrize("path", ["gone.txt", "a.txt/below", "../a.txt", "a\0", "//", "."])
def test_what_never_was_has_no_past(pages: Pages, path: str) -> None:
    pages.shop.commit({"a.txt": "1"})
    with pytest.raises(EntryNotFound):
        pages(path=path)


def test_a_mode_is_part_of_a_file(pages: Pages) -> None:
    shop = pages.shop
    tip = shop.commit({"run.sh": "x"}, "Plain")
    blob = shop.run("rev-parse", "main:run.sh").strip()
    tree = shop.run("mktree", stdin=f"100755 blob {blob}\trun.sh\n".encode()).strip()
    commit = shop.run("commit-tree", tree, "-p", tip, "-m", "Executable").strip()
    shop.git.move_ref(shop.folder, "refs/heads/main", commit, old=tip)
    assert titles(pages(path="run.sh")) == ["Executable", "Plain"]


def test_lengths_are_remembered_and_grow_with_the_branch(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    pages.shop.grow({"a": str(number)} for number in range(5))
    assert pages().total == 6
    pages.shop.commit({"b": "1"})
    monkeypatch.setattr(log, "MOST_COUNTED", 2)
    assert pages().total == 7


def test_a_past_that_is_too_long_is_not_counted(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    pages.shop.grow({"a": str(number)} for number in range(9))
    monkeypatch.setattr(log, "MOST_COUNTED", 5)
    assert (pages(limit=3).total, pages(limit=3).more) == (None, True)
    monkeypatch.setattr(log, "MOST_SEARCHED", 5)
    found = pages(path="a")
    assert (titles(found), found.total) == (["8", "7", "6", "5"], None)


def test_the_past_of_a_file_is_searched_once_and_goes_on_with_the_branch(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.shop.grow({"a": str(number), "b": "b"} for number in range(9))
    assert pages(path="a").total == 9
    pages.shop.commit({"b": "c"}, "Another file")
    pages.shop.commit({"a": "new"}, "Newest")
    monkeypatch.setattr(log, "MOST_SEARCHED", 4)
    found = pages(path="a")
    assert (titles(found)[:2], found.total) == (["Newest", "8"], 10)


@pytest.mark.parametrize("path", ["x", "a", "a/x", "a/b", "a/b/x"])
def test_the_past_of_a_file_is_what_git_says_it_is(pages: Pages, path: str) -> None:
    chance = random.Random(3)
    there: set[str] = set()
    commits: list[dict[str, str | None]] = []
    for number in range(60):
        touched = set(chance.sample(["x", "y", "a/x", "a/y", "a/b/x", "c/x"], 2))
        gone = {one for one in touched if one in there and chance.random() < 0.5}
        there = (there | touched) - gone
        commits.append({one: None if one in gone else str(number) for one in touched})
    pages.shop.grow(commits)
    expected = pages.shop.run("log", "--first-parent", "--format=%s", "main", "--", path).splitlines()
    assert titles(pages(path=path, limit=1000)) == expected


def test_a_missing_revision_is_said_to_be_missing(pages: Pages) -> None:
    for rev in ("gone", "0" * 40, "refs/bearhug/x", "main\0", "a" * 5000):
        with pytest.raises(RevisionNotFound):
            pages(rev)
