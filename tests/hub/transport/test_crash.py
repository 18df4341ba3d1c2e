"""A hub that is killed in the middle of pushes: what was acknowledged is there, and rows follow the references."""

import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from tests.clients.gitbox import GitBox
from tests.gitwork import Workshop
from tests.hubbox import HubBox
from tests.people import ADA
from tests.stories.victim import Victim

from bearhug.formats import lfs_pointer
from bearhug.hub.git.records import MAIN
from bearhug.hub.git.service import Git
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.service import NewRepo
from bearhug.hub.transport.records import Update

ROUNDS = 4
# Takes the lock of the repository in argv, hands it to a child that keeps it until its input ends, and is killed.
HOLDER = """
import os, subprocess, sys
from pathlib import Path
from bearhug.hub.git.store import Hold
hold = Hold(Path(sys.argv[1]) / "bearhug.lock")
hold.take()
subprocess.Popen(["cat"], pass_fds=(hold.fd,))
print("held", flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def repo(box: HubBox) -> Repo:
    return box.app.repos.create(box.actor(ADA), NewRepo("model", "model"))


@pytest.fixture
def shop(box: HubBox, repo: Repo) -> Workshop:
    return Workshop(box.app.git, repo.folder)


def row(box: HubBox, repo: Repo) -> Repo:
    with box.app.db.reading() as tx:
        found = box.app.repos.get(tx, repo.id)
    assert found is not None
    return found


def test_what_git_had_done_when_the_hub_died_is_recorded_at_the_next_start(
    box: HubBox, repo: Repo, shop: Workshop
) -> None:
    transport = box.app.transport
    push = transport.push(box.actor(ADA), repo)
    push.begin([Update(MAIN, repo.head, "f" * 40)], None)
    tip = shop.commit({"a.txt": "landed"})
    stale = box.app.git.path(repo.folder) / "refs/heads/main.lock"
    stale.touch()
    push.close()
    assert row(box, repo).head == repo.head
    assert transport.settle() == 1
    assert row(box, repo).head == tip
    assert not stale.exists()
    assert transport.settle() == 0


def test_lfs_objects_of_a_push_that_was_cut_off_are_kept(box: HubBox, repo: Repo, shop: Workshop) -> None:
    transport, lfs = box.app.transport, box.app.lfs
    oid = "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9"
    asked = {"operation": "upload", "transfers": ["basic"], "objects": [{"oid": oid, "size": 1}]}
    offer = box.post(ADA, f"/{repo.path}.git/info/lfs/objects/batch", json=asked).json()["objects"][0]
    upload = offer["actions"]["upload"]
    assert box.http.put(upload["href"], content=b"0", headers=upload.get("header", {})).status_code == 200
    push = transport.push(box.actor(ADA), repo)
    push.begin([], None)
    shop.commit({"zero.bin": lfs_pointer.write(oid, 1)})
    push.close()
    transport.settle()
    with box.app.db.reading() as tx:
        assert [link.oid for link in lfs.committed(tx, repo.id, after="", limit=9)] == [oid]


def test_a_mark_of_a_deleted_repository_is_dropped(box: HubBox, repo: Repo) -> None:
    (box.config.data / "pending" / repo.folder).touch()
    box.app.git.discard(repo.folder)
    assert box.app.transport.settle() == 1
    assert not box.app.git.unsettled()


def test_an_earlier_crash_is_settled_by_the_next_push(box: HubBox, repo: Repo, shop: Workshop) -> None:
    tip = shop.commit({"a.txt": "landed"})
    (box.config.data / "pending" / repo.folder).touch()
    push = box.app.transport.push(box.actor(ADA), repo)
    push.begin([], None)
    assert row(box, repo).head == tip
    push.finish()
    push.close()
    assert not box.app.git.unsettled()


def test_a_program_that_outlives_the_hub_keeps_the_repository(box: HubBox, repo: Repo) -> None:
    git, released = box.app.git, threading.Event()
    words = [sys.executable, "-c", HOLDER, str(git.path(repo.folder))]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        holder.wait()
        waiter = threading.Thread(target=_wait_for, args=(git, repo.folder, released))
        waiter.start()
        assert not released.wait(0.3)
        holder.stdin.close()
        assert released.wait(10)
        waiter.join()


def _wait_for(git: Git, folder: str, released: threading.Event) -> None:
    with git.lock(folder):
        released.set()


def push_on(desk: GitBox, url: str, branch: str, landed: list[str], dead: threading.Event) -> None:
    """Push one commit after the other; note those that the hub said yes to."""
    while not dead.is_set():
        desk.write(f"{branch}.dat", os.urandom(200_000))
        tip = desk.commit("More")
        if desk.try_("push", "-q", "--no-verify", url, f"HEAD:{branch}").code == 0:
            landed.append(tip)


def await_another(landed: dict[str, list[str]]) -> None:
    before, patience = sum(map(len, landed.values())), time.monotonic() + 60
    while sum(map(len, landed.values())) == before and time.monotonic() < patience:
        time.sleep(0.01)


@pytest.mark.slow
def test_killed_in_the_middle_of_pushes_nothing_acknowledged_is_lost(box: HubBox, repo: Repo, tmp_path: Path) -> None:
    if not box.app.db.is_sqlite:
        pytest.skip("the hub that is killed keeps its rows in its data folder")
    secret = box.token(ADA)
    box.close()
    landed: dict[str, list[str]] = {"main": [], "other": []}
    desks: dict[str, GitBox] = {}
    for _ in range(ROUNDS):
        hub, dead = Victim(box.config.data), threading.Event()
        for branch in landed:
            if branch not in desks:
                desks[branch] = GitBox(tmp_path / branch, hub.url, "ada", secret)
                desks[branch].clone(repo.path)
        threads = [
            threading.Thread(target=push_on, args=(desks[branch], f"{hub.url}/{repo.path}", branch, pushed, dead))
            for branch, pushed in landed.items()
        ]
        for thread in threads:
            thread.start()
        await_another(landed)
        time.sleep(random.uniform(0, 1))  # somewhere in the pushes after it
        dead.set()
        hub.kill()
        for thread in threads:
            thread.join()
    Victim(box.config.data).stop()
    again = HubBox(box.config.data.parent)
    again.enter()
    shop = Workshop(again.app.git, repo.folder)
    assert sum(map(len, landed.values())) >= ROUNDS
    for branch, pushed in landed.items():
        history = set(shop.run("rev-list", branch).split())
        assert history.issuperset(pushed)
    assert row(again, repo).head == shop.tip()
    assert not again.app.git.unsettled()
    assert again.app.git.check(repo.folder, deep=True) == []
    again.close()
