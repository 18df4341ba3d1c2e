"""Likes by HTTP."""

from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE, NOBODY


def test_liking_twice_counts_once(box: HubBox) -> None:
    box.post(ADA, "/api/repos/create", json={"name": "m"})
    for person in (BOB, BOB, EVE):
        assert box.post(person, "/api/models/ada/m/like").status_code == 200
    assert next(iter(box.app.repos.walk())).likes == 2
    assert [row["user"] for row in box.get(NOBODY, "/api/models/ada/m/likers").json()] == ["bob", "eve"]
    assert box.get(NOBODY, "/api/users/bob/likes").json() == [{"repo": {"name": "ada/m", "type": "model"}}]


def test_a_like_can_be_taken_back_more_than_once(box: HubBox) -> None:
    box.post(ADA, "/api/repos/create", json={"name": "m"})
    box.post(BOB, "/api/models/ada/m/like")
    for _ in range(2):
        assert box.delete(BOB, "/api/models/ada/m/like").status_code == 200
    assert next(iter(box.app.repos.walk())).likes == 0


def test_strangers_cannot_like_what_they_cannot_see(box: HubBox) -> None:
    box.post(ADA, "/api/repos/create", json={"name": "m", "private": True})
    assert box.post(EVE, "/api/models/ada/m/like").headers["x-error-code"] == "RepoNotFound"
    box.post(ADA, "/api/models/ada/m/like")
    assert box.get(EVE, "/api/users/ada/likes").json() == []


def test_anonymous_people_are_asked_to_sign_in(box: HubBox) -> None:
    box.post(ADA, "/api/repos/create", json={"name": "m"})
    assert box.post(NOBODY, "/api/models/ada/m/like").status_code == 401
