"""Organisations by HTTP."""

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE, LAB, NOBODY, Person

from bearhug.hub.access.records import Scope, TokenKind
from bearhug.hub.tokens.records import NewToken


def test_an_organisation_is_made_and_filled_and_left(box: HubBox) -> None:
    made = box.post(EVE, "/api/organizations", json={"name": "Guild", "fullname": "The Guild"})
    assert made.json() == {"name": "Guild", "url": "http://hub.test/Guild"}
    assert box.post(EVE, "/api/organizations/guild/members", json={"user": "bob", "role": "read"}).status_code == 200
    assert box.put(EVE, "/api/organizations/guild/members/bob/role", json={"role": "write"}).status_code == 200
    members = box.get(NOBODY, "/api/organizations/GUILD/members").json()
    assert [(row["user"], row["role"]) for row in members] == [("bob", "write"), ("eve", "admin")]
    assert box.delete(BOB, "/api/organizations/guild/members/bob").status_code == 200
    assert box.delete(EVE, "/api/organizations/guild").status_code == 200
    assert box.get(NOBODY, "/api/organizations/guild/overview").status_code == 404


def test_its_profile_is_changed_by_administrators_alone(box: HubBox) -> None:
    sent = {"fullname": "The Lab", "details": "We count."}
    for person, status in ((NOBODY, 401), (EVE, 403), (BOB, 403), (ADA, 200)):
        assert box.put(person, f"/api/organizations/{LAB}/settings", json=sent).status_code == status
    assert box.get(NOBODY, f"/api/organizations/{LAB}/overview").json()["fullname"] == "The Lab"


@pytest.mark.parametrize(
    "sent", [{}, {"user": "eve", "role": "king"}, {"user": 5}, {"user": ["eve"]}, {"user": "e" * 97}, [], "x"]
)
def test_bad_bodies_change_nothing(box: HubBox, sent: object) -> None:
    assert box.post(ADA, f"/api/organizations/{LAB}/members", json=sent).status_code == 400
    assert len(box.get(NOBODY, f"/api/organizations/{LAB}/members").json()) == 2


@pytest.mark.parametrize("name", ["api", "ADA", "x", "no/slash", "", None])
def test_names_follow_the_rules_of_user_names(box: HubBox, name: str | None) -> None:
    assert box.post(EVE, "/api/organizations", json={"name": name}).status_code in (400, 409)


@pytest.mark.parametrize(("person", "status"), [(NOBODY, 401), (EVE, 200)], ids=["nobody", "eve"])
def test_signed_in_people_make_organisations(box: HubBox, person: Person, status: int) -> None:
    assert box.post(person, "/api/organizations", json={"name": "guild"}).status_code == status


def test_a_fine_grained_token_manages_the_one_organisation_it_was_made_for(box: HubBox) -> None:
    box.post(ADA, "/api/organizations", json={"name": "guild"})
    new = NewToken("robot", TokenKind.FINE_GRAINED, scopes=(Scope("org", LAB, frozenset({"org.write"})),))
    _, secret = box.app.tokens.create(box.actor(ADA), new)
    headers = {"authorization": f"Bearer {secret}"}
    for org, status in ((LAB, 200), ("guild", 403)):
        answer = box.http.post(f"/api/organizations/{org}/members", json={"user": "eve"}, headers=headers)
        assert answer.status_code == status
    assert box.http.put("/api/settings/profile", json={}, headers=headers).status_code == 403
