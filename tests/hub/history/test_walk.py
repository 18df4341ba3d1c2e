"""The search for last changes, checked against git's own log."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gitwork import Workshop

from bearhug.hub.history.records import Trail
from bearhug.hub.history.walk import Budget, Listing, Walk

ENDLESS = 10**9


def search(shop: Workshop, path: str = "", *, tip: str | None = None, known: dict[str, Trail] | None = None) -> Trail:
    """A whole search from main's tip."""
    start = tip or shop.tip() or ""
    walk = Walk(shop.git.read(shop.folder).raw, Budget(ENDLESS))
    trail = Trail(start, start)
    walk.follow(path, trail, names_in(shop, path, start), known or {})
    return trail


def names_in(shop: Workshop, path: str, tip: str) -> list[str]:
    return [entry.name for entry in shop.git.read(shop.folder).entries(tip, path)]


def as_git_says(shop: Workshop, path: str, name: str, tip: str = "main") -> str:
    full = f"{path}/{name}" if path else name
    return shop.run("log", "-1", "--first-parent", "--format=%H", tip, "--", full).strip()


def entry(name: bytes, letter: bytes) -> bytes:
    return b"100644 " + name + b"\0" + letter * 20


def test_every_entry_has_the_commit_that_changed_it(shop: Workshop) -> None:
    chance = random.Random(7)
    files = [f"{folder}f{number}.txt" for folder in ("", "a/", "a/b/", "c/") for number in range(8)]
    there: set[str] = set()
    commits: list[dict[str, str | None]] = []
    for number in range(80):
        touched = chance.sample(files, chance.randint(1, 4))
        removed = {path for path in touched if path in there and chance.random() < 0.3}
        there = (there | set(touched)) - removed
        commits.append({path: None if path in removed else f"{number} {path}" for path in touched})
    shop.grow(commits)
    for path in ("", "a", "a/b", "c"):
        trail = search(shop, path)
        names = names_in(shop, path, shop.tip() or "")
        assert trail.found == {name: as_git_says(shop, path, name) for name in names}
        assert trail.frontier == ""


def test_a_folder_changes_when_anything_below_it_does(shop: Workshop) -> None:
    shop.commit({"a/b/c.txt": "1", "top.txt": "1"})
    deep = shop.commit({"a/b/c.txt": "2"})
    shop.commit({"top.txt": "2"})
    assert search(shop).found["a"] == deep
    assert search(shop, "a").found == {"b": deep}


def test_a_file_that_came_back_is_as_old_as_its_return(shop: Workshop) -> None:
    shop.commit({"a.txt": "same", "b.txt": "b"})
    shop.commit({"a.txt": None})
    back = shop.commit({"a.txt": "same"})
    assert search(shop).found["a.txt"] == back


def test_a_merge_counts_as_the_commit_that_brought_the_change(shop: Workshop) -> None:
    shop.commit({"a.txt": "1"})
    base = shop.tip() or ""
    shop.git.move_ref(shop.folder, "refs/heads/side", base, old=None)
    side = shop.commit({"side.txt": "side"}, ref="refs/heads/side")
    main = shop.commit({"a.txt": "2"})
    tree = shop.run("merge-tree", "--write-tree", main, side).strip()
    merge = shop.run("commit-tree", tree, "-p", main, "-p", side, "-m", "Merge").strip()
    shop.git.move_ref(shop.folder, "refs/heads/main", merge, old=main)
    found = search(shop).found
    assert (found["side.txt"], found["a.txt"]) == (merge, main)


def test_a_search_stops_when_its_budget_is_spent_and_goes_on_from_there(shop: Workshop) -> None:
    shop.commit({"old.txt": "old", "new.txt": "new"})
    shop.grow({"new.txt": str(number)} for number in range(30))
    tip = shop.tip() or ""
    trail = Trail(tip, tip)
    rounds = 0
    while "old.txt" not in trail.found:
        Walk(shop.git.read(shop.folder).raw, Budget(10)).follow("", trail, ["old.txt", "new.txt"], {})
        rounds += 1
        assert trail.found["new.txt"] == tip
    assert rounds == 4
    assert trail.found["old.txt"] == as_git_says(shop, "", "old.txt")


