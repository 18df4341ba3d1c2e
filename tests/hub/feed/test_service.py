"""The feed: what those whom one follows did."""

from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE, NOBODY
from tests.reading import look, sign_in
from tests.repowork import make

from bearhug.hub.feed.records import Activity, Deed
from bearhug.hub.feed.service import Feed


def news(box: HubBox, limit: int = 20) -> list[Activity]:
    with box.app.db.reading() as tx:
        return Feed(box.app.db).activity(tx, box.actor(EVE), limit=limit)


def test_those_who_follow_nobody_have_no_news(box: HubBox) -> None:
    make(box, "bear")
    assert news(box) == []
    with box.app.db.reading() as tx:
        assert Feed(box.app.db).activity(tx, box.actor(NOBODY), limit=9) == []


def test_followers_learn_of_new_repositories_and_likes(box: HubBox) -> None:
    box.post(EVE, "/api/users/ada/follow")
    box.post(EVE, "/api/organizations/lab/follow")
    box.post(EVE, "/api/users/bob/follow")
    make(box, "bear")
    make(box, "den", kind="space", organization="lab")
    make(box, "own", person=EVE)
    box.post(BOB, "/api/models/eve/own/like")
    told = {(one.who, one.deed, one.repo.full_name) for one in news(box)}
    assert told == {("ada", Deed.MADE, "ada/bear"), ("lab", Deed.MADE, "lab/den"), ("bob", Deed.LIKED, "eve/own")}


def test_private_repositories_stay_untold(box: HubBox) -> None:
    box.post(EVE, "/api/users/ada/follow")
    make(box, "secret", private=True)
    box.post(ADA, "/api/models/ada/secret/like")
    assert news(box) == []


def test_one_busy_owner_leaves_room_for_others_and_the_newest_come_first(box: HubBox) -> None:
    box.post(EVE, "/api/users/ada/follow")
    box.post(EVE, "/api/users/bob/follow")
    make(box, "quiet", person=BOB)
    for number in range(9):
        make(box, f"m{number}")
    found = news(box)
    assert [one.repo.name for one in found if one.who == "bob"] == ["quiet"]
    assert found[0].repo.name == "m8"
    assert len([one for one in found if one.who == "ada"]) == 6
    assert len(news(box, 3)) == 3


def test_home_shows_the_feed_and_ones_own(box: HubBox) -> None:
    make(box, "bear")
    make(box, "mine", person=EVE)
    sign_in(box, EVE)
    assert "Changed lately" in look(box, "/").text
    box.post(EVE, "/api/users/ada/follow")
    page = look(box, "/", "zh").text
    assert "新建了" in page
    assert "/ada/bear" in page
    assert 'href="/eve/mine"' in page


def test_following_many_costs_no_more_statements(box: HubBox) -> None:
    make(box, "bear")
    sign_in(box, EVE)
    for name in ("ada", "bob", "lab"):
        box.http.post("/follows", data={"name": name})
    with box.counting() as statements:
        look(box, "/")
    assert len(statements) <= 12
