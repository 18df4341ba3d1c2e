"""Pushing with the real git: who may, what arrives, what is refused and how that reads."""

import hashlib
import os
import struct
import time
import zlib
from collections.abc import Iterator

import httpx
import pytest
from tests.hub.transport.desks import cloned, put, refused
from tests.hub.transport.served import Served
from tests.people import ADA, BOB, EVE, NOBODY

from bearhug.base.events import Job
from bearhug.base.events import listing as jobs
from bearhug.hub.access.records import Role, TokenKind
from bearhug.hub.git.records import ZERO_OID
from bearhug.hub.repos.records import Repo


class Unplugged(Exception):
    """The pusher's machine stopped in the middle of a sentence."""


def pushed_jobs(served: Served, repo: Repo) -> list[Job]:
    with served.box.app.db.reading() as tx:
        return [job for job in jobs(tx, limit=500) if job.payload.get("repo_id") == repo.id]


def test_a_push_moves_the_branch_the_row_and_tells_it(served: Served) -> None:
    repo = served.repo()
    desk = cloned(served, repo)
    desk.write("a.txt", "hello")
    tip = desk.commit("Add")
    desk("push", "-q")
    assert served.shop(repo).tip() == tip
    row = served.fresh(repo)
    assert row.head == tip
    assert row.updated_at > repo.updated_at
    told = [job.payload for job in pushed_jobs(served, repo) if job.payload.get("ref")]
    assert told
    assert (told[0]["ref"], told[0]["old"], told[0]["new"]) == ("refs/heads/main", repo.head, tip)
    assert told[0]["actor"] == "ada"


@pytest.mark.parametrize("kind", ["model", "dataset", "space"])
def test_name_and_password_are_enough_for_every_kind(served: Served, kind: str) -> None:
    repo = served.repo(kind, private=True)
    desk = served.desk(ADA, ADA.password)
    desk.clone(f"{repo.path}.git")
    desk.write("a.txt", "hello")
    tip = desk.commit("Add")
    desk("push", "-q")
    assert served.fresh(repo).head == tip


def test_branches_and_tags_come_and_go(served: Served) -> None:
    repo = served.repo()
    desk = cloned(served, repo)
    desk("checkout", "-q", "-b", "try/one")
    desk.write("a.txt", "1")
    tip = desk.commit("One")
    desk("tag", "light")
    desk("tag", "-a", "v1", "-m", "first")
    desk("push", "-q", "origin", "try/one", "light", "v1")
    shop = served.shop(repo)
    assert [shop.tip(ref) for ref in ("refs/heads/try/one", "refs/tags/light", "refs/tags/v1")] == [tip] * 3
    assert served.fresh(repo).head == repo.head
    desk("push", "-q", "origin", ":try/one", ":light")
    assert shop.tip("refs/heads/try/one") is None
    assert shop.tip("refs/tags/light") is None


def test_a_forced_push_leaves_the_old_tip_in_the_log(served: Served) -> None:
    repo = served.repo()
    desk = cloned(served, repo)
    desk.write("a.txt", "1")
    first = desk.commit("One")
    desk("push", "-q")
    desk("commit", "-q", "--amend", "-m", "One, but better")
    assert "non-fast-forward" in refused(desk)
    desk("push", "-q", "--force")
    log = served.shop(repo).run("reflog", "--format=%H %gn", "main").splitlines()
    assert log[:2] == [f"{desk('rev-parse', 'HEAD').strip()} ada", f"{first} ada"]


def test_a_shallow_clone_can_push(served: Served) -> None:
    repo = served.repo()
    shop = served.shop(repo)
    for number in range(3):
        shop.commit({"a.txt": str(number)})
    desk = served.desk(ADA)
    desk.clone(repo.path, "--depth", "1")
    desk.write("b.txt", "new")
    tip = desk.commit("Add")
    desk("push", "-q")
    assert shop.tip() == tip


def test_more_than_git_sends_in_one_piece_arrives_whole(served: Served) -> None:
    repo = served.repo()
    desk = cloned(served, repo)
    body = os.urandom(3_000_000)
    desk.write("noise.dat", body)
    desk.commit("Add")
    desk("push", "-q")
    shop = served.shop(repo)
    assert shop.run("rev-parse", "main:noise.dat").strip() == desk("hash-object", "noise.dat").strip()
    assert served.box.app.git.check(repo.folder, deep=True) == []


def test_a_read_token_cannot_push(served: Served) -> None:
    repo = served.repo()
    desk = served.desk(ADA, kind=TokenKind.READ)
    desk.clone(repo.path)
    desk("commit", "-q", "--allow-empty", "-m", "x")
    assert "You must use a write token to do this" in refused(desk)


def test_a_stranger_and_nobody_cannot_push(served: Served) -> None:
    repo = served.repo()
    for person, words in ((EVE, "You have no write access"), (NOBODY, "Authentication failed")):
        desk = served.desk(person)
        desk.clone(repo.path)
        desk("commit", "-q", "--allow-empty", "-m", "x")
        assert words in refused(desk)
    assert served.fresh(repo).head == repo.head


def test_a_stranger_pushes_into_nothing_that_they_may_not_see(served: Served) -> None:
    repo = served.repo(private=True)
    desk = served.desk(EVE)
    desk("init", "-q")
    desk("commit", "-q", "--allow-empty", "-m", "x")
    assert "Repository not found" in refused(desk, f"{served.url}/{repo.path}", "main")


