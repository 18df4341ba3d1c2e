"""Signed addresses: good for one object, one purpose and a while; and what they give."""

import pytest
from tests.hub.lfs.conftest import Sender, local, sha
from tests.hub.lfs.sending import ONE, changed
from tests.people import ADA, EVE
from tests.repowork import commit

from bearhug.base.blobs.local import LocalBlobs
from bearhug.hub.lfs import tickets
from bearhug.hub.objects.service import Objects


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


def test_what_a_browser_could_run_is_never_left_to_a_web_server(sender: Sender) -> None:
    sender.send(ADA, "ada/m", ONE)
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha(ONE)}\nsize {len(ONE)}\n"
    commit(sender.box, "ada/m", dict.fromkeys(("w.bin", "drawing.svg", "page.html"), pointer))
    app = sender.box.app
    app.lfs.objects = Objects(app.db, LocalBlobs(app.config.blobs, accel_prefix="/inside"))
    left = sender.box.http.get("/ada/m/resolve/main/w.bin")
    assert (left.headers["x-accel-redirect"][:8], left.content) == ("/inside/", b"")
    for path in ("drawing.svg", "page.html"):
        answer = sender.box.http.get(f"/ada/m/resolve/main/{path}")
        assert answer.content == ONE
        assert "sandbox" in answer.headers["content-security-policy"]


def test_a_download_ends_with_its_repository(sender: Sender) -> None:
    sender.send(ADA, "ada/m", ONE)
    href = local(sender.one(ADA, "ada/m", ONE, "download")["actions"]["download"]["href"])
    sender.box.app.repos.delete(sender.box.actor(ADA), sender.name("ada/m"))
    assert sender.box.http.get(href).status_code == 404
