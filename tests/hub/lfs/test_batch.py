"""The batch API: who may send and fetch what, and what is said about each object."""

import re
from typing import Any

import pytest
from tests.hub.lfs.conftest import Sender, local, sha
from tests.people import ADA, BOB, EVE, LAB, NOBODY, Person

from bearhug.hub.access.records import TokenKind
from bearhug.hub.lfs import service

ONE = b"one large file"


def test_an_unknown_object_gets_an_address_to_be_sent_to(sender: Sender) -> None:
    answer = sender.batch(ADA, "ada/m", [(sha(ONE), len(ONE))], transfers=["basic", "multipart"], hash_algo="sha256")
    assert answer.headers["content-type"].startswith("application/vnd.git-lfs+json")
    data = answer.json()
    assert data["transfer"] == "basic"
    [item] = data["objects"]
    assert (item["oid"], item["size"], item["authenticated"]) == (sha(ONE), len(ONE), True)
    assert item["actions"]["upload"]["href"].startswith("http://hub.test/api/lfs/")
    assert item["actions"]["upload"]["header"] == {}
    assert item["actions"]["upload"]["expires_in"] > 3600
    assert item["actions"]["verify"]["href"].startswith("http://hub.test/api/lfs/")


def test_what_was_sent_is_there_and_comes_back(sender: Sender) -> None:
    sender.send(ADA, "ada/m", ONE)
    assert "actions" not in sender.one(ADA, "ada/m", ONE)
    assert sender.fetch(NOBODY, "ada/m", ONE) == ONE


@pytest.mark.parametrize("suffix", ["", ".git"])
@pytest.mark.parametrize(("kind", "prefix"), [("model", ""), ("dataset", "datasets/"), ("space", "spaces/")])
def test_every_kind_and_both_spellings_are_served(sender: Sender, kind: str, prefix: str, suffix: str) -> None:
    sender.create(ADA, "k", kind=kind)
    body = {"operation": "upload", "objects": [{"oid": sha(ONE), "size": len(ONE)}]}
    answer = sender.box.post(ADA, f"/{prefix}ada/k{suffix}/info/lfs/objects/batch", json=body)
    assert answer.status_code == 200
    assert "upload" in answer.json()["objects"][0]["actions"]


# who ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "private", "operation", "status"),
    [
        (ADA, True, "upload", 200),
        (ADA, True, "download", 200),
        (EVE, False, "upload", 403),
        (EVE, False, "download", 200),
        (EVE, True, "upload", 404),
        (EVE, True, "download", 404),
        (NOBODY, False, "upload", 401),
        (NOBODY, False, "download", 200),
        (NOBODY, True, "upload", 401),
        (NOBODY, True, "download", 401),
    ],
)
def test_rights_are_those_of_the_repository(
    sender: Sender, person: Person, private: bool, operation: str, status: int
) -> None:
    sender.create(ADA, "r", private=private)
    answer = sender.batch(person, "ada/r", [(sha(ONE), len(ONE))], operation)
    assert answer.status_code == status
    if status == 401:
        assert answer.headers["lfs-authenticate"].startswith("Basic")
    if status >= 400:
        assert answer.json()["message"]


def test_a_repository_that_is_not_there_looks_like_a_hidden_one(sender: Sender) -> None:
    sender.create(ADA, "hidden", private=True)
    for person in (EVE, NOBODY):
        hidden = sender.batch(person, "ada/hidden", [])
        absent = sender.batch(person, "ada/absent", [])
        assert (hidden.status_code, hidden.json()) == (absent.status_code, absent.json())
        assert hidden.headers["x-error-code"] == absent.headers["x-error-code"] == "RepoNotFound"