def test_a_contributor_pushes_to_repositories_of_their_own_only(served: Served) -> None:
    orgs = served.box.app.orgs
    orgs.create(served.box.actor(ADA), "workshop")
    orgs.add_member(served.box.actor(ADA), "workshop", BOB.name, Role.CONTRIBUTOR)
    theirs, own = served.repo(owner="workshop"), served.repo(owner="workshop", by=BOB)
    desk = served.desk(BOB)
    desk.clone(own.path)
    desk("commit", "-q", "--allow-empty", "-m", "x")
    desk("push", "-q")
    assert "You have no write access" in refused(desk, f"{served.url}/{theirs.path}", "main")


def test_who_loses_access_during_a_push_is_refused(served: Served) -> None:
    repo = served.repo()
    transport = served.box.app.transport
    push = transport.push(served.box.actor(EVE), repo)
    with pytest.raises(Exception, match="may no longer write"):
        push.begin([], None)
    push.finish()
    push.close()


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("HEAD:refs/pr/1", "refs/pr/1 cannot be pushed: pull requests are written by the hub"),
        ("HEAD:refs/convert/parquet", "refs/convert/parquet cannot be pushed: converted files are written by the hub"),
        ("HEAD:refs/bearhug/x", "deny updating a hidden ref"),
        ("HEAD:refs/meta/config", "refs/meta/config cannot be pushed. Push branches"),
        (":main", "main is the default branch of this repository and cannot be deleted"),
        (f"HEAD:refs/heads/{'ab' * 20}", "its name could be taken for something else"),
    ],
)
def test_references_that_are_not_for_people_are_refused(served: Served, target: str, words: str) -> None:
    desk = cloned(served, served.repo())
    assert words in refused(desk, "origin", target)


def test_one_bad_reference_refuses_the_whole_push(served: Served) -> None:
    repo = served.repo()
    desk = cloned(served, repo)
    put(desk, "a.txt", "fine")
    refused(desk, "origin", "main", "main:refs/pr/1")
    assert served.fresh(repo).head == repo.head
    assert served.shop(repo).tip() == repo.head


def test_without_a_hook_that_can_run_nothing_is_pushed(tight: Served) -> None:
    repo = tight.repo()
    desk = cloned(tight, repo)
    put(desk, "a.txt", "fine")
    (tight.box.app.transport.hook.folder / "pre-receive").chmod(0o644)
    assert "its data folder does not allow programs to run" in refused(desk)


def test_more_references_than_a_push_may_move_are_refused(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bearhug.hub.transport.stream.talk.MOST_UPDATES", 5)
    desk = cloned(served, served.repo())
    assert "at most 5 references" in refused(desk, "origin", *(f"HEAD:refs/heads/b{number}" for number in range(6)))
    desk("push", "-q", "origin", *(f"HEAD:refs/heads/b{number}" for number in range(5)))


def test_a_bomb_of_trees_is_refused(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bearhug.hub.transport.delivery.MOST_ENTRIES", 10_000)
    desk = cloned(served, served.repo())
    blob = desk.shell("git", "-C", desk.work, "hash-object", "-w", "--stdin", text="boom").strip()
    tree = desk.shell("git", "-C", desk.work, "mktree", text=f"100644 blob {blob}\tf\n").strip()
    for _ in range(12):
        lines = "".join(f"040000 tree {tree}\td{number}\n" for number in range(10))
        tree = desk.shell("git", "-C", desk.work, "mktree", text=lines).strip()
    commit = desk("commit-tree", tree, "-m", "bomb").strip()
    assert "more files, or deeper folders" in refused(desk, "origin", f"{commit}:refs/heads/bomb")


def test_a_delta_that_unpacks_to_gigabytes_is_refused(served: Served) -> None:
    repo = served.repo()
    base = b"base"
    oid = hashlib.sha1(b"blob 4\0" + base).digest()
    delta = b"\x04" + b"\x80\x80\x80\x80\x40" + b"\x91\x00\x04"  # of 4 bytes make 16 GiB
    objects = b"\x34" + zlib.compress(base) + bytes([0x70 | len(delta)]) + oid + zlib.compress(delta)
    pack = b"PACK" + struct.pack(">II", 2, 2) + objects
    order = f"{ZERO_OID} {'1' * 40} refs/heads/bomb\0report-status\n".encode()
    body = b"%04x%s0000" % (len(order) + 4, order) + pack + hashlib.sha1(pack).digest()
    answer = httpx.post(
        f"{served.url}/{repo.path}/git-receive-pack",
        content=body,
        headers={"content-type": "application/x-git-receive-pack-request"},
        auth=(ADA.name, served.box.token(ADA)),
    )
    assert answer.status_code == 200
    assert b"unpack index-pack abnormal exit" in answer.content
    assert b"ng refs/heads/bomb" in answer.content


def test_a_push_that_breaks_off_leaves_nothing(served: Served) -> None:
    repo = served.repo()
    path = served.box.app.git.path(repo.folder)
    order = f"{repo.head} {'1' * 40} refs/heads/main\0report-status\n".encode()

    def body() -> Iterator[bytes]:
        yield b"%04x%s0000" % (len(order) + 4, order) + b"PACK" + struct.pack(">II", 2, 1000)
        deadline = time.monotonic() + 10
        while not list(path.glob("objects/tmp_objdir*")) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert list(path.glob("objects/tmp_objdir*"))
        raise Unplugged

    with pytest.raises(Unplugged):
        httpx.post(
            f"{served.url}/{repo.path}/git-receive-pack",
            content=body(),
            headers={"content-type": "application/x-git-receive-pack-request"},
            auth=(ADA.name, served.box.token(ADA)),
        )
    deadline = time.monotonic() + 10
    while list(path.glob("objects/tmp_objdir*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not list(path.glob("objects/tmp_objdir*"))
    assert not served.box.app.git.unsettled()
    with served.box.app.git.lock(repo.folder):
        assert served.shop(repo).tip() == repo.head
