"""Whatever people do to their history, what it reached goes in the end, and not before."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.hub.recycling.test_recycling import BODY, OTHER, Calendar, files, steps
from tests.people import ADA, NOBODY
from tests.xetbox import XetClient

from bearhug.hub.recycling.records import Step
from bearhug.hub.repos.records import RepoName

MONTH = 31


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    return Calendar(monkeypatch)


def folder(xet: XetClient) -> Path:
    with xet.box.app.db.reading() as tx:
        repo = xet.box.app.repos.get(tx, xet.repo_id(ADA, "ada/m"))
    assert repo is not None
    return xet.box.app.git.path(repo.folder)


def let_logs_age(xet: XetClient, days: int) -> None:
    """git goes by its own clock: move what it noted into the past."""
    for log in (folder(xet) / "logs").rglob("*"):
        if log.is_file():
            earlier = str(int(time.time()) - days * 86_400)
            log.write_text(re.sub(r"(> )\d+( [+-]\d{4}\t)", rf"\g<1>{earlier}\g<2>", log.read_text()))


def squash(xet: XetClient) -> None:
    """Two commits become one that has the last files alone."""
    lines = '{"key":"header","value":{"summary":"Delete"}}\n{"key":"deletedFile","value":{"path":"w.bin"}}\n'
    headers = {"content-type": "application/x-ndjson"}
    assert xet.box.post(ADA, "/api/models/ada/m/commit/main", content=lines, headers=headers).status_code == 200
    assert xet.box.post(ADA, "/api/models/ada/m/super-squash/main", json={}).status_code == 200


def force_push(xet: XetClient) -> None:
    """main goes back to where it was before the file."""
    repo, git = folder(xet).name.removesuffix(".git"), xet.box.app.git
    commits = xet.box.get(ADA, "/api/models/ada/m/commits/main").json()
    with git.lock(repo):
        git.move_ref(repo, "refs/heads/main", commits[-1]["id"], old=commits[0]["id"])


@pytest.mark.parametrize("deed", [squash, force_push])
def test_what_was_overwritten_can_be_had_back_for_a_month(
    xet: XetClient, calendar: Calendar, deed: Callable[[XetClient], None]
) -> None:
    xet.add(ADA, "ada/m", {"w.bin": BODY})
    xet.grind()
    deed(xet)
    calendar.days(MONTH)
    let_logs_age(xet, 20)
    assert steps(xet) == []
    let_logs_age(xet, MONTH)
    assert steps(xet) == [Step.UNLINK]
    for days in (2, 3):
        calendar.days(days)
        steps(xet)
    assert files(xet) == []


def test_what_a_tag_or_a_pull_request_reaches_stays(xet: XetClient, calendar: Calendar) -> None:
    xet.add(ADA, "ada/m", {"w.bin": BODY})
    xet.grind()
    assert xet.box.post(ADA, "/api/models/ada/m/tag/main", json={"tag": "v1"}).status_code < 300
    asked = xet.add(ADA, "ada/m", {"o.bin": OTHER})
    xet.grind()
    tip = xet.box.get(ADA, "/api/models/ada/m/commits/main").json()[0]["id"]
    name = folder(xet).name.removesuffix(".git")
    with xet.box.app.git.lock(name):
        xet.box.app.git.move_ref(name, "refs/pr/1", tip, old=None)
    force_push(xet)
    let_logs_age(xet, MONTH)
    for _ in range(4):
        calendar.days(MONTH)
        assert steps(xet) == []
    assert xet.box.get(NOBODY, "/ada/m/resolve/v1/w.bin").content == BODY
    assert xet.fetch(NOBODY, "ada/m", asked.name) == OTHER


def test_what_a_deleted_repository_had_goes(xet: XetClient, calendar: Calendar) -> None:
    xet.add(ADA, "ada/m", {"w.bin": BODY})
    xet.grind()
    xet.box.app.repos.delete(xet.box.actor(ADA), RepoName("model", "ada", "m"))
    xet.box.settle()
    assert steps(xet) == []
    calendar.days(2)
    assert set(steps(xet)) == {Step.FORGET}
    calendar.days(8)
    assert steps(xet) == [Step.CONDEMN]
    assert len(files(xet)) == 1
    calendar.days(3)
    assert steps(xet) == [Step.REMOVE]
    assert files(xet) == []