def test_a_read_token_sends_nothing(sender: Sender) -> None:
    token = sender.box.token(ADA, TokenKind.READ)
    body = {"operation": "upload", "objects": []}
    path = "/ada/m.git/info/lfs/objects/batch"
    answer = sender.box.http.post(path, json=body, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 403


def test_members_who_may_write_send_to_their_organisation(sender: Sender) -> None:
    sender.create(ADA, "shared", owner=LAB)
    assert sender.batch(BOB, f"{LAB}/shared", []).status_code == 200
    assert sender.batch(EVE, f"{LAB}/shared", []).status_code == 403


def test_a_renamed_repository_is_found_under_its_old_name(sender: Sender) -> None:
    sender.box.app.repos.move(sender.box.actor(ADA), sender.name("ada/m"), sender.name("ada/n"))
    answer = sender.batch(ADA, "ada/m", [])
    assert answer.status_code == 307
    assert answer.headers["location"].endswith("/ada/n.git/info/lfs/objects/batch")


# possession --------------------------------------------------------------------------------------------------


def test_possession_elsewhere_gives_nothing(sender: Sender) -> None:
    sender.create(ADA, "secret", private=True)
    oid = sender.send(ADA, "ada/secret", ONE)
    mine = sender.create(EVE, "mine")
    assert "upload" in sender.one(EVE, "eve/mine", ONE)["actions"]
    assert sender.one(EVE, "eve/mine", ONE, "download")["error"]["code"] == 404
    assert not sender.holds(mine, oid)
    with sender.box.app.db.writing() as tx:
        sender.box.app.lfs.link(tx, mine, [oid])
    assert not sender.holds(mine, oid)


def test_a_fetch_address_leads_to_its_own_repository_only(sender: Sender) -> None:
    sender.create(ADA, "secret", private=True)
    sender.send(ADA, "ada/secret", ONE)
    mine = sender.create(EVE, "mine")
    action = sender.one(ADA, "ada/secret", ONE, "download")["actions"]["download"]
    href = re.sub(r"repo=\d+", f"repo={mine}", local(action["href"]))
    assert sender.box.http.get(href).status_code == 403


def test_who_has_the_bytes_may_have_them_too_and_they_are_written_once(sender: Sender) -> None:
    sender.create(ADA, "secret", private=True)
    sender.send(ADA, "ada/secret", ONE)
    [before] = sender.files()
    inode = before.stat().st_ino
    mine = sender.create(EVE, "mine")
    sender.send(EVE, "eve/mine", ONE)
    [after] = sender.files()
    assert after.stat().st_ino == inode
    assert sender.holds(mine, sha(ONE))
    assert sender.fetch(EVE, "eve/mine", ONE) == ONE


# objects -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("oid", "size", "code"),
    [
        ("a" * 64, -1, 422),
        ("a" * 64, 1 << 62, 422),
        ("a" * 64, True, 422),
        ("a" * 64, 1.5, 422),
        ("a" * 64, "5", 422),
        ("a" * 64, None, 422),
        ("A" * 64, 1, 422),
        ("a" * 63, 1, 422),
        ("../../../etc/passwd", 1, 422),
        ("", 1, 422),
        ("a" * 64, (1 << 40) + 1, 413),
    ],
)
def test_an_object_that_cannot_be_meant_has_its_own_error(sender: Sender, oid: str, size: Any, code: int) -> None:
    answer = sender.batch(ADA, "ada/m", [(oid, size), (sha(ONE), len(ONE))])
    assert answer.status_code == 200
    bad, good = answer.json()["objects"]
    assert bad["error"]["code"] == code
    assert isinstance(bad["size"], int)
    assert "actions" in good


def test_an_empty_object_is_an_object(sender: Sender) -> None:
    sender.send(ADA, "ada/m", b"")
    assert sender.fetch(ADA, "ada/m", b"") == b""


def test_another_size_than_the_known_one_is_refused(sender: Sender) -> None:
    sender.send(ADA, "ada/m", ONE)
    for operation in ("upload", "download"):
        [item] = sender.batch(ADA, "ada/m", [(sha(ONE), 99)], operation).json()["objects"]
        assert item["error"]["code"] == 422


