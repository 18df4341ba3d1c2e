"""Listing large files, deleting them for good, giving them to other repositories."""

import os
import re
from collections.abc import Mapping
from typing import Any

import pytest
from tests.gitwork import Workshop
from tests.hub.lfs.conftest import Sender, sha
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE, LAB, NOBODY, Person

from bearhug.formats import lfs_pointer
from bearhug.hub.lfs.service import GRACE

BIG, OTHER = os.urandom(2000), os.urandom(3000)
API = "/api/models/ada/m/lfs-files"


class Desk:
    """ada's repository m, where large files are sent and committed."""

    def __init__(self, box: HubBox) -> None:
        self.box = box
        self.sender = Sender(box)
        self.repo_id = self.sender.create(ADA, "m")
        with box.app.db.reading() as tx:
            repo = box.app.repos.get(tx, self.repo_id)
        assert repo is not None
        self.shop = Workshop(box.app.git, repo.folder)

    def commit(self, files: Mapping[str, bytes | None], ref: str = "refs/heads/main") -> str:
        """Commit large files, as a push would."""
        changes: dict[str, str | bytes | None] = {}
        for path, content in files.items():
            if content is not None and not self.sender.holds(self.repo_id, sha(content)):
                self.sender.send(ADA, "ada/m", content)
            changes[path] = None if content is None else lfs_pointer.write(sha(content), len(content))
        oid = self.shop.commit(changes, ref=ref)
        with self.box.app.db.writing() as tx:
            self.box.app.lfs.link(tx, self.repo_id, [sha(content) for content in files.values() if content])
        return oid

    def listed(self, query: str = "") -> list[dict[str, Any]]:
        answer = self.box.get(ADA, f"{API}?{query}")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found


@pytest.fixture
def desk(box: HubBox) -> Desk:
    return Desk(box)


# listing -----------------------------------------------------------------------------------------------------


def test_files_of_all_history_are_listed_with_a_name(desk: Desk) -> None:
    desk.commit({"d/big.bin": BIG})
    desk.commit({"d/big.bin": OTHER})
    found = {item["fileOid"]: item for item in desk.listed()}
    assert set(found) == {sha(BIG), sha(OTHER)}
    item = found[sha(BIG)]
    assert (item["filename"], item["size"], item["ref"], item["oid"]) == (
        "d/big.bin",
        len(BIG),
        "refs/heads/main",
        sha(BIG),
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", item["pushedAt"])


def test_files_of_other_branches_are_listed_too(desk: Desk) -> None:
    desk.commit({"x.bin": BIG}, ref="refs/heads/dev")
    assert [item["ref"] for item in desk.listed()] == ["refs/heads/dev"]


def test_uploads_without_a_commit_are_not_listed(desk: Desk) -> None:
    desk.sender.send(ADA, "ada/m", BIG)
    assert desk.listed() == []


def test_a_file_that_no_history_shows_any_more_goes_by_its_hash(desk: Desk) -> None:
    desk.sender.send(ADA, "ada/m", BIG)
    with desk.box.app.db.writing() as tx:
        desk.box.app.lfs.link(tx, desk.repo_id, [sha(BIG)])
    [item] = desk.listed()
    assert item["filename"] == sha(BIG)
    assert "ref" not in item


def test_long_lists_come_in_pages(desk: Desk) -> None:
    contents = [os.urandom(200) for _ in range(5)]
    desk.commit({f"{number}.bin": content for number, content in enumerate(contents)})
    seen: list[str] = []
    url = f"{API}?limit=2"
    while url:
        answer = desk.box.get(ADA, url)
        seen += [item["oid"] for item in answer.json()]
        link = re.match(r"<http://hub\.test(.*)>; rel=\"next\"", answer.headers.get("link", ""))
        url = link[1] if link else ""
    assert seen == sorted(sha(content) for content in contents)
    assert desk.box.get(ADA, f"{API}?cursor=nonsense").status_code == 400


def test_many_references_are_looked_through(desk: Desk) -> None:
    tip = desk.commit({"x.bin": BIG})
    for number in range(60):
        desk.shop.run("update-ref", f"refs/heads/b{number:02}", tip)
    desk.commit({"y.bin": OTHER}, ref="refs/heads/b59")
    found = {item["filename"]: item.get("ref") for item in desk.listed()}
    assert found == {"x.bin": "refs/heads/main", "y.bin": None}


# deleting ----------------------------------------------------------------------------------------------------


def delete(desk: Desk, person: Person, *oids: str, rewrite: bool) -> int:
    body = {"deletions": {"sha": list(oids), "rewriteHistory": rewrite}}
    return desk.box.post(person, f"{API}/batch", json=body).status_code


def test_a_deleted_file_is_gone_from_disk_and_from_history(desk: Desk) -> None:
    desk.commit({"a.bin": BIG, "b.bin": OTHER})
    before = desk.commit({"c.bin": BIG})
    assert delete(desk, ADA, sha(BIG), rewrite=True) == 200
    tip = desk.shop.tip()
    assert tip != before
    assert desk.shop.run("ls-tree", "-r", "--name-only", "main").split() == [".gitattributes", "b.bin"]
    with desk.box.app.db.reading() as tx:
        repo = desk.box.app.repos.get(tx, desk.repo_id)
    assert repo is not None
    assert repo.head == tip
    desk.box.settle()
    assert [path.name for path in desk.sender.files()] == [sha(OTHER)]
    assert [item["oid"] for item in desk.listed()] == [sha(OTHER)]
    assert "upload" in desk.sender.one(ADA, "ada/m", BIG)["actions"]


def test_without_rewriting_history_keeps_its_pointers(desk: Desk) -> None:
    tip = desk.commit({"a.bin": BIG})
    assert desk.box.delete(ADA, f"{API}/{sha(BIG)}").status_code == 200
    assert desk.shop.tip() == tip
    desk.box.settle()
    assert desk.sender.files() == []
    assert desk.listed() == []


def test_one_file_can_be_deleted_from_history_too(desk: Desk) -> None:
    desk.commit({"a.bin": BIG})
    assert desk.box.delete(ADA, f"{API}/{sha(BIG)}?rewriteHistory=true").status_code == 200
    assert desk.shop.run("ls-tree", "-r", "--name-only", "main").split() == [".gitattributes"]


def test_what_another_repository_holds_stays_there(desk: Desk) -> None:
    desk.commit({"a.bin": BIG})
    desk.sender.create(EVE, "mine")
    desk.sender.send(EVE, "eve/mine", BIG)
    delete(desk, ADA, sha(BIG), rewrite=False)
    desk.box.settle()
    assert desk.sender.fetch(EVE, "eve/mine", BIG) == BIG
    assert desk.sender.one(ADA, "ada/m", BIG, "download")["error"]["code"] == 404


def test_deleting_what_is_not_there_does_nothing(desk: Desk) -> None:
    tip = desk.commit({"a.bin": BIG})
    assert delete(desk, ADA, "b" * 64, rewrite=True) == 200
    assert delete(desk, ADA, rewrite=True) == 200
    assert desk.shop.tip() == tip
    assert len(desk.listed()) == 1


@pytest.mark.parametrize(("person", "status"), [(BOB, 403), (EVE, 403), (NOBODY, 401)])
def test_only_owners_delete(desk: Desk, person: Person, status: int) -> None:
    desk.commit({"a.bin": BIG})
    assert delete(desk, person, sha(BIG), rewrite=True) == status
    assert len(desk.listed()) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"deletions": []},
        {"deletions": {}},
        {"deletions": {"sha": "a" * 64}},
        {"deletions": {"sha": ["x"]}},
        {"deletions": {"sha": [1]}},
        {"deletions": {"sha": ["a" * 64] * 1001}},
    ],
)
def test_a_deletion_must_name_files(desk: Desk, body: dict[str, Any]) -> None:
    assert desk.box.post(ADA, f"{API}/batch", json=body).status_code == 400


