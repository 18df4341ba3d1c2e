"""The pages to sign in, sign up and sign out, without script."""

import pytest
from tests.hubbox import HubBox
from tests.people import ADA

from bearhug.hub.sessions.service import FREE_JOINS_OF_NETWORK

FORM = {"username": "ada", "password": ADA.password}


def name_of(box: HubBox) -> str | None:
    answer = box.http.get("/api/whoami-v2")
    return answer.json()["name"] if answer.status_code == 200 else None


def test_signing_in_leads_on_and_signing_out_ends_it(box: HubBox) -> None:
    answer = box.http.post("/login", data={**FORM, "next": "/ada/model?x=1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/ada/model?x=1")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert name_of(box) == "ada"
    assert box.http.post("/logout").status_code == 303
    assert name_of(box) is None


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "", "/\tx", "/a b"]
)
def test_signing_in_never_leads_to_another_site(box: HubBox, elsewhere: str) -> None:
    assert box.http.post("/login", data={**FORM, "next": elsewhere}).headers["location"] == "/"


def test_a_wrong_password_shows_the_form_again_without_it(box: HubBox) -> None:
    answer = box.http.post("/login", data={"username": '"><script>', "password": "not my password"})
    assert answer.status_code == 401
    assert "Invalid username or password." in answer.text
    assert "<script>" not in answer.text
    assert "not my password" not in answer.text


def test_the_pages_speak_chinese_and_english(box: HubBox) -> None:
    assert "登录" in box.http.get("/login", headers={"accept-language": "fr, zh-CN;q=0.8, en;q=0.5"}).text
    assert "Sign in" in box.http.get("/login", headers={"accept-language": "en-GB, zh;q=0.1"}).text
    assert "Sign in" in box.http.get("/login", headers={"accept-language": ";q=x,,de;q="}).text
    box.http.cookies.set("bearhug_language", "zh")
    assert "登录" in box.http.get("/login").text
    answer = box.http.post("/login", data={"username": "ada", "password": "wrong"})
    assert "用户名或密码错误" in answer.text


def test_signing_up_signs_in(box: HubBox) -> None:
    sent = {"username": "grace", "password": "cobol cobol cobol", "fullname": "Grace H"}
    assert box.http.post("/join", data=sent).status_code == 303
    assert name_of(box) == "grace"


def test_signing_up_leads_back_to_where_one_came_from(box: HubBox) -> None:
    invited = "/organizations/join/abc?x=1"
    login = box.http.get("/login", params={"next": invited})
    way = "/join?next=/organizations/join/abc%3Fx%3D1"
    assert f'href="{way}"' in login.text
    assert f'name="next" value="{invited}"' in box.http.get(way).text
    sent = {"username": "grace", "password": "short", "next": invited}
    wrong = box.http.post("/join", data=sent)
    assert f'name="next" value="{invited}"' in wrong.text
    assert box.http.post("/join", data=sent | {"password": "cobol cobol cobol"}).headers["location"] == invited


@pytest.mark.parametrize(
    "away", ["//elsewhere.example", "https://elsewhere.example", "/\\\\elsewhere", "/a b", "/" + "x" * 3000]
)
def test_signing_up_leads_nowhere_else(box: HubBox, away: str) -> None:
    sent = {"username": "grace", "password": "cobol cobol cobol", "next": away}
    assert 'name="next" value="/"' in box.http.get("/join", params={"next": away}).text
    assert box.http.post("/join", data=sent).headers["location"] == "/"


def test_what_was_wrong_with_the_form_is_said_on_it(box: HubBox) -> None:
    answer = box.http.post("/join", data={"username": "ada", "password": "a new password", "fullname": "Me & Co"})
    assert answer.status_code == 409
    assert "already taken" in answer.text
    assert 'value="Me &amp; Co"' in answer.text


def test_a_network_that_makes_hundreds_of_accounts_has_to_wait(box: HubBox) -> None:
    for _ in range(FREE_JOINS_OF_NETWORK):
        box.app.sessions.note_join("testclient")
    sent = {"username": "grace", "password": "cobol cobol cobol"}
    assert box.http.post("/join", data=sent).status_code == 429
    box.app.sessions.refuse_flood("192.0.2.9")


def test_a_closed_hub_has_no_form_to_sign_up(box: HubBox) -> None:
    box.app.settings.change("registration", "closed")
    assert 'action="/join"' not in box.http.get("/join").text
    assert 'href="/join"' not in box.http.get("/login").text
    assert box.http.post("/join", data={"username": "grace", "password": "cobol cobol cobol"}).status_code == 403


def test_an_invitation_in_the_address_is_filled_in(box: HubBox) -> None:
    box.app.settings.change("registration", "invite")
    invite = box.app.accounts.invite(None)
    assert invite in box.http.get("/join", params={"invite": invite}).text
    sent = {"username": "grace", "password": "cobol cobol cobol", "invite": invite}
    assert box.http.post("/join", data=sent).status_code == 303


@pytest.mark.parametrize("path", ["/login", "/logout", "/join"])
@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"origin": "null"}]
)
def test_forms_of_other_sites_are_refused(box: HubBox, path: str, headers: dict[str, str]) -> None:
    assert box.http.post(path, data=FORM, headers=headers).status_code == 403


def test_pages_cannot_be_framed_or_run_foreign_script(box: HubBox) -> None:
    policy = box.http.get("/login").headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy.partition("style-src")[0]


def test_whom_to_ask_is_said_where_people_cannot_go_on(box: HubBox) -> None:
    box.app.settings.change("contact", "room <12>")
    assert "room &lt;12&gt;" in box.http.get("/login").text
    for policy in ("invite", "closed"):
        box.app.settings.change("registration", policy)
        assert "room &lt;12&gt;" in box.http.get("/join").text


def test_how_long_to_wait_is_said_in_chinese(box: HubBox) -> None:
    for _ in range(6):
        answer = box.http.post("/login", data={"username": "ada", "password": "no"}, headers={"accept-language": "zh"})
    assert answer.status_code == 429
    assert "秒后重试" in answer.text
