"""Following by HTTP."""

from concurrent.futures import ThreadPoolExecutor

from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE, LAB, NOBODY

from bearhug.hub.access.records import TokenKind


def names(box: HubBox, path: str) -> list[str]:
    return [row["user"] for row in box.get(NOBODY, path).json()]


def test_following_twice_counts_once(box: HubBox) -> None:
    for _ in range(2):
        assert box.post(BOB, "/api/users/ADA/follow").status_code == 200
    box.post(EVE, "/api/users/ada/follow")
    assert names(box, "/api/users/ada/followers") == ["bob", "eve"]
    assert names(box, "/api/users/bob/following") == ["ada"]
    assert box.get(NOBODY, "/api/users/ada/overview").json()["numFollowers"] == 2
    seen = box.get(BOB, "/api/users/ada/overview").json()
    assert (seen["isFollowing"], seen["numFollowing"]) == (True, 0)


def test_organisations_are_followed_too(box: HubBox) -> None:
    box.post(EVE, f"/api/organizations/{LAB}/follow")
    assert names(box, f"/api/organizations/{LAB}/followers") == ["eve"]
    assert names(box, "/api/users/eve/following") == []
    assert box.get(EVE, f"/api/organizations/{LAB}/overview").json()["isFollowing"] is True


def test_it_can_be_undone_more_than_once(box: HubBox) -> None:
    box.post(BOB, "/api/users/ada/follow")
    for _ in range(2):
        assert box.delete(BOB, "/api/users/ada/follow").status_code == 200
    assert names(box, "/api/users/ada/followers") == []


def test_nobody_follows_and_nobody_follows_themselves_and_read_tokens_only_read(box: HubBox) -> None:
    assert box.post(NOBODY, "/api/users/ada/follow").status_code == 401
    assert box.post(ADA, "/api/users/ada/follow").status_code == 400
    assert box.post(ADA, "/api/users/ghost/follow").status_code == 404
    headers = {"authorization": f"Bearer {box.token(BOB, TokenKind.READ)}"}
    assert box.http.post("/api/users/ada/follow", headers=headers).status_code == 403


def test_followers_come_in_pages(box: HubBox) -> None:
    for person in (BOB, EVE):
        box.post(person, "/api/users/ada/follow")
    first = box.get(NOBODY, "/api/users/ada/followers?limit=1")
    assert [row["user"] for row in first.json()] == ["bob"]
    assert [row["user"] for row in box.http.get(first.links["next"]["url"]).json()] == ["eve"]


def test_following_many_times_at_once_counts_once(box: HubBox) -> None:
    box.token(BOB)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: box.post(BOB, "/api/users/ada/follow").status_code, range(6)))
    assert (set(answers), names(box, "/api/users/ada/followers")) == ({200}, ["bob"])
