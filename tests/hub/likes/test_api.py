"""Likes by HTTP."""

import pytest
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


@pytest.mark.parametrize("cursor", ["2147483648", str(2**62), str(2**70), "-1", "ten", "9" * 5000])
def test_a_cursor_that_is_none_is_refused_in_plain_words(box: HubBox, cursor: str) -> None:
    box.post(ADA, "/api/repos/create", json={"name": "m"})
    for path in ("/api/models/ada/m/likers", "/api/users/ada/likes", "/api/settings/repositories"):
        answer = box.get(ADA, f"{path}?cursor={cursor}")
        assert answer.status_code == 400, path
        assert "ursor" in answer.json()["error"]
    assert box.get(ADA, "/api/models/ada/m/likers?cursor=2147483647").json() == []
    assert box.get(ADA, f"/ada/m/likes?after={cursor}").status_code == 400
