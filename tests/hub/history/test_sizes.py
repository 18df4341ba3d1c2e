"""Folders added up, and files blamed."""

import pytest
from sqlalchemy import func, select
from tests.gitwork import Workshop
from tests.hub.history.conftest import MODEL
from tests.hubbox import HubBox
from tests.people import ADA

from bearhug.base.errors import EntryNotFound, Unprocessable
from bearhug.formats import lfs_pointer
from bearhug.hub.history import sizes
from bearhug.hub.history.service import History
from bearhug.hub.history.tables import tree_sizes


class Sized:
    """ada asking how large her folders are."""

    def __init__(self, box: HubBox, history: History) -> None:
        self.box, self.history = box, history

    def __call__(self, path: str, rev: str = "main") -> int:
        return self.history.folder_size(self.box.actor(ADA), MODEL, rev, path)

    def rows(self) -> int:
        with self.box.app.db.reading() as tx:
            return int(tx.execute(select(func.count()).select_from(tree_sizes)).scalar_one())


@pytest.fixture
def sized(box: HubBox, history: History, shop: Workshop) -> Sized:
    assert shop.tip()
    return Sized(box, history)


def test_a_folder_is_as_large_as_all_that_is_below_it(sized: Sized, shop: Workshop) -> None:
    shop.commit({"a/one": "12345", "a/b/two": "123", "top": "1"})
    assert sized("a") == 8
    assert sized("a/b") == 3
    assert sized("") == 9 + int(shop.run("cat-file", "-s", "main:.gitattributes"))


def test_large_files_count_with_their_real_size(sized: Sized, shop: Workshop) -> None:
    shop.commit({"m/model.bin": lfs_pointer.write("ab" * 32, 10**12), "m/note": "x"})
    assert sized("m") == 10**12 + 1


def test_the_same_folder_twice_counts_twice(sized: Sized, shop: Workshop) -> None:
    shop.commit({"all/a/x": "123", "all/b/x": "123"})
    assert sized("all") == 6


@pytest.mark.parametrize("path", ["gone", "top", "a/../a", "..", "a\0"])
def test_what_is_no_folder_has_no_size(sized: Sized, shop: Workshop, path: str) -> None:
    shop.commit({"top": "1", "a/x": "1"})
    with pytest.raises(EntryNotFound):
        sized(path)


def test_large_folders_are_added_up_once(sized: Sized, shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "WORTH_KEEPING", 10)
    shop.commit({f"big/{number}": "1" for number in range(10)} | {"small/x": "1"})
    before = sized("")
    assert sized.rows() == 2
    shop.commit({"small/x": "12"})
    monkeypatch.setattr(sizes, "MOST_ENTRIES", 5)
    assert sized("") == before + 1


def test_too_many_entries_are_not_added_up(sized: Sized, shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "MOST_ENTRIES", 5)
    shop.commit({f"big/{number}": "1" for number in range(10)})
    with pytest.raises(Unprocessable):
        sized("big")


def test_each_line_is_blamed_on_the_commit_that_wrote_it(box: HubBox, history: History, shop: Workshop) -> None:
    first = shop.commit({"d/a.txt": "one\ntwo\nthree\nfour\n"}, "First")
    second = shop.commit({"d/a.txt": "one\n2\n3\nfour\n"}, "Second")
    found = history.blame(box.actor(ADA), MODEL, "main", "d/a.txt")
    assert [(group.first, group.count, group.commit.oid) for group in found] == [
        (1, 1, first),
        (2, 2, second),
        (4, 1, first),
    ]
    assert history.blame(box.actor(ADA), MODEL, first, "d/a.txt")[0].count == 4


@pytest.mark.parametrize("name", [":(top)x", "-x", "a b", "é", "x\ty"])
def test_odd_names_are_blamed_like_others(box: HubBox, history: History, shop: Workshop, name: str) -> None:
    tip = shop.commit({name: "1\n"})
    assert [group.commit.oid for group in history.blame(box.actor(ADA), MODEL, "main", name)] == [tip]


def test_only_text_is_blamed(box: HubBox, history: History, shop: Workshop) -> None:
    shop.commit({"b.bin": b"a\0b", "big.txt": "x" * (1 << 20) + "\n", "d/x": "1"})
    for path in ("b.bin", "big.txt"):
        with pytest.raises(Unprocessable):
            history.blame(box.actor(ADA), MODEL, "main", path)
    for path in ("d", "gone", ""):
        with pytest.raises(EntryNotFound):
            history.blame(box.actor(ADA), MODEL, "main", path)
