"""Cloning and fetching with the real git."""

import gzip
import os
import socket
import subprocess
import time
from pathlib import Path

import httpx
import pytest
from tests.hub.transport.served import Served
from tests.people import ADA, BOB, EVE, NOBODY

from bearhug.hub.access.records import TokenKind
from bearhug.hub.repos.records import RepoName
from bearhug.hub.transport.stream import endpoints

FLUSH = b"0000"
WANTS = {"content-type": "application/x-git-upload-pack-request", "git-protocol": "version=2"}
LIST_REFS = b"0014command=ls-refs\n" + FLUSH


def git_children() -> list[str]:
    """Git processes that this process has started and that still run."""
    words = ["ps", "--ppid", str(os.getpid()), "-o", "args="]
    listed = subprocess.run(words, capture_output=True, text=True, check=False)
    return [line for line in listed.stdout.splitlines() if "upload-pack" in line or "receive-pack" in line]


def none_left(seconds: float = 10) -> bool:
    """Whether all git processes end in time."""
    deadline = time.monotonic() + seconds
    while git_children() and time.monotonic() < deadline:
        time.sleep(0.02)
    return not git_children()


@pytest.mark.parametrize("suffix", ["", ".git"])
@pytest.mark.parametrize("kind", ["model", "dataset", "space"])
def test_every_kind_is_cloned_with_and_without_git_in_its_name(served: Served, kind: str, suffix: str) -> None:
    repo = served.repo(kind)
    desk = served.desk(NOBODY)
    desk.clone(repo.path + suffix)
    assert desk("rev-parse", "HEAD").strip() == repo.head
    assert not desk.asked


@pytest.mark.parametrize("version", ["0", "1", "2"])
def test_every_version_of_the_protocol_is_spoken(served: Served, version: str) -> None:
    repo = served.repo()
    desk = served.desk(NOBODY)
    desk.shell.env["GIT_TRACE_PACKET"] = str(desk.work / "trace")
    desk.clone(repo.path, "-c", f"protocol.version={version}")
    trace = (desk.shell.home / "trace").read_text()
    assert desk("rev-parse", "HEAD").strip() == repo.head
    assert ("< version 2" in trace) == (version == "2")
    assert ("# service=git-upload-pack" in trace) == (version != "2")


def test_a_shallow_clone_can_be_deepened(served: Served) -> None:
    repo = served.repo()
    shop = served.shop(repo)
    for number in range(5):
        shop.commit({"a.txt": str(number)})
    desk = served.desk(NOBODY)
    desk.clone(repo.path, "--depth", "1")
    assert desk("rev-list", "--count", "HEAD").strip() == "1"
    desk("fetch", "--depth", "3")
    assert desk("rev-list", "--count", "HEAD").strip() == "3"
    desk("fetch", "--unshallow")
    assert desk("rev-list", "--count", "HEAD").strip() == "6"


def test_a_partial_clone_fetches_contents_when_they_are_wanted(served: Served) -> None:
    repo = served.repo()
    shop = served.shop(repo)
    shop.commit({"old.txt": "long ago"})
    shop.commit({"old.txt": None, "new.txt": "now"})
    desk = served.desk(NOBODY)
    desk.clone(repo.path, "--filter=blob:none", "--no-checkout")
    missing = desk("rev-list", "--objects", "--all", "--missing=print")
    assert missing.count("\n?") == 3
    assert desk("show", "HEAD~1:old.txt") == "long ago"


def test_a_fetch_of_one_commit_brings_that_commit(served: Served) -> None:
    repo = served.repo()
    shop = served.shop(repo)
    wanted = shop.commit({"a.txt": "1"})
    shop.commit({"a.txt": "2"})
    desk = served.desk(NOBODY)
    desk("init", "-q")
    desk("fetch", "-q", "--depth", "1", f"{served.url}/{repo.path}", wanted)
    assert desk("show", "FETCH_HEAD:a.txt") == "1"


