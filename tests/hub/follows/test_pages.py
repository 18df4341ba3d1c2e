"""The follow button and the lists of followers."""

from tests.hubbox import HubBox
from tests.people import ADA, EVE
from tests.reading import look, sign_in


def test_a_form_follows_and_unfollows(box: HubBox) -> None:
    sign_in(box, EVE)
    answer = box.http.post("/follows", data={"name": "ada", "next": "/ada"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/ada")
    page = look(box, "/ada")
    assert 'name="unfollow"' in page.text
    assert "1 follower<" in page.text
    assert "/eve" in look(box, "/users/ada/followers").text
    assert "/ada" in look(box, "/users/eve/following", "zh").text
    box.http.post("/follows", data={"name": "ada", "unfollow": "1", "next": "//evil.example"})
    assert 'name="unfollow"' not in look(box, "/ada").text


def test_organisations_are_followed_too(box: HubBox) -> None:
    sign_in(box, EVE)
    box.http.post("/follows", data={"name": "lab"})
    assert "1 位关注者" in look(box, "/lab", "zh").text
    assert "/eve" in look(box, "/users/lab/followers").text


def test_nobody_follows_without_signing_in_nor_oneself(box: HubBox) -> None:
    assert box.http.post("/follows", data={"name": "ada"}).status_code == 401
    assert "/login?next=/ada" in look(box, "/ada").text
    sign_in(box, ADA)
    assert 'action="/follows"' not in look(box, "/ada").text
    assert box.http.post("/follows", data={"name": "ada"}).status_code == 400
    assert box.http.post("/follows", data={"name": "nobody-of-that-name"}).status_code == 404


def test_a_form_of_another_site_follows_nobody(box: HubBox) -> None:
    sign_in(box, EVE)
    answer = box.http.post("/follows", data={"name": "ada"}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_long_lists_of_followers_have_an_end(box: HubBox) -> None:
    assert "Nobody yet." in look(box, "/users/ada/followers").text
    assert look(box, "/users/nobody-of-that-name/followers").status_code == 404
