"""Last changes as the rooms above ask for them: remembered, bounded, fast on long histories."""

from time import perf_counter

import pytest
from sqlalchemy import func, select
from tests.gitwork import Workshop
from tests.hub.history.conftest import MODEL
from tests.hubbox import HubBox
from tests.people import ADA

from bearhug.hub.history.recent import Recent
from bearhug.hub.history.records import Trail
from bearhug.hub.history.service import WORTH_KEEPING, History
from bearhug.hub.history.store import KEPT
from bearhug.hub.history.tables import trails

LONG = 3_000
MANY = 1_000


def rows(box: HubBox) -> int:
    with box.app.db.reading() as tx:
        return int(tx.execute(select(func.count()).select_from(trails)).scalar_one())


def test_each_named_entry_gets_its_commit(history: History, shop: Workshop) -> None:
    first = shop.commit({"a/one.txt": "1", "two.txt": "2"}, "First")
    second = shop.commit({"two.txt": "3"}, "Second\n\nwith a body")
    found = history.last_commits(shop.folder, second, "", ["a", "two.txt", "gone.txt", ".gitattributes"])
    assert {name: (commit.oid, commit.title) for name, commit in found.items() if name != ".gitattributes"} == {
        "a": (first, "First"),
        "two.txt": (second, "Second"),
    }
    assert found[".gitattributes"].title == "initial commit"
    assert set(history.last_commits(shop.folder, first, "a", ["one.txt"])) == {"one.txt"}


def test_several_folders_are_answered_at_once(history: History, shop: Workshop) -> None:
    shop.commit({"a/x": "1", "b/y": "1"})
    tip = shop.commit({"b/y": "2"})
    found = history.last_changes(shop.folder, tip, {"a": ["x"], "b": ["y"], "gone": ["z"]})
    assert {path: list(commits) for path, commits in found.items()} == {"a": ["x"], "b": ["y"], "gone": []}
    assert found["b"]["y"].oid == tip


def test_short_searches_leave_no_rows(box: HubBox, history: History, shop: Workshop) -> None:
    shop.grow({"a.txt": str(number)} for number in range(20))
    history.last_commits(shop.folder, shop.tip() or "", "", [".gitattributes"])
    assert rows(box) == 0


def test_long_searches_are_remembered_until_the_repository_goes(box: HubBox, history: History, shop: Workshop) -> None:
    shop.grow({"a.txt": str(number)} for number in range(WORTH_KEEPING + 10))
    before = history.last_commits(shop.folder, shop.tip() or "", "", [".gitattributes"])
    assert rows(box) == 1
    newest = shop.commit({"b.txt": "b"})
    assert history.last_commits(shop.folder, newest, "", [".gitattributes"]) == before
    assert rows(box) == 1
    box.app.repos.delete(box.actor(ADA), MODEL)
    assert rows(box) == 0


def test_only_the_newest_searches_of_a_folder_are_kept(box: HubBox, history: History, shop: Workshop) -> None:
    start = shop.tip()
    assert start is not None
    for branch in range(KEPT + 2):
        ref = f"refs/heads/b{branch}"
        shop.git.move_ref(shop.folder, ref, start, old=None)
        shop.grow(({"a.txt": f"{branch} {number}"} for number in range(WORTH_KEEPING)), ref=ref)
        assert history.last_commits(shop.folder, shop.tip(ref) or "", "", [".gitattributes"])
    assert rows(box) == KEPT


def test_a_search_that_is_too_long_says_nothing_wrong_and_goes_on_next_time(box: HubBox, shop: Workshop) -> None:
    history = History(box.app.repos, box.app.git, most_work=WORTH_KEEPING)
    shop.grow({"a.txt": str(number)} for number in range(WORTH_KEEPING + 100))
    tip = shop.tip() or ""
    assert set(history.last_commits(shop.folder, tip, "", ["a.txt", ".gitattributes"])) == {"a.txt"}
    assert set(history.last_commits(shop.folder, tip, "", ["a.txt", ".gitattributes"])) == {"a.txt", ".gitattributes"}


def test_a_repository_without_a_row_is_answered_all_the_same(box: HubBox, history: History) -> None:
    box.app.git.create("0" * 24, {"README.md": b"hello"}, "ada")
    stray = Workshop(box.app.git, "0" * 24)
    stray.grow({"a.txt": str(number)} for number in range(WORTH_KEEPING + 10))
    assert set(history.last_commits(stray.folder, stray.tip() or "", "", ["README.md"])) == {"README.md"}
    assert rows(box) == 0


def test_asking_again_asks_the_database_nothing(box: HubBox, history: History, shop: Workshop) -> None:
    shop.commit({f"{number}.txt": "1" for number in range(20)})
    tip = shop.tip() or ""
    before = history.last_commits(shop.folder, tip, "", ["1.txt", "2.txt"])
    with box.counting() as statements:
        assert history.last_commits(shop.folder, tip, "", ["1.txt", "2.txt"]) == before
    assert [statement for statement in statements if "history_trails" in statement] == []


def test_only_so_many_names_are_held_in_memory() -> None:
    recent = Recent(most=10)
    for number in range(4):
        recent.put("folder", "path", Trail(str(number), "", {"a": "1", "b": "2"}))
    assert [recent.get("folder", "path", str(number)) is not None for number in range(4)] == [False, True, True, True]
    recent.put("folder", "path", Trail("3", "", {"a": "1"}))
    recent.put("folder", "path", Trail("large", "", {str(number): "1" for number in range(10)}))
    assert recent.get("folder", "path", "large") is None
    assert recent.get("folder", "path", "1") is not None


@pytest.mark.slow
def test_thousands_of_commits_to_a_folder_of_a_thousand_files(box: HubBox, history: History, shop: Workshop) -> None:
    shop.grow([{f"data/{number:04}.txt": "0" for number in range(MANY)}])
    shop.grow({f"data/{(number * 7919) % (MANY * 7 // 10):04}.txt": str(number)} for number in range(LONG))
    names = [f"{number:04}.txt" for number in range(MANY)]
    tip = shop.tip() or ""
    began = perf_counter()
    found = history.last_commits(shop.folder, tip, "data", names)
    cold = perf_counter() - began
    assert len(found) == MANY
    assert found[names[-1]].title == "0"
    assert found[names[1]].oid == shop.run("log", "-1", "--format=%H", "main", "--", f"data/{names[1]}").strip()
    newest = shop.commit({"data/0001.txt": "newest"})
    began = perf_counter()
    again = history.last_commits(shop.folder, newest, "data", names)
    warm = perf_counter() - began
    assert again == {**found, "0001.txt": again["0001.txt"]}
    assert again["0001.txt"].oid == newest
    assert warm < cold / 3
