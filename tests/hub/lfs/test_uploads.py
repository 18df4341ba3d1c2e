"""Sending bytes: whole, in parts, resumed; and everything that can go wrong on the way."""

import os
import resource
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from tests.hub.lfs.conftest import Sender, local, sha
from tests.hubbox import HubBox
from tests.people import ADA, EVE, NOBODY

from bearhug.base.blobs.local import LocalBlobs
from bearhug.base.errors import Conflict, TooLarge, Unprocessable
from bearhug.hub.lfs import service, tickets
from bearhug.hub.lfs.records import SEND, Ticket
from bearhug.hub.objects.service import Objects, Vanished

ONE = os.urandom(1000)


def changed(href: str, **fields: str) -> str:
    url = httpx.URL(href)
    return str(url.copy_merge_params(fields))


def ticket_of(sender: Sender, content: bytes, repo_id: int | None = None) -> Ticket:
    return sender.box.app.lfs.tickets.give(SEND, repo_id or sender.repo_id, sha(content), len(content))


# whole -------------------------------------------------------------------------------------------------------


def test_a_sent_object_is_acknowledged_and_verified(sender: Sender) -> None:
    actions = sender.one(ADA, "ada/m", ONE)["actions"]
    answer = sender.box.http.put(local(actions["upload"]["href"]), content=ONE)
    assert (answer.status_code, answer.headers["etag"]) == (200, f'"{sha(ONE)}"')
    body = {"oid": sha(ONE), "size": len(ONE)}
    assert sender.box.post(ADA, local(actions["verify"]["href"]), json=body).status_code == 200
    assert sender.box.post(NOBODY, local(actions["verify"]["href"]), json=body).status_code == 200


def test_verification_fails_for_what_did_not_come(sender: Sender) -> None:
    verify = local(sender.one(ADA, "ada/m", ONE)["actions"]["verify"]["href"])
    assert sender.box.http.post(verify, json={"oid": sha(ONE), "size": len(ONE)}).status_code == 404
    sender.send(ADA, "ada/m", ONE)
    assert sender.box.http.post(verify, json={"oid": sha(ONE), "size": 1}).status_code == 400
    assert sender.box.http.post(verify, json={"oid": "b" * 64, "size": len(ONE)}).status_code == 422
    assert sender.box.http.post(verify, content=b"[").status_code == 422


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"\0" * 1000, 422), (ONE[:-1], 422), (b"", 422), (ONE + b"x", 413), (ONE * 3, 413)],
)
def test_other_bytes_are_refused_and_leave_nothing(sender: Sender, content: bytes, status: int) -> None:
    answer = sender.box.http.put(sender.href(ADA, "ada/m", ONE), content=content)
    assert answer.status_code == status
    assert sender.files() == []
    assert "upload" in sender.one(ADA, "ada/m", ONE)["actions"]


def test_a_body_without_a_length_is_counted(sender: Sender) -> None:
    def pieces(content: bytes) -> Iterator[bytes]:
        for at in range(0, len(content), 100):
            yield content[at : at + 100]

    href = sender.href(ADA, "ada/m", ONE)
    assert sender.box.http.put(href, content=pieces(ONE + b"more")).status_code == 413
    assert sender.files() == []
    assert sender.box.http.put(href, content=pieces(ONE)).status_code == 200


def test_sending_again_is_harmless(sender: Sender) -> None:
    href = sender.href(ADA, "ada/m", ONE)
    for _ in range(3):
        assert sender.box.http.put(href, content=ONE).status_code == 200
    assert len(sender.files()) == 1


def test_a_copy_that_vanishes_meanwhile_is_asked_for_again(sender: Sender) -> None:
    sender.send(ADA, "ada/m", ONE)
    lfs = sender.box.app.lfs
    again = lfs.send(ticket_of(sender, ONE))
    again.write(ONE)
    [path] = sender.files()
    path.unlink()
    with pytest.raises(Vanished):
        again.finish()
    again.close()
    sender.send(ADA, "ada/m", ONE)


def test_a_damaged_copy_is_replaced(sender: Sender) -> None:
    sender.send(ADA, "ada/m", ONE)
    [path] = sender.files()
    path.write_bytes(b"short")
    sender.send(ADA, "ada/m", ONE)
    assert sender.fetch(ADA, "ada/m", ONE) == ONE


