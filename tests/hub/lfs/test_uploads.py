"""Sending bytes: whole, in parts, resumed; and everything that can go wrong on the way."""

import os
import resource
import threading
from collections.abc import Iterator

import pytest
from tests.hub.lfs.conftest import Sender, local, sha
from tests.hub.lfs.sending import ONE, cut_off, lfs_rows, patch, ticket_of
from tests.people import ADA, NOBODY

from bearhug.base.blobs.local import LocalBlobs
from bearhug.base.errors import Conflict, TooLarge, Unprocessable
from bearhug.hub.lfs import service
from bearhug.hub.objects.service import Objects, Vanished


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
    sender.box.app.edge.router = type(app.edge.router)([*lfs_rows(sender)], {"kind": {"": "model"}})
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
