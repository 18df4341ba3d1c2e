"""Signing programs in by device code, and keeping them signed in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB

from bearhug.base import clock
from bearhug.hub.access.records import TokenKind
from bearhug.hub.oauth.records import HF_CLI

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
real_now = clock.now

Wait = Callable[[timedelta], None]


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Wait:
    """Lets time pass, counted from the start of the test."""

    def until(passed: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: real_now() + passed)

    return until


def ask(box: HubBox) -> dict[str, Any]:
    found: dict[str, Any] = box.http.post("/oauth/device", data={"client_id": HF_CLI}).json()
    return found


def poll(box: HubBox, asked: dict[str, Any]) -> dict[str, Any]:
    sent = {"grant_type": DEVICE_CODE, "device_code": asked["device_code"], "client_id": HF_CLI}
    found: dict[str, Any] = box.http.post("/oauth/token", data=sent).json()
    return found


def refresh(box: HubBox, token: str) -> dict[str, Any]:
    sent = {"grant_type": "refresh_token", "refresh_token": token, "client_id": HF_CLI}
    found: dict[str, Any] = box.http.post("/oauth/token", data=sent).json()
    return found


def sign_in(box: HubBox) -> None:
    box.http.post("/login", data={"username": "ada", "password": ADA.password})


def decide(box: HubBox, asked: dict[str, Any], decision: str = "approved") -> int:
    sent = {"user_code": asked["user_code"], "decision": decision}
    return box.http.post("/oauth/device/decide", data=sent).status_code


def works(box: HubBox, token: str) -> bool:
    return box.http.get("/api/whoami-v2", headers={"authorization": f"Bearer {token}"}).status_code == 200


def logged_in(box: HubBox) -> dict[str, Any]:
    asked = ask(box)
    sign_in(box)
    decide(box, asked)
    return poll(box, asked)


def test_a_program_gets_its_token_once_somebody_has_approved(box: HubBox, wait: Wait) -> None:
    asked = ask(box)
    assert asked["verification_uri_complete"] == f"http://hub.test/oauth/device?user_code={asked['user_code']}"
    assert (asked["interval"], asked["expires_in"]) == (5, 900)
    assert poll(box, asked)["error"] == "authorization_pending"
    sign_in(box)
    page = box.http.get("/oauth/device", params={"user_code": asked["user_code"].lower().replace("-", " ")})
    assert "hf" in page.text
    assert decide(box, asked) == 200
    got = poll(box, asked)
    assert (got["token_type"], got["expires_in"]) == ("bearer", 30 * 86400)
    me = box.http.get("/api/whoami-v2", headers={"authorization": f"Bearer {got['access_token']}"}).json()
    assert (me["name"], me["auth"]["type"], me["auth"]["accessToken"]["role"]) == ("ada", "oauth", "write")
    assert "displayName" not in me["auth"]["accessToken"]  # clients then name it after the user


def test_a_code_gives_tokens_once(box: HubBox) -> None:
    asked = ask(box)
    sign_in(box)
    decide(box, asked)
    assert "access_token" in poll(box, asked)
    assert poll(box, asked)["error"] == "invalid_grant"


def test_a_denied_program_gets_nothing(box: HubBox) -> None:
    asked = ask(box)
    sign_in(box)
    decide(box, asked, "denied")
    assert poll(box, asked)["error"] == "access_denied"


def test_asking_too_often_makes_the_pause_longer(box: HubBox, wait: Wait) -> None:
    asked = ask(box)
    poll(box, asked)
    assert poll(box, asked)["error"] == "slow_down"
    wait(timedelta(seconds=6))
    assert poll(box, asked)["error"] == "slow_down"  # ten seconds by now
    wait(timedelta(seconds=60))
    assert poll(box, asked)["error"] == "authorization_pending"


def test_a_code_that_nobody_approves_expires(box: HubBox, wait: Wait) -> None:
    asked = ask(box)
    sign_in(box)
    wait(timedelta(minutes=16))
    assert decide(box, asked) == 404
    assert poll(box, asked)["error"] == "expired_token"


def test_nobody_approves_without_signing_in_and_no_token_approves(box: HubBox) -> None:
    asked = ask(box)
    page = box.http.get("/oauth/device", params={"user_code": asked["user_code"]})
    assert page.status_code == 303
    assert page.headers["location"] == f"/login?next=%2Foauth%2Fdevice%3Fuser_code%3D{asked['user_code']}"
    assert decide(box, asked) == 401
    sent = {"user_code": asked["user_code"], "decision": "approved"}
    for kind in (TokenKind.READ, TokenKind.WRITE):
        headers = {"authorization": f"Bearer {box.token(BOB, kind)}"}
        assert box.http.post("/oauth/device/decide", data=sent, headers=headers).status_code == 403
    assert poll(box, asked)["error"] == "authorization_pending"


def test_another_site_cannot_approve_in_somebodys_name(box: HubBox) -> None:
    asked = ask(box)
    sign_in(box)
    sent = {"user_code": asked["user_code"], "decision": "approved"}
    answer = box.http.post("/oauth/device/decide", data=sent, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert poll(box, asked)["error"] == "authorization_pending"


def test_guessing_codes_is_slowed_down(box: HubBox) -> None:
    asked = ask(box)
    sign_in(box)
    for _ in range(10):
        assert box.http.get("/oauth/device", params={"user_code": "BBBB-BBBB"}).status_code == 404
    assert box.http.get("/oauth/device", params={"user_code": asked["user_code"]}).status_code == 429


def test_a_refresh_token_gives_a_new_pair_and_the_old_access_token_lives_on(box: HubBox) -> None:
    first = logged_in(box)
    second = refresh(box, first["refresh_token"])
    assert second["refresh_token"] != first["refresh_token"]
    assert works(box, first["access_token"])
    assert works(box, second["access_token"])


def test_a_refresh_token_may_be_sent_again_when_the_answer_was_lost(box: HubBox) -> None:
    first = logged_in(box)
    assert "access_token" in refresh(box, first["refresh_token"])
    assert "access_token" in refresh(box, first["refresh_token"])


def test_a_refresh_token_that_shows_up_again_much_later_ends_the_whole_family(box: HubBox, wait: Wait) -> None:
    first = logged_in(box)
    second = refresh(box, first["refresh_token"])
    wait(timedelta(hours=2))
    assert refresh(box, first["refresh_token"])["error"] == "invalid_grant"
    assert not works(box, second["access_token"])
    assert refresh(box, second["refresh_token"])["error"] == "invalid_grant"


def test_access_ends_after_a_month_and_comes_back_by_refreshing(box: HubBox, wait: Wait) -> None:
    first = logged_in(box)
    wait(timedelta(days=31))
    assert not works(box, first["access_token"])
    second = refresh(box, first["refresh_token"])
    assert works(box, second["access_token"])
    wait(timedelta(days=300))
    assert refresh(box, second["refresh_token"])["error"] == "invalid_grant"


def test_revoking_the_token_ends_its_refresh_token_too(box: HubBox) -> None:
    first = logged_in(box)
    (line,) = box.http.get("/api/settings/tokens").json()
    assert line["origin"] == "device"
    assert box.http.delete(f"/api/settings/tokens/{line['id']}").status_code == 200
    assert not works(box, first["access_token"])
    assert refresh(box, first["refresh_token"])["error"] == "invalid_grant"


def test_a_locked_account_is_not_refreshed(box: HubBox) -> None:
    first = logged_in(box)
    with box.app.db.writing() as tx:
        box.app.accounts.lock(tx, box.app.accounts.find(tx, "ada"))
    assert refresh(box, first["refresh_token"])["error"] == "invalid_grant"


def test_tokens_that_are_over_are_swept_away(box: HubBox, wait: Wait) -> None:
    first = logged_in(box)
    refresh(box, first["refresh_token"])
    wait(timedelta(days=32))
    sign_in(box)
    asked = ask(box)
    decide(box, asked)
    poll(box, asked)
    with box.app.db.reading() as tx:
        kept = tx.exec_driver_sql("SELECT count(*) FROM tokens WHERE origin = 'device'").scalar()
    assert kept == 2  # the second, which can still be refreshed, and the new one


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({}, "unsupported_grant_type"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": DEVICE_CODE, "client_id": HF_CLI, "device_code": "guess"}, "invalid_grant"),
        ({"grant_type": "refresh_token", "client_id": HF_CLI, "refresh_token": "guess"}, "invalid_grant"),
        ({"grant_type": "x" * 2000}, "invalid_request"),
    ],
)
def test_what_is_wrong_is_said_in_oauths_words(box: HubBox, sent: dict[str, str], error: str) -> None:
    for options in ({"data": sent}, {"json": sent}):
        answer = box.http.post("/oauth/token", **options)  # type: ignore[arg-type]
        assert (answer.status_code, answer.json()["error"]) == (400, error)
        assert answer.json()["error_description"]


def test_programs_that_the_hub_does_not_know_get_no_code(box: HubBox) -> None:
    answer = box.http.post("/oauth/device", data={"client_id": "somebody"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


def test_a_code_belongs_to_the_program_that_asked(box: HubBox) -> None:
    asked = ask(box)
    sent = {"grant_type": DEVICE_CODE, "device_code": asked["device_code"], "client_id": "somebody"}
    assert box.http.post("/oauth/token", data=sent).json()["error"] == "invalid_grant"