# giving ------------------------------------------------------------------------------------------------------


def duplicate(desk: Desk, person: Person, target: str, *oids: str) -> tuple[int, list[str]]:
    files = [{"xetHash": None, "sha256": oid, "filename": "x"} for oid in oids]
    body = {"target": {"type": "model", "name": target}, "files": files}
    answer = desk.box.post(person, f"{API}/duplicate", json=body)
    failed = answer.json().get("failed", []) if answer.status_code == 200 else []
    assert all(item["error"] for item in failed)
    return answer.status_code, [item["sha256"] for item in failed]


def test_a_file_is_given_without_being_sent(desk: Desk) -> None:
    desk.commit({"a.bin": BIG})
    mine = desk.sender.create(EVE, "mine")
    assert duplicate(desk, EVE, "eve/mine", sha(BIG), "b" * 64) == (200, ["b" * 64])
    assert desk.sender.holds(mine, sha(BIG))
    assert len(desk.sender.files()) == 1
    assert duplicate(desk, EVE, "eve/mine", sha(BIG)) == (200, [])


def test_what_is_not_committed_is_not_given(desk: Desk) -> None:
    desk.sender.send(ADA, "ada/m", BIG)
    mine = desk.sender.create(EVE, "mine")
    assert duplicate(desk, EVE, "eve/mine", sha(BIG)) == (200, [sha(BIG)])
    assert not desk.sender.holds(mine, sha(BIG))


def test_giving_needs_reading_here_and_writing_there(desk: Desk) -> None:
    desk.commit({"a.bin": BIG})
    desk.sender.create(EVE, "mine")
    assert duplicate(desk, BOB, "eve/mine", sha(BIG))[0] == 403
    assert duplicate(desk, NOBODY, "eve/mine", sha(BIG))[0] == 401
    app = desk.box.app
    app.repos.change_settings(desk.box.actor(ADA), desk.sender.name("ada/m"), private=True)
    assert duplicate(desk, EVE, "eve/mine", sha(BIG))[0] == 404
    assert duplicate(desk, ADA, f"{LAB}/absent", sha(BIG))[0] == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"target": {"type": "bucket", "name": "a/b"}, "files": []},
        {"target": {"type": "model", "name": "b"}, "files": []},
        {"target": {"type": "model", "name": "a/b"}},
        {"target": {"type": "model", "name": "a/b"}, "files": [1]},
        {"target": {"type": "model", "name": "a/b"}, "files": [{"sha256": "a" * 64}] * 501},
    ],
)
def test_giving_must_name_files_and_a_target(desk: Desk, body: dict[str, Any]) -> None:
    assert desk.box.post(ADA, f"{API}/duplicate", json=body).status_code == 400


def test_grace_is_longer_than_an_address_lives() -> None:
    assert GRACE.total_seconds() >= 24 * 3600