# addresses ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"repo": "987654"},
        {"size": "999"},
        {"until": "99999999999"},
        {"sig": "x"},
        {"sig": ""},
        {"repo": "x"},
        {"size": "-1"},
        {"until": "9" * 30},
        {"repo": "１"},
    ],
)
def test_a_tampered_address_opens_nothing(sender: Sender, fields: dict[str, str]) -> None:
    sender.create(EVE, "mine")
    href = changed(sender.href(ADA, "ada/m", ONE), **fields)
    for method, path in (("PUT", href), ("PATCH", href), ("HEAD", href), ("GET", href), ("POST", href)):
        headers = {"upload-offset": "0"}
        answer = sender.box.http.request(method, path, content=ONE, headers=headers)
        assert answer.status_code in (400, 403), method
    assert sender.files() == []


def test_an_address_is_good_for_its_object_and_purpose_only(sender: Sender) -> None:
    href = sender.href(ADA, "ada/m", ONE)
    other = href.replace(sha(ONE), sha(b"x"))
    assert sender.box.http.put(other, content=b"x").status_code == 403
    assert sender.box.http.get(href.replace("uploads", "objects")).status_code == 403
    assert sender.box.http.put("/api/lfs/uploads/nonsense", content=b"x").status_code == 400
    sender.send(ADA, "ada/m", ONE)
    fetch = local(sender.one(ADA, "ada/m", ONE, "download")["actions"]["download"]["href"])
    assert sender.box.http.put(fetch.replace("objects", "uploads"), content=ONE).status_code == 403


def test_an_address_expires(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tickets, "LIFETIME", dict.fromkeys(tickets.LIFETIME, -1))
    answer = sender.box.http.put(sender.href(ADA, "ada/m", ONE), content=ONE)
    assert answer.status_code == 403
    assert "expired" in answer.json()["error"]
    assert sender.files() == []


def test_an_address_ends_with_its_repository(sender: Sender) -> None:
    href = sender.href(ADA, "ada/m", ONE)
    sender.box.app.repos.delete(sender.box.actor(ADA), sender.name("ada/m"))
    assert sender.box.http.put(href, content=ONE).status_code == 404
    assert sender.files() == []


# downloads ---------------------------------------------------------------------------------------------------


