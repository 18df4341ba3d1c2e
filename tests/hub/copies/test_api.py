"""Duplicates of repositories."""

from tests.hubbox import HubBox
from tests.people import ADA, EVE, NOBODY
from tests.repowork import add, commit, large, lines, make, send, upload


def test_a_duplicate_has_everything_and_a_life_of_its_own(box: HubBox) -> None:
    repo = make(box)
    upload(box, repo, b"weights")
    send(box, repo, lines(large("w.bin", b"weights"), add("a.txt", "one")))
    box.post(ADA, f"/api/models/{repo}/tag/main", json={"tag": "v1"})
    answer = box.post(EVE, f"/api/models/{repo}/duplicate", json={"repository": "eve/mine", "visibility": "private"})
    assert answer.json()["url"] == "http://hub.test/eve/mine"
    assert box.get(EVE, "/eve/mine/resolve/v1/w.bin").content == b"weights"
    assert box.get(NOBODY, "/api/models/eve/mine").status_code == 401
    send(box, "eve/mine", lines(add("a.txt", "two")), person=EVE)
    assert box.get(ADA, f"/{repo}/resolve/main/a.txt").text == "one"


def test_a_duplicate_outlives_its_source(box: HubBox) -> None:
    repo = make(box)
    upload(box, repo, b"weights")
    send(box, repo, lines(large("w.bin", b"weights")))
    box.post(EVE, f"/api/models/{repo}/duplicate", json={"repository": "eve/mine"})
    assert box.ask("DELETE", ADA, "/api/repos/delete", json={"name": "m"}).status_code == 200
    box.settle()
    assert box.get(NOBODY, "/eve/mine/resolve/main/w.bin").content == b"weights"
    with box.app.db.reading():
        folder = next(iter(box.app.repos.walk())).folder
    assert box.app.git.check(folder, deep=True) == []


def test_what_exists_is_not_written_over(box: HubBox) -> None:
    repo = make(box)
    make(box, "n")
    answer = box.post(ADA, f"/api/models/{repo}/duplicate", json={"repository": "ada/n"})
    assert (answer.status_code, answer.json()["url"]) == (409, "http://hub.test/ada/n")


def test_strangers_copy_neither_what_they_cannot_see_nor_into_other_places(box: HubBox) -> None:
    make(box, "open")
    make(box, "shut", private=True)
    assert box.post(EVE, "/api/models/ada/shut/duplicate", json={"repository": "eve/x"}).status_code == 404
    assert box.post(EVE, "/api/models/ada/open/duplicate", json={"repository": "ada/x"}).status_code == 403
    assert box.post(NOBODY, "/api/models/ada/open/duplicate", json={"repository": "ada/x"}).status_code == 401


def test_the_same_files_as_before_are_in_the_same_commit(box: HubBox) -> None:
    repo = make(box)
    oid = commit(box, repo, {"a": "1"})
    box.post(ADA, f"/api/models/{repo}/duplicate", json={"repository": "ada/copy"})
    assert box.get(ADA, "/api/models/ada/copy").json()["sha"] == oid
