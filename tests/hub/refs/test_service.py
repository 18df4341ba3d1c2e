"""Branches, tags and squashing, down to what git holds."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from tests.gitwork import Workshop
from tests.hubbox import HubBox
from tests.people import ADA

from bearhug.base.errors import BadRequest, Conflict, Forbidden, RevisionNotFound
from bearhug.base.events import events
from bearhug.hub.git.records import MAIN, ZERO_OID
from bearhug.hub.refs.records import NewBranch, NewTag
from bearhug.hub.refs.service import LONGEST_MESSAGE, Refs
from bearhug.hub.repos.records import RepoName

MODEL = RepoName("model", "ada", "model")


class Desk:
    """ada at work on the references of her model."""

    def __init__(self, box: HubBox, shop: Workshop) -> None:
        self.box = box
        self.shop = shop
        self.refs: Refs = box.app.refs
        self.ada = box.actor(ADA)

    def branch(self, name: str, start: str | None = None, *, empty: bool = False, overwrite: bool = False) -> str:
        return self.refs.create_branch(self.ada, MODEL, NewBranch(name, start, empty, overwrite))

    def tag(self, name: str, revision: str = "main", message: str | None = None) -> str:
        return self.refs.create_tag(self.ada, MODEL, NewTag(name, revision, message))

    def names(self) -> list[str]:
        return self.shop.run("for-each-ref", "--format=%(refname)").split()

    def told(self) -> list[tuple[str, str, str]]:
        with self.box.app.db.reading() as tx:
            rows = tx.execute(select(events.c.payload).where(events.c.kind == "repo.pushed").order_by(events.c.id))
            return [(row[0]["ref"], row[0]["old"], row[0]["new"]) for row in rows]


@pytest.fixture
def desk(box: HubBox, shop: Workshop) -> Iterator[Desk]:
    found = Desk(box, shop)
    yield found
    assert shop.git.unsettled() == []


def test_a_branch_starts_at_main_unless_told_otherwise(desk: Desk) -> None:
    first = desk.shop.run("rev-list", "--max-parents=0", "main").strip()
    assert desk.branch("dev") == desk.shop.tip()
    assert desk.branch("old", first[:8]) == first
    assert desk.shop.tip("refs/heads/old") == first


def test_a_branch_may_start_at_a_tag_or_a_pull_request(desk: Desk) -> None:
    desk.tag("v1", message="The first")
    pull = desk.shop.commit({"b.txt": "b"}, ref="refs/pr/1")
    assert desk.branch("from-tag", "v1") == desk.shop.tip()
    assert desk.branch("from-pull", "refs/pr/1") == pull


def test_a_new_branch_is_told_to_those_who_listen(desk: Desk) -> None:
    oid = desk.branch("dev")
    assert desk.told() == [("refs/heads/dev", ZERO_OID, oid)]


def test_a_branch_that_exists_stays_and_is_refused(desk: Desk) -> None:
    oid = desk.branch("dev")
    desk.shop.commit({"b.txt": "b"})
    with pytest.raises(Conflict, match="Reference refs/heads/dev already exists"):
        desk.branch("dev")
    assert desk.shop.tip("refs/heads/dev") == oid


def test_overwriting_moves_a_branch_only_where_a_start_is_given(desk: Desk) -> None:
    before = desk.branch("dev")
    later = desk.shop.commit({"b.txt": "b"})
    assert desk.branch("dev", overwrite=True) == before
    assert desk.branch("dev", "main", overwrite=True) == later
    assert desk.shop.tip("refs/heads/dev") == later


def test_an_empty_branch_has_one_commit_and_no_files(desk: Desk) -> None:
    desk.branch("fresh", empty=True)
    assert desk.shop.run("ls-tree", "-r", "fresh") == ""
    assert desk.shop.run("rev-list", "--count", "fresh").strip() == "1"


def test_a_branch_from_nowhere_is_a_revision_not_found(desk: Desk) -> None:
    with pytest.raises(RevisionNotFound):
        desk.branch("dev", "gone")
    assert "refs/heads/dev" not in desk.names()


@pytest.mark.parametrize("other", ["dev/x", "dev/x/y/z"])
def test_a_branch_cannot_be_a_folder_of_another(desk: Desk, other: str) -> None:
    desk.branch("dev/x/y")
    with pytest.raises(Conflict):
        desk.branch(other)
    assert desk.told()[1:] == []


def test_a_tag_of_the_same_name_does_not_stand_in_the_way(desk: Desk) -> None:
    desk.tag("same")
    desk.branch("same")
    assert {"refs/heads/same", "refs/tags/same"} <= set(desk.names())


def test_main_is_never_deleted(desk: Desk) -> None:
    with pytest.raises(Forbidden, match="Cannot delete refs/heads/main"):
        desk.refs.delete_branch(desk.ada, MODEL, "main")
    assert MAIN in desk.names()


def test_deleting_a_branch_is_told_and_happens_once(desk: Desk) -> None:
    oid = desk.branch("dev")
    desk.refs.delete_branch(desk.ada, MODEL, "dev")
    assert desk.told()[-1] == ("refs/heads/dev", oid, ZERO_OID)
    with pytest.raises(RevisionNotFound, match="Invalid rev id"):
        desk.refs.delete_branch(desk.ada, MODEL, "dev")


@pytest.mark.parametrize("name", ["../../config", "a\0b", "", "x" * 5000])
def test_deleting_what_cannot_be_a_branch_is_a_revision_not_found(desk: Desk, name: str) -> None:
    with pytest.raises(RevisionNotFound):
        desk.refs.delete_branch(desk.ada, MODEL, name)


def test_a_tag_with_a_message_is_an_object_of_its_own(desk: Desk) -> None:
    desk.tag("light")
    desk.tag("heavy", message="The first release")
    assert desk.shop.run("cat-file", "-t", "light").strip() == "commit"
    assert desk.shop.run("cat-file", "-t", "heavy").strip() == "tag"
    assert "The first release" in desk.shop.run("cat-file", "-p", "heavy")
    listed = desk.refs.list(desk.ada, MODEL, pulls=False)
    assert {(ref.name, ref.oid) for ref in listed.tags} == {("light", desk.shop.tip()), ("heavy", desk.shop.tip())}


@pytest.mark.parametrize("message", [None, "Words"])
def test_tags_go_as_they_came(desk: Desk, message: str | None) -> None:
    desk.tag("v1", message=message)
    with pytest.raises(Conflict):
        desk.tag("v1")
    desk.refs.delete_tag(desk.ada, MODEL, "v1")
    assert "refs/tags/v1" not in desk.names()
    with pytest.raises(RevisionNotFound):
        desk.refs.delete_tag(desk.ada, MODEL, "v1")


def test_a_tag_cannot_be_a_folder_of_another(desk: Desk) -> None:
    desk.tag("v1", message="Words")
    with pytest.raises(Conflict):
        desk.tag("v1/final", message="Words")


def test_long_messages_are_refused(desk: Desk) -> None:
    with pytest.raises(BadRequest):
        desk.tag("v1", message="x" * (LONGEST_MESSAGE + 1))


def test_squashing_keeps_the_files_and_the_log_keeps_the_old_tip(desk: Desk) -> None:
    old = desk.shop.commit({"b.txt": "b"}, "Two")
    tree = desk.shop.run("rev-parse", "main^{tree}")
    oid = desk.refs.squash(desk.ada, MODEL, "main", "Fresh start\n\nwith reasons")
    assert desk.shop.tip() == oid
    assert desk.shop.run("rev-parse", "main^{tree}") == tree
    assert desk.shop.run("rev-list", "--count", "main").strip() == "1"
    assert desk.shop.run("log", "-1", "--format=%an %B", "main").split() == ["ada", "Fresh", "start", "with", "reasons"]
    assert old in desk.shop.run("reflog", "show", "--format=%H", "--no-abbrev", "main")
    with desk.box.app.db.reading() as tx:
        assert desk.box.app.repos.open(tx, desk.ada, MODEL).head == oid


def test_a_pull_request_is_squashed_and_logged_too(desk: Desk) -> None:
    desk.shop.commit({"b.txt": "b"}, ref="refs/pr/1")
    old = desk.shop.commit({"c.txt": "c"}, ref="refs/pr/1")
    desk.refs.squash(desk.ada, MODEL, "refs/pr/1", None)
    assert desk.shop.run("rev-list", "--count", "refs/pr/1").strip() == "1"
    assert old in (desk.shop.git.path(desk.shop.folder) / "logs/refs/pr/1").read_text()


@pytest.mark.parametrize("rev", ["v1", "refs/tags/v1", "refs/convert/parquet", "gone", "refs/bearhug/x"])
def test_only_branches_and_pull_requests_are_squashed(desk: Desk, rev: str) -> None:
    desk.tag("v1")
    desk.shop.commit({"c.txt": "c"}, ref="refs/convert/parquet")
    with pytest.raises(RevisionNotFound):
        desk.refs.squash(desk.ada, MODEL, rev, None)


def test_references_are_listed_by_their_kinds_main_first(desk: Desk) -> None:
    desk.branch("a-branch")
    for number in (10, 9):
        desk.shop.commit({"c.txt": str(number)}, ref=f"refs/pr/{number}")
    desk.shop.commit({"c.txt": "c"}, ref="refs/convert/parquet")
    desk.shop.commit({"c.txt": "c"}, ref="refs/bearhug/secret")
    listed = desk.refs.list(desk.ada, MODEL, pulls=True)
    assert [ref.name for ref in listed.branches] == ["main", "a-branch"]
    assert [ref.ref for ref in listed.converts] == ["refs/convert/parquet"]
    assert listed.pulls is not None
    assert [ref.ref for ref in listed.pulls] == ["refs/pr/9", "refs/pr/10"]
    assert desk.refs.list(desk.ada, MODEL, pulls=False).pulls is None


def test_of_many_who_make_the_same_branch_one_succeeds(desk: Desk) -> None:
    def attempt(_number: int) -> bool:
        try:
            desk.branch("race")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1
    assert len(desk.told()) == 1
