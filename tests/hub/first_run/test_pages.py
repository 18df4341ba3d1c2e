"""The first page of an empty hub, and who may use it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hubbox import HubBox
from tests.reading import LANGUAGES, look, visible

PLAN = {
    "username": "grace",
    "password": "cobol cobol cobol",
    "public_name": "Harbour <Lab>",
    "public_url": "https://hub.example.org/",
    "contact": "room 12",
    "registration": "invite",
    "anonymous_reading": "false",
}


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[HubBox]:
    """A hub without people."""
    found = HubBox(tmp_path / "empty")
    yield found
    found.close()


def test_every_way_in_leads_to_the_first_page(empty: HubBox) -> None:
    for path in ("/", "/login", "/join"):
        assert look(empty, path).headers["location"] == "/setup"
    for language in LANGUAGES:
        page = look(empty, "/setup", language)
        assert 'name="password"' not in page.text  # without the code there is no form


def test_nobody_is_asked_to_sign_in_before_there_is_an_account(empty: HubBox) -> None:
    for path in ("/setup", f"/setup?code={empty.app.first_run.open()}"):
        page = look(empty, path)
        assert 'href="/login' not in page.text
        assert 'href="/join' not in page.text
        assert 'action="/search"' not in page.text


def test_a_stranger_cannot_be_first(empty: HubBox) -> None:
    empty.app.first_run.open()
    for code in ("", "guessed", "x" * 10_000):
        answer = empty.http.post("/setup", data={**PLAN, "code": code})
        assert answer.status_code == 403
    sent = {"username": "eve", "password": "eavesdropping"}
    assert empty.http.post("/join", data=sent).status_code == 403
    assert empty.app.accounts.is_empty()


def test_whoever_has_the_code_makes_the_administrator_and_the_rules(empty: HubBox) -> None:
    code = empty.app.first_run.open()
    assert "超级" not in look(empty, f"/setup?code={code}", "zh").text
    answer = empty.http.post("/setup", data={**PLAN, "code": code})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    me = empty.http.get("/api/whoami-v2").json()
    assert (me["name"], me["isAdmin"]) == ("grace", True)
    now = empty.app.settings.now()
    assert (now.registration.value, now.anonymous_reading) == ("invite", False)
    assert (now.public_name, now.public_url, now.contact) == ("Harbour <Lab>", "https://hub.example.org", "room 12")
    assert "Harbour &lt;Lab&gt;" in look(empty, "/").text
    again = empty.http.post("/setup", data={**PLAN, "code": code, "username": "eve"})
    assert again.status_code == 403
    assert look(empty, "/setup").headers["location"] == "/"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"username": "models"}, "reserved"),
        ({"password": "short"}, "8 to 256"),
        ({"public_url": "javascript:alert(1)"}, "without a path"),
        ({"public_url": "http://a@b"}, "without a path"),
        ({"public_url": "http://hub:99999999"}, "without a path"),
        ({"registration": "perhaps"}, "Expected one of"),
        ({"email": "nobody"}, "e-mail"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(empty: HubBox, wrong: dict[str, str], words: str) -> None:
    code = empty.app.first_run.open()
    answer = empty.http.post("/setup", data={**PLAN, "code": code, **wrong})
    assert answer.status_code == 400
    assert words in visible(answer)
    assert 'value="room 12"' in answer.text
    assert "cobol cobol" not in answer.text
    assert empty.app.accounts.is_empty()
    assert empty.app.settings.now().contact == ""


def test_forms_of_other_sites_cannot_set_a_hub_up(empty: HubBox) -> None:
    code = empty.app.first_run.open()
    answer = empty.http.post("/setup", data={**PLAN, "code": code}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_a_start_makes_the_code_before_it_useless(empty: HubBox) -> None:
    old = empty.app.first_run.open()
    empty.app.first_run.open()
    assert not empty.app.first_run.fits(old)


def test_the_public_address_stands_in_commands(tmp_path: Path) -> None:
    box = HubBox(tmp_path / "hub")
    box.app.edge.public_url = None
    code = box.app.first_run.open()
    box.http.post("/setup", data={**PLAN, "code": code, "public_url": "http://hub.internal:8080"})
    assert "http://hub.internal:8080" in look(box, "/").text
    box.close()