def test_a_download_gives_ranges_and_conditions(sender: Sender) -> None:
    sender.send(ADA, "ada/m", ONE)
    href = local(sender.one(ADA, "ada/m", ONE, "download")["actions"]["download"]["href"])
    get = sender.box.http.get
    assert get(href).headers["etag"] == f'"{sha(ONE)}"'
    part = get(href, headers={"range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, ONE[100:200])
    assert part.headers["content-range"] == "bytes 100-199/1000"
    assert get(href, headers={"range": "bytes=1000-"}).status_code == 416
    assert get(href, headers={"if-none-match": f'"{sha(ONE)}"'}).status_code == 304
    head = sender.box.http.head(href)
    assert (head.headers["content-length"], head.content) == ("1000", b"")
    assert head.headers["content-security-policy"] == "sandbox"


def test_behind_a_web_server_the_bytes_are_left_to_it(sender: Sender) -> None:
    sender.send(ADA, "ada/m", ONE)
    app = sender.box.app
    app.lfs.objects = Objects(app.db, LocalBlobs(app.config.blobs, accel_prefix="/inside"))
    href = local(sender.one(ADA, "ada/m", ONE, "download")["actions"]["download"]["href"])
    oid = sha(ONE)
    answer = sender.box.http.get(href)
    assert answer.headers["x-accel-redirect"] == f"/inside/{oid[:2]}/{oid[2:4]}/{oid}"
    assert answer.content == b""
    head = sender.box.http.head(href)
    assert head.headers["content-length"] == "1000"
    assert "x-accel-redirect" not in head.headers


def test_a_download_ends_with_its_repository(sender: Sender) -> None:
    sender.send(ADA, "ada/m", ONE)
    href = local(sender.one(ADA, "ada/m", ONE, "download")["actions"]["download"]["href"])
    sender.box.app.repos.delete(sender.box.actor(ADA), sender.name("ada/m"))
    assert sender.box.http.get(href).status_code == 404


# parts -------------------------------------------------------------------------------------------------------


@pytest.fixture
def in_parts(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[str, dict[int, str]]]:
    """Asks for parts of 300 bytes; gives the address of completion and those of the parts."""
    for name, value in {"ONE_REQUEST": 500, "PART": 300, "MIB": 100}.items():
        monkeypatch.setattr(service, name, value)

    def ask() -> tuple[str, dict[int, str]]:
        upload = sender.one(ADA, "ada/m", ONE, transfers=["basic", "multipart"])["actions"]["upload"]
        assert upload["header"].pop("chunk_size") == "300"
        return local(upload["href"]), {int(key): local(url) for key, url in upload["header"].items()}

    return ask


def put_part(box: HubBox, urls: dict[int, str], number: int) -> dict[str, Any]:
    answer = box.http.put(urls[number], content=ONE[(number - 1) * 300 : number * 300])
    assert answer.status_code == 200, answer.text
    return {"partNumber": number, "etag": answer.headers["etag"]}


def test_parts_make_an_object(sender: Sender, in_parts: Callable[[], tuple[str, dict[int, str]]]) -> None:
    href, urls = in_parts()
    parts = [put_part(sender.box, urls, number) for number in (1, 2, 3, 4)]
    answer = sender.box.http.post(href, json={"oid": sha(ONE), "parts": parts})
    assert answer.status_code == 200, answer.text
    assert sender.fetch(ADA, "ada/m", ONE) == ONE
    assert [path.name for path in sender.files()] == [sha(ONE)]
    again = sender.box.http.post(href, json={"oid": sha(ONE), "parts": parts})
    assert again.status_code == 200


def test_parts_outlive_a_restart_and_may_be_sent_twice(
    sender: Sender, in_parts: Callable[[], tuple[str, dict[int, str]]], tmp_path: Path
) -> None:
    _, urls = in_parts()
    first = [put_part(sender.box, urls, number) for number in (4, 2)]
    box = HubBox(tmp_path / "hub", database_url=sender.box.config.database_url)
    box.enter()
    again = Sender(box)
    href, urls = in_parts()
    state = box.http.get(href).json()
    assert (state["partSize"], state["size"]) == (300, 1000)
    assert [part["partNumber"] for part in state["parts"]] == [2, 4]
    parts = [put_part(box, urls, number) for number in (1, 2, 3, 4)]
    assert first[0] in parts
    assert first[1] in parts
    assert box.http.post(href, json={"oid": sha(ONE), "parts": parts}).status_code == 200
    assert again.fetch(ADA, "ada/m", ONE) == ONE
    box.close()


@pytest.mark.parametrize("content", [b"", b"x" * 299, b"x" * 301])
def test_a_part_of_another_length_is_refused(
    sender: Sender, in_parts: Callable[[], tuple[str, dict[int, str]]], content: bytes
) -> None:
    href, urls = in_parts()
    assert sender.box.http.put(urls[1], content=content).status_code in (400, 413)
    assert sender.box.http.get(href).json()["parts"] == []


@pytest.mark.parametrize("number", ["0", "5", "-1", "x", "99999999999999999999999"])
def test_a_part_that_does_not_exist_is_refused(
    sender: Sender, in_parts: Callable[[], tuple[str, dict[int, str]]], number: str
) -> None:
    _, urls = in_parts()
    assert sender.box.http.put(urls[1].replace("parts/1", f"parts/{number}"), content=ONE[:300]).status_code == 400


def test_parts_that_do_not_make_the_object_are_dropped(
    sender: Sender, in_parts: Callable[[], tuple[str, dict[int, str]]]
) -> None:
    href, urls = in_parts()
    parts = [put_part(sender.box, urls, number) for number in (1, 2, 3)]
    bad = sender.box.http.put(urls[4], content=b"\0" * 100)
    parts.append({"partNumber": 4, "etag": bad.headers["etag"]})
    body = {"oid": sha(ONE), "parts": parts}
    assert sender.box.http.post(href, json=body).status_code == 422
    assert sender.files() == []
    assert sender.box.http.post(href, json=body).status_code == 400
    parts = [put_part(sender.box, urls, number) for number in (1, 2, 3, 4)]
    assert sender.box.http.post(href, json={"oid": sha(ONE), "parts": parts}).status_code == 200


def test_a_completion_must_speak_of_what_came(
    sender: Sender, in_parts: Callable[[], tuple[str, dict[int, str]]]
) -> None:
    href, urls = in_parts()
    parts = [put_part(sender.box, urls, number) for number in (1, 2, 3)]
    bodies: list[dict[str, Any]] = [
        {"oid": sha(ONE), "parts": parts},
        {"oid": "b" * 64, "parts": parts},
        {"oid": sha(ONE)},
        {"oid": sha(ONE), "parts": [1]},
    ]
    for body in bodies:
        assert sender.box.http.post(href, json=body).status_code == 400
    put_part(sender.box, urls, 4)
    parts[0]["etag"] = '"stale"'
    assert sender.box.http.post(href, json={"oid": sha(ONE), "parts": parts}).status_code == 400


def test_an_empty_object_is_completed_without_parts(
    sender: Sender, in_parts: Callable[[], tuple[str, dict[int, str]]]
) -> None:
    href = sender.href(ADA, "ada/m", b"")
    assert sender.box.http.post(href, json={"oid": sha(b""), "parts": []}).status_code == 200
    assert sender.fetch(ADA, "ada/m", b"") == b""


# in order ----------------------------------------------------------------------------------------------------


def patch(box: HubBox, href: str, offset: int, content: bytes) -> httpx.Response:
    return box.http.patch(href, content=content, headers={"upload-offset": str(offset), "tus-resumable": "1.0.0"})


def test_an_upload_goes_on_where_it_stopped(sender: Sender) -> None:
    href = sender.href(ADA, "ada/m", ONE)
    head = sender.box.http.head(href)
    assert (head.headers["upload-offset"], head.headers["upload-length"]) == ("0", "1000")
    assert patch(sender.box, href, 0, ONE[:400]).headers["upload-offset"] == "400"
    assert sender.box.http.head(href).headers["upload-offset"] == "400"
    done = patch(sender.box, href, 400, ONE[400:])
    assert (done.status_code, done.headers["upload-offset"]) == (204, "1000")
    assert sender.box.http.head(href).headers["upload-offset"] == "1000"
    assert sender.fetch(ADA, "ada/m", ONE) == ONE


def test_going_on_elsewhere_is_refused(sender: Sender) -> None:
    href = sender.href(ADA, "ada/m", ONE)
    patch(sender.box, href, 0, ONE[:400])
    assert patch(sender.box, href, 300, ONE[300:]).status_code == 409
    assert patch(sender.box, href, 400, ONE[300:]).status_code == 413
    assert sender.box.http.patch(href, content=ONE).status_code == 400
    assert patch(sender.box, href, 400, ONE[400:]).status_code == 204


def test_a_resumed_upload_of_other_bytes_is_dropped(sender: Sender) -> None:
    href = sender.href(ADA, "ada/m", ONE)
    patch(sender.box, href, 0, b"\0" * 400)
    assert patch(sender.box, href, 400, ONE[400:]).status_code == 422
    assert sender.files() == []
    assert sender.box.http.head(href).headers["upload-offset"] == "0"


@pytest.mark.parametrize("good", [True, False])
def test_a_hub_stopped_before_the_check_makes_up_for_it(sender: Sender, good: bool) -> None:
    href = sender.href(ADA, "ada/m", ONE)
    upload = sender.box.app.lfs.resume(ticket_of(sender, ONE), 0)
    upload.write(ONE if good else bytes(1000))
    upload.close()
    assert sender.box.http.head(href).headers["upload-offset"] == ("1000" if good else "0")
    assert sender.holds(sender.repo_id, sha(ONE)) == good


# broken connections ------------------------------------------------------------------------------------------


def cut_off(box: HubBox, method: str, href: str, body: bytes, headers: dict[str, str] | None = None) -> int:
    """Send some of the body and go away; the status that nobody reads."""
    url = httpx.URL(href)
    sent: list[MutableMapping[str, Any]] = []
    messages = [{"type": "http.request", "body": body, "more_body": True}, {"type": "http.disconnect"}]
    scope = {
        "type": "http",
        "method": method,
        "path": url.path,
        "raw_path": url.raw_path.partition(b"?")[0],
        "query_string": url.query,
        "headers": [(key.encode(), value.encode()) for key, value in (headers or {}).items()],
        "scheme": "http",
        "server": ("hub.test", 80),
        "client": ("127.0.0.1", 1),
    }

    async def receive() -> MutableMapping[str, Any]:
        return messages.pop(0)

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    edge: Callable[..., Awaitable[None]] = box.app.edge
    anyio.run(edge, scope, receive, send)
    return int(sent[0]["status"])


def test_a_body_that_is_cut_off_leaves_nothing(sender: Sender) -> None:
    href = sender.href(ADA, "ada/m", ONE)
    assert cut_off(sender.box, "PUT", href, ONE[:500]) == 400
    assert sender.files() == []


def test_a_resumable_body_that_is_cut_off_is_kept(sender: Sender) -> None:
    href = sender.href(ADA, "ada/m", ONE)
    assert cut_off(sender.box, "PATCH", href, ONE[:500], {"upload-offset": "0"}) == 400
    assert sender.box.http.head(href).headers["upload-offset"] == "500"
    assert patch(sender.box, href, 500, ONE[500:]).status_code == 204
    assert sender.fetch(ADA, "ada/m", ONE) == ONE


def test_a_part_that_is_cut_off_is_not_there(
    sender: Sender, in_parts: Callable[[], tuple[str, dict[int, str]]]
) -> None:
    href, urls = in_parts()
    assert cut_off(sender.box, "PUT", urls[1], ONE[:200]) == 400
    assert sender.box.http.get(href).json()["parts"] == []
    put_part(sender.box, urls, 1)


# several at once, and no room --------------------------------------------------------------------------------


def test_many_senders_of_one_object_agree(sender: Sender) -> None:
    lfs, content = sender.box.app.lfs, os.urandom(1 << 18)
    repos = [sender.create(ADA, f"r{number}") for number in range(6)]
    failures: list[Exception] = []

    def send(repo_id: int) -> None:
        upload = lfs.send(ticket_of(sender, content, repo_id))
        try:
            for at in range(0, len(content), 1 << 15):
                upload.write(content[at : at + (1 << 15)])
            upload.finish()
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)
        finally:
            upload.close()

    threads = [threading.Thread(target=send, args=(repo_id,)) for repo_id in repos * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(sender.files()) == 1
    assert all(sender.holds(repo_id, sha(content)) for repo_id in repos)


def test_two_who_append_to_one_upload_do_not_mix(sender: Sender) -> None:
    lfs = sender.box.app.lfs
    first = lfs.resume(ticket_of(sender, ONE), 0)
    with pytest.raises(Conflict):
        lfs.resume(ticket_of(sender, ONE), 0)
    first.write(ONE)
    first.finish()
    first.close()


def test_a_repository_takes_no_more_than_its_quota(sender: Sender) -> None:
    app = sender.box.app
    app.lfs = service.Lfs(app.repos, app.objects, app.lfs.tickets, quota=1500)
    sender.box.app.edge.router = type(app.edge.router)([*_rows(sender)], {"kind": {"": "model"}})
    sender.send(ADA, "ada/m", ONE)
    other = os.urandom(1000)
    assert sender.one(ADA, "ada/m", other)["error"]["code"] == 413
    assert "actions" not in sender.one(ADA, "ada/m", ONE)
    late = app.lfs.send(ticket_of(sender, other))
    late.write(other)
    with pytest.raises(TooLarge):
        late.finish()
    late.close()
    assert not sender.holds(sender.repo_id, sha(other))
    source = sender.create(ADA, "other")
    late = app.lfs.send(ticket_of(sender, other, source))
    late.write(other)
    late.finish()
    late.close()
    with pytest.raises(TooLarge), app.db.writing() as tx:
        app.lfs.copy(tx, source, sender.repo_id, [sha(other)])
    app.repos.delete(sender.box.actor(ADA), sender.name("ada/other"))
    app.lfs.purge(sha(other))
    assert [path.name for path in sender.files()] == [sha(ONE)]


def _rows(sender: Sender) -> list[Any]:
    from bearhug.hub.lfs.api import LfsApi
    from bearhug.hub.lfs.stream import LfsStream

    app = sender.box.app
    return [*LfsApi(app.lfs, app.identity.who).rows(), *LfsStream(app.lfs).rows()]


@pytest.fixture
def no_room() -> Iterator[None]:
    """No file grows beyond two MiB: the system refuses the bytes as it does when a disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 << 20, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("no_room")
def test_a_disk_that_fills_up_leaves_nothing_and_says_so(sender: Sender) -> None:
    content = os.urandom(3 << 20)
    answer = sender.box.http.put(sender.href(ADA, "ada/m", content), content=content)
    assert answer.status_code == 507
    assert sender.files() == []
    sender.send(ADA, "ada/m", ONE)


@pytest.mark.usefixtures("no_room")
def test_a_disk_that_fills_up_drops_what_was_to_be_resumed(sender: Sender) -> None:
    content = os.urandom(3 << 20)
    href = sender.href(ADA, "ada/m", content)
    assert patch(sender.box, href, 0, content[: 1 << 20]).status_code == 204
    assert patch(sender.box, href, 1 << 20, content[1 << 20 :]).status_code == 507
    assert sender.box.http.head(href).headers["upload-offset"] == "0"
    assert sender.files() == []


def test_what_cannot_fit_is_refused_before_it_is_sent(sender: Sender) -> None:
    app = sender.box.app
    app.lfs.objects = Objects(app.db, LocalBlobs(app.config.blobs, reserve=1 << 60))
    assert sender.box.http.put(sender.href(ADA, "ada/m", ONE), content=ONE).status_code == 507


def test_a_wrong_hash_raises_what_clients_do_not_retry(sender: Sender) -> None:
    upload = sender.box.app.lfs.send(ticket_of(sender, ONE))
    upload.write(bytes(1000))
    with pytest.raises(Unprocessable):
        upload.finish()
    upload.close()
