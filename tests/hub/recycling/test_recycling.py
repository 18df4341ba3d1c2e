"""The way of what is deleted: step by step, late enough for every client, and never what somebody needs."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from tests.people import ADA, NOBODY
from tests.xetbox import Packed, XetClient, noise, pack, sha

from bearhug.base import clock
from bearhug.formats.xet_hashes import hash_to_text
from bearhug.hub.recycling.records import Step
from bearhug.hub.repos.records import RepoName

BODY, OTHER = noise(1, 300_000), noise(2, 300_000)


class Calendar:
    """Lets days pass for the rows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._now = clock.now
        self._later = timedelta()
        monkeypatch.setattr(clock, "now", lambda: self._now() + self._later)

    def days(self, count: float) -> None:
        self._later += timedelta(days=count)


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    return Calendar(monkeypatch)


def steps(xet: XetClient, *, mend: bool = True) -> list[Step]:
    return [discard.step for discard in xet.box.app.recycling.round(mend=mend)]


def files(xet: XetClient) -> list[Path]:
    return [path for path in xet.box.config.xorbs.rglob("*") if len(path.name) == 64]


def shards(xet: XetClient) -> list[str]:
    return list(xet.box.app.recipes.journal.walk())


def delete_branch_with(xet: XetClient, content: bytes) -> Packed:
    """A large file on a branch of its own, which is then deleted."""
    packed = xet.send(ADA, "ada/m", content)
    address = "/api/models/ada/m/branch/side"
    assert xet.box.post(ADA, address, json={}).status_code < 300
    lines = [
        {"key": "header", "value": {"summary": "Add"}},
        {"key": "lfsFile", "value": {"path": "w.bin", "algo": "sha256", "oid": sha(content), "size": len(content)}},
    ]
    body = "".join(json.dumps(line) + "\n" for line in lines)
    headers = {"content-type": "application/x-ndjson"}
    assert xet.box.post(ADA, "/api/models/ada/m/commit/side", content=body, headers=headers).status_code == 200
    xet.grind()
    assert xet.box.delete(ADA, address).status_code < 300
    return packed


def test_what_history_reaches_stays_for_ever(xet: XetClient, calendar: Calendar) -> None:
    xet.add(ADA, "ada/m", {"w.bin": BODY})
    xet.box.post(
        ADA,
        "/api/models/ada/m/commit/main",
        content='{"key":"header","value":{"summary":"Delete"}}\n{"key":"deletedFile","value":{"path":"w.bin"}}\n',
        headers={"content-type": "application/x-ndjson"},
    )
    xet.grind()
    for _ in range(6):
        calendar.days(30)
        assert steps(xet) == []
    assert len(files(xet)) == 1


def test_a_deleted_branch_goes_step_by_step(xet: XetClient, calendar: Calendar) -> None:
    delete_branch_with(xet, BODY)
    assert steps(xet) == []
    calendar.days(8)
    assert steps(xet) == [Step.UNLINK]
    calendar.days(2)
    assert steps(xet) == [Step.FORGET, Step.FORGET, Step.CONDEMN]
    assert shards(xet) == []
    assert steps(xet) == []
    assert len(files(xet)) == 1
    calendar.days(3)
    assert steps(xet) == [Step.REMOVE]
    assert files(xet) == []
    assert steps(xet) == []


def test_condemning_begins_a_new_epoch_once(xet: XetClient, calendar: Calendar) -> None:
    xet.send(ADA, "ada/m", BODY)
    seen = [xet.door(ADA, "ada/m").path]
    for days in (8, 2, 1, 0):
        calendar.days(days)
        steps(xet)
        seen.append(xet.door(ADA, "ada/m").path)
    assert len(set(seen)) == 2


def test_an_upload_in_the_making_is_left_alone(xet: XetClient, calendar: Calendar) -> None:
    packed = xet.send(ADA, "ada/m", BODY)
    calendar.days(5)
    assert steps(xet) == []
    assert xet.commit(ADA, "ada/m", {"w.bin": BODY}).status_code == 200
    calendar.days(30)
    assert steps(xet) == []
    assert xet.fetch(ADA, "ada/m", packed.name) == BODY


def test_xorbs_that_no_shard_followed_go(xet: XetClient, calendar: Calendar) -> None:
    packed = xet.send(ADA, "ada/m", BODY)
    door = xet.door(ADA, "ada/m")
    lonely = next(iter(pack(OTHER).bodies.items()))
    door.post(f"/v1/xorbs/default/{lonely[0]}", content=lonely[1])
    xet.commit(ADA, "ada/m", {"w.bin": BODY})
    calendar.days(8)
    assert steps(xet) == [Step.CONDEMN]
    calendar.days(3)
    assert steps(xet) == [Step.REMOVE]
    assert [path.name for path in files(xet)] == list(packed.bodies)


