"""Every endpoint of a repository, with every kind of actor, against every visibility.

The rows are read from the hub itself: an endpoint that is added without an answer here fails this test.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE, NOBODY, Person

from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Role, TokenKind
from bearhug.hub.repos.records import ROUTE_CHOICES

COMMIT = b'{"key":"header","value":{"summary":"s"}}\n{"key":"file","value":{"path":"new.txt","content":"x"}}\n'
BATCH = {"operation": "download", "objects": [{"oid": "a" * 64, "size": 5}]}
FLUSH = b"0000"
BODIES: dict[str, object] = {
    "preupload": {"files": [{"path": "a.txt", "size": 1, "sample": ""}]},
    "paths-info": {"paths": ["README.md"]},
    "commit": COMMIT,
    "tag": {"tag": "v1"},
    "branch": {},
    "super-squash": {"message": "one"},
    "settings": {"gated": False},
    "duplicate": {"repository": "eve/copy"},
    "lfs-files/batch": {"deletions": {"sha": []}},
    "lfs-files/duplicate": {"target": {"type": "model", "name": "eve/own"}, "files": []},
    "objects/batch": BATCH,
    "locks": {"path": "w.bin"},
    "locks/verify": {},
    "unlock": {},
    "git-upload-pack": FLUSH,
    "git-receive-pack": FLUSH,
    "like": {},
    "ask-access": {},
    "cancel": {},
    "handle": {"user": "eve", "status": "accepted"},
    "grant": {"user": "eve"},
    "models": {"inputs": "x"},
    "pipeline": {"inputs": "x"},
    "widget": {},
    "chat": {},
}
PARAMETERS = {
    "rev": "main",
    "path": "README.md",
    "branch": "dev",
    "spec": "main..main",
    "sha": "a" * 64,
    "id": "1",
    "file": "main.zip",
    "status": "pending",
}
WRITING = ("writer", "owner", "contributor")
READING = ("reader", "user", "anyone")


@dataclass(frozen=True)
class Case:
    """One endpoint on one kind of repository."""

    row: Row
    kind: str

    def __str__(self) -> str:
        return f"{self.row.method} {self.row.path} {self.kind}"

    def path(self, name: str) -> str:
        """The address with everything filled in."""
        path = self.row.path
        for choice, words in ROUTE_CHOICES.items():
            word = next(word for word, kind in words.items() if kind == self.kind)
            path = path.replace("{" + choice + "}", word)
        owner, _, repo = name.partition("/")
        path = path.replace("{ns}", owner).replace("{name}", repo).replace("//", "/")
        for key, value in PARAMETERS.items():
            path = path.replace("{" + key + "}", value).replace("{" + key + "*}", value)
        return path + ("?service=git-upload-pack" if path.endswith("info/refs") else "")

    def body(self) -> dict[str, object]:
        """What the client would send."""
        ending = next((end for end in sorted(BODIES, key=len, reverse=True) if f"/{end}" in self.row.path), None)
        if self.row.method in ("GET", "HEAD", "DELETE") or self.row.body in ("form", "none"):
            return {}
        assert ending is not None, f"say in BODIES what {self.row.path} is sent"
        body = BODIES[ending]
        return {"content": body} if isinstance(body, bytes) else {"content": json.dumps(body).encode()}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, furnished: Path) -> Iterator[HubBox]:
    """Public and private repositories of every kind in the organisation lab: ada is its admin, bob writes."""
    box = HubBox(tmp_path_factory.mktemp("matrix"))
    box.furnish()
    for kind in ("model", "dataset", "space"):
        for name, private in (("open", False), ("shut", True)):
            wanted = {"name": name, "organization": "lab", "type": kind, "private": private, "license": "mit"}
            assert box.post(ADA, "/api/repos/create", json=wanted).status_code == 200
    assert box.post(EVE, "/api/repos/create", json={"name": "own"}).status_code == 200
    yield box
    box.close()


def repo_rows(box: HubBox) -> list[Case]:
    rows = [row for row in box.app.edge.router.rows if "{ns}/{name}" in row.path]
    assert len(rows) > 30
    return [Case(row, kind) for row in rows for kind in ("model", "dataset", "space")]


def ask(box: HubBox, case: Case, person: Person, name: str, token: str | None = None) -> httpx.Response:
    service = case.row.path.rpartition("/")[2]
    plain = "application/x-www-form-urlencoded" if case.row.body == "form" else "application/json"
    media = f"application/x-{service}-request" if service.startswith("git-") else plain
    headers = {"content-type": media}
    if token:
        headers["authorization"] = f"Bearer {token}"
    return box.ask(case.row.method, NOBODY if token else person, case.path(name), headers=headers, **case.body())


def shown(answer: httpx.Response, name: str) -> tuple[int, str | None, str]:
    """All that a stranger could compare, the name itself left out."""
    told = answer.text + unquote(answer.headers.get("location", ""))
    return answer.status_code, answer.headers.get("x-error-code"), told.replace(name, "NAME")


def sent_to_sign_in(answer: httpx.Response) -> bool:
    """What pages do with visitors whom nobody knows."""
    return answer.status_code == 303 and answer.headers["location"].startswith("/login")


def test_what_is_hidden_looks_like_what_is_not_there(world: HubBox) -> None:
    for case in repo_rows(world):
        for person in (EVE, NOBODY):
            hidden, absent = ask(world, case, person, "lab/shut"), ask(world, case, person, "lab/none")
            assert shown(hidden, "lab/shut") == shown(absent, "lab/none"), f"{case} as {person.name or 'nobody'}"
            closed = hidden.status_code in (401, 404) or (person is NOBODY and sent_to_sign_in(hidden))
            assert closed, f"{case} as {person.name or 'nobody'}: {hidden.status_code} {hidden.text}"


def test_strangers_cannot_write_to_what_they_read(world: HubBox) -> None:
    for case in repo_rows(world):
        if case.row.audience in WRITING:
            for person in (EVE, NOBODY):
                answer = ask(world, case, person, "lab/open")
                closed = answer.status_code in (401, 403) or (person is NOBODY and sent_to_sign_in(answer))
                assert closed, f"{case} as {person.name or 'nobody'}: {answer.status_code} {answer.text}"


def test_a_read_token_reads_everything_and_writes_nothing(world: HubBox) -> None:
    token = world.token(ADA, TokenKind.READ)
    for case in repo_rows(world):
        answer = ask(world, case, ADA, "lab/shut", token)
        if case.row.audience in WRITING:
            assert answer.status_code == 403, f"{case}: {answer.status_code} {answer.text}"
        elif case.row.audience == "reader":
            assert answer.status_code not in (401, 403), f"{case}: {answer.text}"
            assert answer.headers.get("x-error-code") != "RepoNotFound", f"{case}: {answer.text}"


def test_everybody_reads_what_is_public(world: HubBox) -> None:
    for case in repo_rows(world):
        if case.row.audience == "reader":
            for person in (EVE, NOBODY, BOB):
                answer = ask(world, case, person, "lab/open")
                assert answer.status_code not in (401, 403), f"{case} as {person.name or 'nobody'}: {answer.text}"


def test_members_who_write_do_not_own(world: HubBox) -> None:
    for case in repo_rows(world):
        if case.row.audience in ("writer", "owner"):
            answer = ask(world, case, BOB, "lab/open")
            allowed = answer.status_code not in (401, 403)
            assert allowed == (case.row.audience == "writer"), f"{case}: {answer.status_code} {answer.text}"


def test_sending_large_files_needs_the_right_to_write(world: HubBox) -> None:
    wanted = {**BATCH, "operation": "upload"}
    path = "/lab/open.git/info/lfs/objects/batch"
    statuses = {person.name: world.post(person, path, json=wanted).status_code for person in (ADA, BOB, EVE, NOBODY)}
    assert statuses == {"ada": 200, "bob": 200, "eve": 403, "": 401}


def test_a_wrong_token_is_told_so_everywhere(world: HubBox) -> None:
    for case in repo_rows(world):
        answer = ask(world, case, NOBODY, "lab/open", "hf_" + "x" * 37)
        assert answer.status_code == 401, f"{case}: {answer.status_code}"
        assert answer.headers.get("x-error-code") is None, str(case)


def test_a_member_without_access_sees_nothing_private(world: HubBox) -> None:
    world.app.orgs.add_member(world.actor(ADA), "lab", EVE.name, Role.NO_ACCESS)
    assert world.get(EVE, "/api/models/lab/shut").headers["x-error-code"] == "RepoNotFound"
    world.app.orgs.remove_member(world.actor(ADA), "lab", EVE.name)


def test_git_accepts_a_token_as_password(world: HubBox) -> None:
    basic = base64.b64encode(f"anything:{world.token(ADA)}".encode()).decode()
    path = "/lab/shut.git/info/refs?service=git-upload-pack"
    assert world.get(NOBODY, path, headers={"authorization": f"Basic {basic}"}).status_code == 200
    refused = world.get(NOBODY, path)
    assert (refused.status_code, refused.headers["www-authenticate"][:5]) == (401, "Basic")
