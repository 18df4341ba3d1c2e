"""What goes, what stays, and when: collecting, counting, copying."""

import os
import time
from datetime import timedelta

import pytest
from sqlalchemy import update
from tests.hub.lfs.conftest import Sender, sha
from tests.people import ADA, EVE

from bearhug.base import clock
from bearhug.base.events import jobs
from bearhug.hub.lfs import jobs as lfs_jobs
from bearhug.hub.lfs.records import SEND, Usage

ONE, TWO = os.urandom(1000), os.urandom(500)


class Later:
    """Lets days pass."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._days = 0.0
        real = time.time
        monkeypatch.setattr(clock, "now", lambda: clock.from_epoch(real() + self._days * 86400))
        monkeypatch.setattr(time, "time", lambda: real() + self._days * 86400)

    def days(self, count: float) -> None:
        self._days += count


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    return Later(monkeypatch)


def commit(sender: Sender, repo_id: int, *contents: bytes) -> None:
    with sender.box.app.db.writing() as tx:
        sender.box.app.lfs.link(tx, repo_id, [sha(content) for content in contents])


def used(sender: Sender, repo_id: int) -> int:
    with sender.box.app.db.reading() as tx:
        repo = sender.box.app.repos.get(tx, repo_id)
    assert repo is not None
    return repo.used_storage


# collecting --------------------------------------------------------------------------------------------------


def test_what_is_committed_stays_for_ever(sender: Sender, later: Later) -> None:
    sender.send(ADA, "ada/m", ONE)
    commit(sender, sender.repo_id, ONE)
    later.days(1000)
    assert sender.box.app.lfs.collect() == 0
    assert sender.fetch(ADA, "ada/m", ONE) == ONE


def test_what_nobody_commits_goes_after_a_week(sender: Sender, later: Later) -> None:
    sender.send(ADA, "ada/m", ONE)
    later.days(6.9)
    assert sender.box.app.lfs.collect() == 0
    assert sender.holds(sender.repo_id, sha(ONE))
    later.days(0.2)
    assert sender.box.app.lfs.collect() == len(ONE)
    assert sender.files() == []
    assert not sender.holds(sender.repo_id, sha(ONE))


def test_what_a_deleted_repository_held_goes_after_a_day(sender: Sender, later: Later) -> None:
    sender.send(ADA, "ada/m", ONE)
    commit(sender, sender.repo_id, ONE)
    sender.box.app.repos.delete(sender.box.actor(ADA), sender.name("ada/m"))
    later.days(0.9)
    assert sender.box.app.lfs.collect() == 0
    later.days(0.2)
    assert sender.box.app.lfs.collect() == len(ONE)
    assert sender.files() == []


def test_what_another_repository_holds_stays(sender: Sender, later: Later) -> None:
    mine = sender.create(EVE, "mine")
    for person, path, repo_id in ((ADA, "ada/m", sender.repo_id), (EVE, "eve/mine", mine)):
        sender.send(person, path, ONE)
        commit(sender, repo_id, ONE)
    sender.box.app.repos.delete(sender.box.actor(ADA), sender.name("ada/m"))
    later.days(30)
    assert sender.box.app.lfs.collect() == 0
    assert sender.fetch(EVE, "eve/mine", ONE) == ONE


def test_bringing_an_object_again_renews_its_grace(sender: Sender, later: Later) -> None:
    sender.send(ADA, "ada/m", ONE)
    later.days(20)
    with sender.box.app.db.writing() as tx:
        sender.box.app.lfs.unlink(tx, sender.repo_id, [sha(ONE)])
    sender.box.app.lfs.collect()
    assert len(sender.files()) == 1


def test_unfinished_uploads_go_after_a_week(sender: Sender, later: Later) -> None:
    lfs = sender.box.app.lfs
    ticket = lfs.tickets.give(SEND, sender.repo_id, sha(ONE), len(ONE))
    with_half = lfs.resume(ticket, 0)
    with_half.write(ONE[:500])
    with_half.close()
    later.days(6)
    lfs.collect()
    assert lfs.objects.blobs.partials.size(f"{sender.repo_id}-0-{sha(ONE)}") == 500
    later.days(2)
    lfs.collect()
    assert sender.files() == []


def test_files_without_a_row_go_after_a_day(sender: Sender) -> None:
    blobs = sender.box.app.objects.blobs
    with blobs.receive(len(ONE), known=False) as incoming:
        incoming.write(ONE)
        blobs.keep(incoming, sha(ONE))
    sender.send(ADA, "ada/m", TWO)
    sender.box.app.lfs.collect()
    assert len(sender.files()) == 2
    day_ago = time.time() - 90_000
    for path in sender.files():
        os.utime(path, (day_ago, day_ago))
    sender.box.app.lfs.collect()
    assert [path.name for path in sender.files()] == [sha(TWO)]


def test_a_stray_file_is_adopted_when_its_content_comes(sender: Sender) -> None:
    blobs = sender.box.app.objects.blobs
    with blobs.receive(len(ONE), known=False) as incoming:
        incoming.write(ONE)
        blobs.keep(incoming, sha(ONE))
    assert "upload" in sender.one(ADA, "ada/m", ONE)["actions"]
    sender.send(ADA, "ada/m", ONE)
    assert sender.fetch(ADA, "ada/m", ONE) == ONE


def test_an_object_taken_up_in_the_last_moment_is_not_purged(sender: Sender) -> None:
    sender.send(ADA, "ada/m", ONE)
    assert sender.box.app.lfs.purge(sha(ONE)) == 0
    assert sender.box.app.lfs.purge("b" * 64) == 0
    assert sender.fetch(ADA, "ada/m", ONE) == ONE


# jobs --------------------------------------------------------------------------------------------------------


def waiting(sender: Sender) -> list[str]:
    with sender.box.app.db.reading() as tx:
        rows = tx.execute(jobs.select().where(jobs.c.status == "waiting").order_by(jobs.c.kind))
        return [row.kind for row in rows if row.kind.startswith("lfs.")]


def hurry(sender: Sender) -> None:
    with sender.box.app.db.writing() as tx:
        tx.execute(update(jobs).where(jobs.c.status == "waiting").values(run_at=clock.now() - timedelta(seconds=1)))


def test_collecting_is_planned_once_and_plans_itself_again(sender: Sender) -> None:
    sender.box.app.lfs_jobs.begin()
    sender.box.app.lfs_jobs.begin()
    assert waiting(sender) == [lfs_jobs.DAILY]
    hurry(sender)
    sender.box.settle()
    assert waiting(sender) == [lfs_jobs.DAILY]


def test_deleting_repositories_leads_to_one_collection(sender: Sender) -> None:
    for name in "abc":
        sender.create(ADA, name)
        sender.box.app.repos.delete(sender.box.actor(ADA), sender.name(f"ada/{name}"))
    sender.box.settle()
    assert waiting(sender) == [lfs_jobs.COLLECT]
    hurry(sender)
    sender.box.settle()
    assert waiting(sender) == []


# counting and copying ----------------------------------------------------------------------------------------


def test_usage_counts_each_repository_and_each_content_once(sender: Sender) -> None:
    lfs = sender.box.app.lfs
    other = sender.create(ADA, "other")
    hers = sender.create(EVE, "hers")
    for repo_id, person, path, contents in (
        (sender.repo_id, ADA, "ada/m", [ONE, TWO]),
        (other, ADA, "ada/other", [ONE]),
        (hers, EVE, "eve/hers", [ONE]),
    ):
        for content in contents:
            sender.send(person, path, content)
        commit(sender, repo_id, *contents)
    with sender.box.app.db.reading() as tx:
        assert lfs.repo_usage(tx, sender.repo_id) == 1500
        ada = sender.box.actor(ADA).user_id
        assert lfs.usage(tx, ada) == Usage(logical=2500, distinct=1500)
        assert lfs.usage(tx) == Usage(logical=3500, distinct=1500)
    assert (used(sender, sender.repo_id), used(sender, other)) == (1500, 1000)


def test_uploads_count_when_they_are_committed(sender: Sender) -> None:
    sender.send(ADA, "ada/m", ONE)
    assert used(sender, sender.repo_id) == 0
    commit(sender, sender.repo_id, ONE)
    assert used(sender, sender.repo_id) == 1000
    with sender.box.app.db.writing() as tx:
        sender.box.app.lfs.unlink(tx, sender.repo_id, [sha(ONE)])
    assert used(sender, sender.repo_id) == 0


def test_a_copied_repository_shares_what_is_committed(sender: Sender) -> None:
    sender.send(ADA, "ada/m", ONE)
    commit(sender, sender.repo_id, ONE)
    sender.send(ADA, "ada/m", TWO)
    copy = sender.create(EVE, "copy")
    for _ in range(2):
        with sender.box.app.db.writing() as tx:
            sender.box.app.lfs.copy(tx, sender.repo_id, copy)
    assert sender.holds(copy, sha(ONE))
    assert not sender.holds(copy, sha(TWO))
    assert used(sender, copy) == 1000
    with sender.box.app.db.writing() as tx:
        sender.box.app.lfs.copy(tx, sender.repo_id, copy, [sha(TWO), "b" * 64])
    assert sender.holds(copy, sha(TWO))
    assert used(sender, copy) == 1000


def test_thousands_of_objects_are_asked_for_at_once(sender: Sender) -> None:
    oids = {f"{number:064x}" for number in range(2500)}
    sender.send(ADA, "ada/m", ONE)
    with sender.box.app.db.writing() as tx:
        assert sender.box.app.lfs.missing(tx, sender.repo_id, oids | {sha(ONE)}) == oids
        assert sender.box.app.lfs.linked_sizes(tx, sender.repo_id, oids | {sha(ONE)}) == {sha(ONE): 1000}
        sender.box.app.lfs.link(tx, sender.repo_id, oids | {sha(ONE)})