@pytest.mark.parametrize("saviour", ["grant", "xorb", "shard"])
def test_a_condemned_xorb_is_saved_by_whoever_needs_it(xet: XetClient, calendar: Calendar, saviour: str) -> None:
    """A client may hold knowledge that is weeks old, or have begun before the new epoch."""
    packed = xet.send(ADA, "ada/m", BODY)
    door = xet.door(ADA, "ada/m")
    calendar.days(9)
    xet.box.app.lfs.collect()
    assert Step.CONDEMN in steps(xet)
    [(name, body)] = packed.bodies.items()
    if saviour == "grant":
        assert door.post(f"/v1/xorb-grants/default/{name}", json={"length": 1}).status_code == 200
    elif saviour == "xorb":
        assert door.post(f"/v1/xorbs/default/{name}", content=body).status_code == 200
    assert door.post("/v1/shards", content=packed.shard).status_code == 200
    calendar.days(3)
    assert steps(xet) == []
    assert xet.commit(ADA, "ada/m", {"w.bin": BODY}).status_code == 200
    assert xet.fetch(ADA, "ada/m", packed.name) == BODY


def test_a_removed_xorb_can_come_again(xet: XetClient, calendar: Calendar) -> None:
    packed = xet.send(ADA, "ada/m", BODY)
    for days in (9, 2, 3):
        calendar.days(days)
        steps(xet)
    assert files(xet) == []
    answer = xet.door(ADA, "ada/m").post("/v1/shards", content=packed.shard)
    assert answer.status_code == 400
    xet.add(ADA, "ada/m", {"w.bin": BODY})
    assert xet.box.get(NOBODY, "/ada/m/resolve/main/w.bin").content == BODY


def test_what_two_repositories_share_stays_with_either(xet: XetClient, calendar: Calendar) -> None:
    xet.add(ADA, "ada/m", {"w.bin": BODY})
    xet.box.post(ADA, "/api/models/ada/m/duplicate", json={"repository": "ada/copy"})
    xet.grind()
    xet.box.app.repos.delete(xet.box.actor(ADA), RepoName("model", "ada", "m"))
    for _ in range(4):
        calendar.days(10)
        assert steps(xet) == []
    assert xet.box.get(NOBODY, "/ada/copy/resolve/main/w.bin").content == BODY


def test_history_that_cannot_be_read_keeps_everything(xet: XetClient, calendar: Calendar) -> None:
    delete_branch_with(xet, BODY)
    calendar.days(8)
    with xet.box.app.db.reading() as tx:
        repo = xet.box.app.repos.get(tx, xet.repo_id(ADA, "ada/m"))
    assert repo is not None
    objects = xet.box.app.git.path(repo.folder) / "objects"
    shutil.rmtree(objects)
    objects.mkdir()
    assert steps(xet) == []


def test_a_dry_run_changes_nothing(xet: XetClient, calendar: Calendar) -> None:
    delete_branch_with(xet, BODY)
    calendar.days(8)
    for _ in range(2):
        assert steps(xet, mend=False) == [Step.UNLINK]
    steps(xet)
    calendar.days(2)
    assert Step.FORGET in steps(xet, mend=False)
    assert len(shards(xet)) == 1
    assert xet.door(ADA, "ada/m").path.endswith("/e1")


def test_the_command_says_what_would_go_and_why(xet: XetClient, calendar: Calendar) -> None:
    packed = xet.send(ADA, "ada/m", BODY)
    calendar.days(10)
    xet.box.app.lfs.collect()
    assert f"file {packed.name}: no object consists of it" in xet.command("gc", "--dry-run")
    told = json.loads(xet.command("gc", "--dry-run", "--json"))
    assert {item["step"] for item in told["discards"]} == {"forget"}


def test_the_command_removes(xet: XetClient, calendar: Calendar) -> None:
    packed = xet.send(ADA, "ada/m", BODY)
    calendar.days(10)
    assert "condemn" in xet.command("gc")
    calendar.days(3)
    [index] = packed.indexes.values()
    assert f"remove: xorb {hash_to_text(index.xorb_hash)}" in xet.command("gc")
    assert files(xet) == []
    assert "Nothing to give back" in xet.command("gc")
