"""What fsck finds and mends."""

import hashlib
import os
import shutil
import time
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from tests.hubbox import HubBox
from tests.people import ADA
from tests.repowork import commit, large, lines, make, send, upload

from bearhug.hub.fsck.records import Problem, Verdict
from bearhug.hub.fsck.service import Fsck, Rooms
from bearhug.hub.likes.tables import likes
from bearhug.hub.repos.tables import repos

CONTENT = b"weights" * 1000
OID = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def repo(box: HubBox) -> str:
    """A model with a text and a large file."""
    name = make(box)
    commit(box, name, {"a.txt": "one"})
    upload(box, name, CONTENT)
    send(box, name, lines(large("w.bin", CONTENT)))
    box.settle()
    return name


def check(box: HubBox, *, mend: bool = True, deep: bool = False) -> list[Problem]:
    app = box.app
    rooms = Rooms(app.repos, app.git, app.lfs, app.recipes, app.xet, app.transport, app.bus)
    found = list(Fsck(rooms, mend=mend, deep=deep).run())
    box.settle()
    return found


def path(box: HubBox) -> Path:
    return box.app.git.path(next(iter(box.app.repos.walk())).folder)


def age(place: Path) -> None:
    old = time.time() - 3 * 86_400
    os.utime(place, (old, old))


def test_a_healthy_hub_agrees_with_itself(box: HubBox, repo: str) -> None:
    assert check(box, deep=True) == []
    assert repo == "ada/m"


def test_a_row_behind_its_branch_is_brought_up(box: HubBox, repo: str) -> None:
    good = box.get(ADA, f"/api/models/{repo}").json()["sha"]
    with box.app.db.writing() as tx:
        tx.execute(update(repos).values(head="0" * 40))
    assert [problem.verdict for problem in check(box, mend=False)][:1] == [Verdict.MENDABLE]
    assert Verdict.LOST not in {problem.verdict for problem in check(box)}
    assert next(iter(box.app.repos.walk())).head == good
    assert check(box) == []


def test_a_folder_that_is_gone_is_lost(box: HubBox, repo: str) -> None:
    path(box).rename(box.config.tmp / "elsewhere")
    found = check(box)
    assert [(problem.subject, problem.verdict) for problem in found] == [(f"model {repo}", Verdict.LOST)]


@pytest.mark.parametrize("what", ["objects", "refs"])
def test_missing_git_objects_and_references_are_lost(box: HubBox, repo: str, what: str) -> None:
    shutil.rmtree(path(box) / what)
    (path(box) / what).mkdir()
    assert Verdict.LOST in {problem.verdict for problem in check(box)}
    assert repo


def test_a_damaged_large_file_is_found_by_a_deep_look(box: HubBox, repo: str) -> None:
    place = Path(str(box.app.objects.blobs.content(OID).path))
    place.chmod(0o644)
    place.write_bytes(b"x" * len(CONTENT))
    assert check(box) == []
    found = check(box, deep=True)
    assert [(problem.subject, problem.verdict) for problem in found] == [(f"object {OID}", Verdict.LOST)]
    assert repo


def test_a_large_file_that_is_gone_is_lost(box: HubBox, repo: str) -> None:
    box.app.objects.blobs.remove(OID)
    assert [problem.verdict for problem in check(box)] == [Verdict.LOST]
    assert repo


def test_a_folder_that_nobody_knows_is_swept_once_it_is_old(box: HubBox, repo: str) -> None:
    folder = box.app.git.new_folder()
    box.app.git.create(folder, {}, "ada")
    assert check(box) == []
    age(box.app.git.path(folder))
    assert [problem.verdict for problem in check(box)] == [Verdict.MENDED]
    assert not box.app.git.path(folder).exists()
    assert repo


def test_counts_are_counted_again(box: HubBox, repo: str) -> None:
    box.post(ADA, f"/api/models/{repo}/like")
    with box.app.db.writing() as tx:
        tx.execute(delete(likes))
    assert [problem.verdict for problem in check(box)] == [Verdict.MENDED]
    assert next(iter(box.app.repos.walk())).likes == 0


def test_an_interrupted_write_is_settled(box: HubBox, repo: str) -> None:
    folder = path(box).name.removesuffix(".git")
    (box.config.data / "pending" / folder).touch()
    assert [problem.verdict for problem in check(box)] == [Verdict.MENDED]
    assert box.app.git.unsettled() == []
    assert repo
