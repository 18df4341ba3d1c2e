"""Who is calling: tokens, passwords, cookies, and everything that is none of them."""

import base64

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, NOBODY

INVALID = "Invalid credentials in Authorization header"


def basic(name: str, secret: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


def asked_as(box: HubBox, headers: dict[str, str]) -> str:
    answer = box.http.get("/api/whoami-v2", headers=headers)
    return str(answer.json()["name"]) if answer.status_code == 200 else str(answer.headers["x-error-message"])


def test_a_token_works_as_bearer_and_as_password_of_any_user_name(box: HubBox) -> None:
    token = box.token(ADA)
    for headers in (
        {"authorization": f"Bearer {token}"},
        {"authorization": f"bearer  {token} "},
        basic("ada", token),
        basic("bob", token),
        basic("hf_user", token),
        basic("", token),
        basic(token, ""),
    ):
        assert asked_as(box, headers) == "ada"


def test_name_and_password_work_as_git_sends_them(box: HubBox) -> None:
    assert asked_as(box, basic("Ada", ADA.password)) == "ada"
    assert asked_as(box, basic("ada", "guess")) == "Invalid username or password."
    assert asked_as(box, basic("bob", ADA.password)) == "Invalid username or password."


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer hf_" + "x" * 37,
        "Bearer " + "x" * 5000,
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"\xff\xfe:x").decode(),
        "Basic " + base64.b64encode(b"no colon").decode(),
        "Digest username=ada",
        "hf_" + "x" * 37,
        basic("ada", "hf_" + "x" * 37)["authorization"],
    ],
)
def test_wrong_credentials_are_said_to_be_wrong_everywhere(box: HubBox, header: str) -> None:
    for path in ("/api/whoami-v2", "/api/users/ada/overview"):
        answer = box.http.get(path, headers={"authorization": header})
        assert (answer.status_code, answer.headers["x-error-message"]) == (401, INVALID)


def test_a_call_with_a_token_costs_one_query_to_know_who_asks(box: HubBox) -> None:
    token = box.token(ADA)
    box.app.settings.now()
    with box.counting() as statements:
        box.http.get("/health", headers={"authorization": f"Bearer {token}"})
    assert statements == []  # who does not matter there
    with box.counting() as statements:
        box.http.get("/api/settings/sessions", headers={"authorization": f"Bearer {token}"})
    assert len(statements) == 2  # who asks, and the answer itself


def test_nobody_costs_no_query(box: HubBox) -> None:
    box.app.settings.now()
    with box.counting() as statements:
        assert box.get(NOBODY, "/api/whoami-v2").status_code == 401
    assert statements == []


def test_the_header_wins_over_the_cookie(box: HubBox) -> None:
    box.http.post("/login", data={"username": "ada", "password": ADA.password})
    assert asked_as(box, {}) == "ada"
    assert asked_as(box, {"authorization": "Bearer hf_" + "x" * 37}) == INVALID


@pytest.mark.parametrize("cookie", ["", "x", "x" * 600, "é"])
def test_a_cookie_that_is_no_session_is_nobody(box: HubBox, cookie: str) -> None:
    headers = {"cookie": f"bearhug_session={cookie}".encode()}
    assert box.http.get("/api/users/ada/overview", headers=headers).status_code == 200
    assert box.http.get("/api/whoami-v2", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://hub.test"}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://hub.test"}, 403),
        ({"origin": "http://evil.test"}, 403),
        ({"origin": "http://hub.test.evil.test"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_a_cookie_alone_changes_nothing_from_another_site(box: HubBox, headers: dict[str, str], status: int) -> None:
    box.http.post("/login", data={"username": "ada", "password": ADA.password})
    assert box.http.put("/api/settings/profile", json={}, headers=headers).status_code == status
    assert box.http.get("/api/whoami-v2", headers=headers).status_code == 200


def test_a_password_that_a_browser_remembers_changes_nothing_from_another_site(box: HubBox) -> None:
    for headers, status in (({}, 200), ({"sec-fetch-site": "cross-site"}, 403), ({"origin": "http://evil.test"}, 403)):
        answer = box.http.put("/api/settings/profile", json={}, headers=headers, auth=("ada", ADA.password))
        assert answer.status_code == status


def test_a_hub_without_anonymous_reading_shows_people_only_to_who_signed_in(box: HubBox) -> None:
    box.app.settings.change("anonymous_reading", "false")
    assert box.get(NOBODY, "/api/users/ada/overview").status_code == 401
    assert box.get(ADA, "/api/users/bob/overview").status_code == 200