def test_a_search_goes_no_further_than_it_was_asked_to(shop: Workshop) -> None:
    shop.commit({"old.txt": "old"})
    shop.grow({"new.txt": str(number)} for number in range(30))
    tip = shop.tip() or ""
    trail, budget = Trail(tip, tip), Budget(ENDLESS)
    Walk(shop.git.read(shop.folder).raw, budget).follow("", trail, ["new.txt"], {})
    assert budget.spent <= 2
    assert set(trail.found) == {"new.txt"}


def test_what_an_earlier_search_found_is_taken_over(shop: Workshop) -> None:
    shop.commit({f"f{number}.txt": "1" for number in range(5)})
    shop.grow({"f0.txt": str(number)} for number in range(20))
    before = search(shop)
    newest = shop.commit({"f1.txt": "2", "f2.txt": None})
    trail, budget = Trail(newest, newest), Budget(ENDLESS)
    walk = Walk(shop.git.read(shop.folder).raw, budget)
    walk.follow("", trail, names_in(shop, "", newest), {before.tip: before})
    assert budget.spent <= 3
    assert trail.found == {name: as_git_says(shop, "", name) for name in names_in(shop, "", newest)}


def test_an_unfinished_search_is_taken_over_and_finished(shop: Workshop) -> None:
    shop.commit({"old.txt": "1", "new.txt": "1"})
    shop.grow({"new.txt": str(number)} for number in range(20))
    tip = shop.tip() or ""
    half = Trail(tip, tip)
    Walk(shop.git.read(shop.folder).raw, Budget(8)).follow("", half, ["old.txt"], {})
    assert half.frontier not in ("", tip)
    newest = shop.commit({"third.txt": "3"})
    found = search(shop, known={half.tip: half}).found
    assert found == {name: as_git_says(shop, "", name) for name in names_in(shop, "", newest)}


def test_folders_that_are_not_there_have_no_last_changes(shop: Workshop) -> None:
    shop.commit({"a/b.txt": "1"})
    assert search_nothing(shop, "gone") == {}
    assert search_nothing(shop, "a/b.txt") == {}


def search_nothing(shop: Workshop, path: str) -> dict[str, str]:
    tip = shop.tip() or ""
    trail = Trail(tip, tip)
    Walk(shop.git.read(shop.folder).raw, Budget(ENDLESS)).follow(path, trail, ["x", "..", ""], {})
    return trail.found


def test_names_that_are_no_text_are_found_too(shop: Workshop) -> None:
    blob = shop.run("hash-object", "-w", "--stdin", stdin=b"x").strip()
    tree = shop.run("mktree", "-z", stdin=b"100644 blob " + blob.encode() + b"\tn\xf6me\0").strip()
    commit = shop.run("commit-tree", tree, "-m", "Odd", "-p", shop.tip() or "").strip()
    assert search(shop, tip=commit).found == {"n\udcf6me": commit}


names = st.binary(min_size=1, max_size=4).filter(lambda name: b"\0" not in name and b"/" not in name)
letters = st.sampled_from([b"a", b"\0", b" ", b"1", b"0"])
trees = st.dictionaries(names, letters, max_size=8)


@given(st.lists(trees, min_size=2, max_size=5))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_stepping_back_tells_exactly_what_differs(versions: list[dict[bytes, bytes]]) -> None:
    raws = [b"".join(entry(name, tree[name]) for name in sorted(tree)) for tree in versions]
    listing = Listing(raws[0])
    for newer, older, raw in zip(versions, versions[1:], raws[1:], strict=False):
        differ = {name for name in newer.keys() | older.keys() if older.get(name) != newer.get(name)}
        assert set(listing.step(raw)) == {name.decode("utf-8", "surrogateescape") for name in differ}
        assert sorted(listing.names()) == sorted(name.decode("utf-8", "surrogateescape") for name in older)


@pytest.mark.parametrize("size", [0, 1, 500])
def test_a_tree_that_did_not_change_tells_nothing(size: int) -> None:
    raw = b"".join(entry(b"%04d" % number, b"x") for number in range(size))
    assert Listing(raw).step(raw) == []