def test_a_long_negotiation_is_sent_compressed_and_understood(served: Served) -> None:
    repo = served.repo()
    shop = served.shop(repo)
    for number in range(4):
        shop.commit({f"{number}.txt": str(number)})
    desk = served.desk(NOBODY)
    desk.clone(repo.path)
    for number in range(40):
        desk("commit", "-q", "--allow-empty", "-m", f"mine {number}")
    newest = shop.commit({"a.txt": "new"})
    desk.shell.env["GIT_TRACE_CURL"] = str(desk.shell.home / "curl")
    desk("fetch", "-q")
    assert desk("rev-parse", "origin/main").strip() == newest
    assert "Content-Encoding: gzip" in (desk.shell.home / "curl").read_text()


def test_references_of_the_hub_itself_are_not_shown(served: Served) -> None:
    repo = served.repo()
    served.shop(repo).commit({"a.txt": "1"}, ref="refs/bearhug/kept")
    listed = served.desk(NOBODY)("ls-remote", f"{served.url}/{repo.path}")
    assert "refs/heads/main" in listed
    assert "refs/bearhug" not in listed


def test_a_private_repository_is_cloned_by_its_owner_only(served: Served) -> None:
    repo = served.repo("dataset", private=True)
    for secret in (ADA.password, served.box.token(ADA), served.box.token(ADA, TokenKind.READ)):
        desk = served.desk(ADA, secret)
        desk.clone(repo.path)
        assert len(desk.asked) == 2
    assert "Authentication failed" in served.desk(ADA, "hf_wrong").try_("clone", f"{served.url}/{repo.path}").err
    assert "Authentication failed" in served.desk(NOBODY).try_("clone", f"{served.url}/{repo.path}").err


def test_a_stranger_cannot_tell_a_private_repository_from_none(served: Served) -> None:
    hidden, missing = served.repo(private=True).path, "ada/not-there"
    desk = served.desk(EVE)
    answers = [desk.try_("clone", f"{served.url}/{path}").err.replace(path, "X") for path in (hidden, missing)]
    assert answers[0].replace(hidden.split("/")[1], "not-there") == answers[1]
    assert "remote: Repository not found" in answers[1]
    plain = [httpx.get(f"{served.url}/{path}/info/refs?service=git-upload-pack") for path in (hidden, missing)]
    assert [(answer.status_code, answer.text) for answer in plain] == [(401, "Repository not found\n")] * 2
    assert plain[0].headers["www-authenticate"].startswith('Basic realm="Bearhug"')


def test_a_gated_repository_says_that_it_is(served: Served) -> None:
    repo = served.repo()
    served.box.app.repos.change_settings(
        served.box.actor(ADA), RepoName(repo.kind, repo.owner, repo.name), gated="manual"
    )
    assert "remote: Access to model" in served.desk(EVE).try_("clone", f"{served.url}/{repo.path}").err
    served.desk(ADA).clone(repo.path)


def test_a_renamed_repository_is_found_by_its_old_name(served: Served) -> None:
    repo = served.repo()
    old = RepoName(repo.kind, repo.owner, repo.name)
    served.box.app.repos.move(served.box.actor(ADA), old, RepoName(repo.kind, repo.owner, f"{repo.name}-moved"))
    desk = served.desk(ADA)
    desk.clone(f"{repo.path}.git")
    desk.write("a.txt", "through the old name")
    tip = desk.commit("Add")
    desk("push", "-q")
    assert served.fresh(repo).head == tip


def test_members_fetch_what_their_organisation_keeps_private(served: Served) -> None:
    repo = served.repo(owner="lab", private=True)
    served.desk(BOB).clone(repo.path)


def test_the_protocol_of_old_is_declined_in_words(served: Served) -> None:
    repo = served.repo()
    answer = httpx.get(f"{served.url}/{repo.path}/info/refs")
    assert answer.status_code == 403
    assert "newer git" in answer.text


