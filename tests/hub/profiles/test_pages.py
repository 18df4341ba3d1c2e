"""Settings of an account, and new organisations."""

import pytest
from tests.hubbox import HubBox
from tests.people import ADA
from tests.reading import look, sign_in


@pytest.mark.parametrize("path", ["/settings/profile", "/settings/password", "/organizations/new"])
def test_settings_are_for_people_who_signed_in(box: HubBox, path: str) -> None:
    assert look(box, path).headers["location"].startswith("/login?next=")
    sign_in(box, ADA)
    for language in ("en", "zh"):
        assert look(box, path, language).status_code == 200


def test_a_profile_is_changed_and_seen(box: HubBox) -> None:
    sign_in(box, ADA)
    sent = {"fullname": "Ada <b>L</b>", "bio": "<script>alert(1)</script>", "homepage": "javascript:alert(1)"}
    assert box.http.post("/settings/profile", data=sent).status_code == 400
    assert box.http.post("/settings/profile", data={**sent, "homepage": "https://ada.example"}).status_code == 200
    page = look(box, "/ada").text
    assert "Ada &lt;b&gt;L" in page
    assert "<script>alert" not in page


def test_a_password_is_changed_by_who_knows_the_old_one(box: HubBox) -> None:
    sign_in(box, ADA)
    wrong = box.http.post("/settings/password", data={"old": "not it", "new": "a better one 12"})
    assert wrong.status_code == 401
    assert box.http.post("/settings/password", data={"old": ADA.password, "new": "a better one 12"}).status_code == 200
    assert look(box, "/settings/profile").status_code == 200  # this browser stays signed in


def test_an_organization_is_made_on_a_page(box: HubBox) -> None:
    sign_in(box, ADA)
    assert box.http.post("/organizations/new", data={"name": "lab"}).status_code == 409
    answer = box.http.post("/organizations/new", data={"name": "guild", "fullname": "The Guild"})
    assert answer.headers["location"] == "/guild"
    assert "The Guild" in look(box, "/guild").text