def test_a_missing_object_cannot_be_fetched_and_others_can(sender: Sender) -> None:
    sender.send(ADA, "ada/m", ONE)
    answer = sender.batch(ADA, "ada/m", [("b" * 64, 5), (sha(ONE), len(ONE))], "download")
    missing, there = answer.json()["objects"]
    assert missing["error"]["code"] == 404
    assert "download" in there["actions"]


def test_lost_bytes_are_asked_for_again(sender: Sender) -> None:
    sender.send(ADA, "ada/m", ONE)
    [path] = sender.files()
    path.unlink()
    assert sender.one(ADA, "ada/m", ONE, "download")["error"]["code"] == 404
    sender.send(ADA, "ada/m", ONE)
    assert sender.fetch(ADA, "ada/m", ONE) == ONE


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"not json", 422),
        (b"[]", 422),
        (b"{}", 422),
        (b'{"operation":"steal","objects":[]}', 422),
        (b'{"operation":"upload"}', 422),
        (b'{"operation":"upload","objects":{}}', 422),
        (b'{"operation":"upload","objects":[1]}', 422),
        (b'{"operation":"upload","objects":[{"size":1}]}', 422),
        (b'{"operation":"upload","objects":[],"transfers":"basic"}', 422),
        (b'{"operation":"upload","objects":[],"hash_algo":"md5"}', 409),
        (b'{"operation":"upload","objects":[' + b",".join([b'{"oid":"a","size":1}'] * 1001) + b"]}", 413),
        (b'{"operation":"upload","objects":' + b"[" * 50_000, 422),
        (b" " * (1 << 20) + b"{}", 413),
    ],
)
def test_a_malformed_batch_is_refused_as_a_whole(sender: Sender, body: bytes, status: int) -> None:
    answer = sender.box.post(ADA, "/ada/m.git/info/lfs/objects/batch", content=body)
    assert answer.status_code == status


# transfers ---------------------------------------------------------------------------------------------------


def test_something_large_travels_in_parts_if_the_client_can(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "ONE_REQUEST", 25)
    monkeypatch.setattr(service, "PART", 10)
    monkeypatch.setattr(service, "MIB", 10)
    objects = [(sha(b"x" * 26), 26), (sha(b"small"), 5)]
    data = sender.batch(ADA, "ada/m", objects, transfers=["basic", "multipart"]).json()
    assert data["transfer"] == "multipart"
    large, small = (item["actions"]["upload"]["header"] for item in data["objects"])
    assert list(large) == ["chunk_size", "1", "2", "3"]
    assert large["chunk_size"] == "10"
    assert list(small) == ["chunk_size", "1"]
    assert sender.batch(ADA, "ada/m", objects, transfers=["basic"]).json()["transfer"] == "basic"
    assert sender.batch(ADA, "ada/m", objects).json()["transfer"] == "basic"
    assert sender.batch(ADA, "ada/m", objects[1:], transfers=["basic", "multipart"]).json()["transfer"] == "basic"


def test_who_can_resume_does(sender: Sender) -> None:
    answer = sender.batch(ADA, "ada/m", [(sha(ONE), len(ONE))], transfers=["lfs-standalone-file", "basic", "tus"])
    assert answer.json()["transfer"] == "tus"


def test_parts_are_few_however_large_the_object(sender: Sender) -> None:
    header = sender.batch(ADA, "ada/m", [("a" * 64, 1 << 40)], transfers=["multipart"]).json()["objects"][0]
    parts = header["actions"]["upload"]["header"]
    assert len(parts) <= 1001
    size = int(parts["chunk_size"])
    assert size * (len(parts) - 2) < 1 << 40 <= size * (len(parts) - 1)


@pytest.mark.parametrize("size", [1, (128 << 20) - 1, 128 << 20, (128 << 20) + 1, 128_000 << 20, (128_000 << 20) + 1])
def test_every_size_is_cut_into_whole_mebibytes(size: int) -> None:
    part = service.part_size(size)
    assert part % (1 << 20) == 0
    assert -(-size // part) <= service.MOST_PARTS