def test_a_body_of_another_type_is_no_git(served: Served) -> None:
    repo = served.repo()
    answer = httpx.post(f"{served.url}/{repo.path}/git-upload-pack", content=LIST_REFS)
    assert answer.status_code == 400


@pytest.mark.parametrize("coding", ["identity", "gzip", "x-gzip"])
def test_bodies_come_plain_or_compressed(served: Served, coding: str) -> None:
    repo = served.repo()
    body = LIST_REFS if coding == "identity" else gzip.compress(LIST_REFS)
    headers = {**WANTS, "content-encoding": coding}
    answer = httpx.post(f"{served.url}/{repo.path}/git-upload-pack", content=body, headers=headers)
    assert answer.status_code == 200
    assert f"{repo.head} refs/heads/main".encode() in answer.content
    assert answer.headers["content-type"] == "application/x-git-upload-pack-result"
    assert "no-cache" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"no gzip at all", 400),
        (gzip.compress(LIST_REFS)[:-9], 400),
        (gzip.compress(LIST_REFS) + b"more", 400),
        (gzip.compress(LIST_REFS[:-4] + b"0001" + b"0016ref-prefix refs/x\n" * 100_000 + FLUSH), 413),
    ],
)
def test_a_broken_or_exploding_body_is_refused(
    served: Served, body: bytes, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "LONGEST_FETCH", 1_000_000)
    repo = served.repo()
    headers = {**WANTS, "content-encoding": "gzip"}
    answer = httpx.post(f"{served.url}/{repo.path}/git-upload-pack", content=body, headers=headers)
    assert answer.status_code == status
    assert none_left()


def test_what_git_cannot_understand_is_an_error(served: Served) -> None:
    repo = served.repo()
    answer = httpx.post(f"{served.url}/{repo.path}/git-upload-pack", content=b"zzzzz", headers=WANTS)
    assert answer.status_code == 500
    assert "git could not do this" in answer.text


def test_an_unknown_coding_is_refused(served: Served) -> None:
    repo = served.repo()
    headers = {**WANTS, "content-encoding": "br"}
    assert httpx.post(f"{served.url}/{repo.path}/git-upload-pack", content=b"", headers=headers).status_code == 400


def dial(served: Served, path: str, *more: str) -> socket.socket:
    """A connection on which a chunked request has begun."""
    host = served.url.removeprefix("http://")
    name, port = host.split(":")
    line = socket.create_connection((name, int(port)), timeout=10)
    headers = [
        f"POST /{path}/git-upload-pack HTTP/1.1",
        f"Host: {host}",
        "Transfer-Encoding: chunked",
        *(f"{key}: {value}" for key, value in WANTS.items()),
        *more,
    ]
    line.sendall("\r\n".join([*headers, "", ""]).encode())
    return line


def test_nothing_runs_on_for_a_client_that_went_away(served: Served) -> None:
    repo = served.repo()
    with dial(served, repo.path) as line:
        line.sendall(b"4\r\n0014\r\n")
        deadline = time.monotonic() + 10
        while not git_children() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert git_children()
    assert none_left()


def test_a_client_may_wait_for_leave_to_send_its_body(served: Served) -> None:
    repo = served.repo()
    with dial(served, repo.path, "Expect: 100-continue") as line:
        assert line.recv(100).startswith(b"HTTP/1.1 100 Continue")
        line.sendall(b"%x\r\n%s\r\n0\r\n\r\n" % (len(LIST_REFS), LIST_REFS))
        assert line.recv(100).startswith(b"HTTP/1.1 200 OK")


def test_many_people_clone_at_once(served: Served, tmp_path: Path) -> None:
    repo = served.repo()
    served.shop(repo).commit({f"{number}.txt": "x" * number for number in range(200)})
    desks = [served.desk(NOBODY) for _ in range(8)]
    programs = [
        subprocess.Popen(["git", "clone", "-q", f"{served.url}/{repo.path}", str(desk.work / "c")], env=desk.shell.env)
        for desk in desks
    ]
    assert [program.wait(60) for program in programs] == [0] * 8
