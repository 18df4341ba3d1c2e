"""Asking for gated repositories, and deciding about those who ask."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE, NOBODY, Person
from tests.repowork import commit, make

from bearhug.hub.access.records import Scope, TokenKind
from bearhug.hub.repos.records import RepoName
from bearhug.hub.tokens.records import NewToken

FORM = """\
---
extra_gated_heading: Tell us who you are
extra_gated_prompt: "**Be kind.**"
extra_gated_fields:
  Company: text
  I agree: checkbox
  Use:
    type: select
    options: [research, {label: Something else, value: other}]
  Since: date_picker
---
"""
ANSWERS = {"Company": "Eve & Co", "I agree": True, "Use": "other", "Since": "2026-01-31"}
ONE = "/api/models/ada/m/user-access-request"
FILE = "/ada/m/resolve/main/w.txt"


@pytest.fixture
def gated(box: HubBox) -> HubBox:
    """ada's model, whose gate she opens by hand."""
    make(box)
    commit(box, "ada/m", {"w.txt": "weights", "README.md": FORM})
    gate(box, "manual")
    return box


def gate(box: HubBox, mode: str | bool) -> None:
    assert box.put(ADA, "/api/models/ada/m/settings", json={"gated": mode}).status_code == 200


def ask(box: HubBox, person: Person = EVE, **changed: object) -> int:
    return box.post(person, "/ada/m/ask-access", json={**ANSWERS, **changed}).status_code


def listed(box: HubBox, status: str) -> list[str]:
    return [row["user"]["user"] for row in box.get(ADA, f"{ONE}/{status}").json()]


def handle(box: HubBox, status: str, **more: str) -> int:
    return box.post(ADA, f"{ONE}/handle", json={"user": "eve", "status": status, **more}).status_code


def test_who_was_accepted_reads_until_that_is_taken_back(gated: HubBox) -> None:
    assert gated.get(EVE, FILE).headers["x-error-code"] == "GatedRepo"
    assert ask(gated) == 200
    assert gated.get(EVE, FILE).status_code == 403
    assert listed(gated, "pending") == ["eve"]
    assert handle(gated, "accepted") == 200
    assert gated.get(EVE, FILE).text == "weights"
    assert gated.get(EVE, "/api/models/ada/m/auth-check").status_code == 200
    assert handle(gated, "pending") == 200
    assert gated.get(EVE, FILE).status_code == 403


def test_an_automatic_gate_opens_for_who_answers(gated: HubBox) -> None:
    gate(gated, "auto")
    answer = gated.post(EVE, "/ada/m/ask-access", json=ANSWERS)
    assert answer.json() == {"repo": "ada/m", "gated": "auto", "status": "inside"}
    assert gated.get(EVE, FILE).status_code == 200
    row = gated.get(ADA, f"{ONE}/accepted").json()[0]
    assert row["fields"] == ANSWERS
    assert (row["status"], len(row["requestId"])) == ("accepted", 24)


@pytest.mark.parametrize(
    ("label", "answer"),
    [("Company", ""), ("I agree", False), ("Use", "theft"), ("Since", "soon"), ("Company", "x" * 3000)],
)
def test_a_form_that_is_not_filled_in_is_sent_back(gated: HubBox, label: str, answer: object) -> None:
    refused = gated.post(EVE, "/ada/m/ask-access", json={**ANSWERS, label: answer})
    assert refused.status_code == 400
    assert label in refused.json()["error"]
    assert listed(gated, "pending") == []


def test_a_form_from_a_page_leads_back_to_the_page(gated: HubBox) -> None:
    answer = gated.post(EVE, "/ada/m/ask-access", data={**ANSWERS, "I agree": "on"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/ada/m")
    assert listed(gated, "pending") == ["eve"]


def test_the_rejected_learn_why_and_cannot_ask_again(gated: HubBox) -> None:
    ask(gated)
    assert handle(gated, "rejected", rejectionReason="No company of that name") == 200
    again = gated.post(EVE, "/ada/m/ask-access", json=ANSWERS)
    assert again.status_code == 403
    assert "No company of that name" in again.json()["error"]
    assert gated.get(EVE, "/api/settings/gated-repos").json()[0]["rejectionReason"] == "No company of that name"
    assert handle(gated, "accepted") == 200
    assert gated.get(EVE, FILE).status_code == 200


def test_the_same_decision_twice_finds_nothing_to_decide(gated: HubBox) -> None:
    ask(gated)
    request_id = gated.get(ADA, f"{ONE}/pending").json()[0]["requestId"]
    decision = {"requestId": request_id, "status": "accepted"}
    assert [gated.post(ADA, f"{ONE}/handle", json=decision).status_code for _ in range(2)] == [200, 404]
    assert handle(gated, "maybe") == 400
    assert gated.post(ADA, f"{ONE}/handle", json={"user": "none", "status": "accepted"}).status_code == 404


def test_owners_let_people_in_who_have_not_asked(gated: HubBox) -> None:
    answer = gated.post(ADA, f"{ONE}/grant", json={"user": "eve"})
    assert answer.json()["user"] == {"user": "eve", "fullname": "eve", "type": "user"}
    assert gated.post(ADA, f"{ONE}/grant", json={"user": "eve"}).status_code == 400
    assert gated.post(ADA, f"{ONE}/grant", json={"user": "nowhere-to-be-found"}).status_code == 404
    assert gated.get(EVE, FILE).status_code == 200


def test_a_request_can_be_taken_back_while_it_waits(gated: HubBox) -> None:
    ask(gated)
    assert [gated.post(EVE, f"{ONE}/cancel", json={}).status_code for _ in range(2)] == [200, 404]
    assert listed(gated, "pending") == []


def test_asking_twice_is_one_request_with_the_newer_answers(gated: HubBox) -> None:
    assert [ask(gated), ask(gated, Company="Eve Ltd")] == [200, 200]
    assert [row["fields"]["Company"] for row in gated.get(ADA, f"{ONE}/pending").json()] == ["Eve Ltd"]


def test_only_who_may_write_sees_who_asked(gated: HubBox) -> None:
    ask(gated)
    for person, status in ((EVE, 403), (BOB, 403), (NOBODY, 401)):
        assert gated.get(person, f"{ONE}/pending").status_code == status
        assert gated.post(person, f"{ONE}/grant", json={"user": "eve"}).status_code == status
    report = gated.get(ADA, "/ada/m/user-access-report").json()
    assert [(row["user"]["user"], row["status"]) for row in report] == [("eve", "pending")]


def test_a_gate_that_is_open_has_no_requests(gated: HubBox) -> None:
    gate(gated, False)
    assert ask(gated) == 400
    assert gated.get(ADA, f"{ONE}/pending").status_code == 400


def test_a_token_that_may_not_read_gated_ones_stays_outside(gated: HubBox) -> None:
    gate(gated, "auto")
    ask(gated)
    scopes = (Scope("user", "eve", frozenset({"repo.content.read"})),)
    for may, status in ((True, 200), (False, 403)):
        new = NewToken("narrow", TokenKind.FINE_GRAINED, scopes=scopes, reads_gated=may)
        _, secret = gated.app.tokens.create(gated.actor(EVE), new)
        assert gated.get(NOBODY, FILE, headers={"authorization": f"Bearer {secret}"}).status_code == status


def test_lists_of_requests_come_in_pages(gated: HubBox) -> None:
    for person in (EVE, BOB):
        ask(gated, person)
    first = gated.get(ADA, f"{ONE}/pending?limit=1")
    second = gated.get(ADA, first.links["next"]["url"].removeprefix("http://hub.test"))
    assert [row["user"]["user"] for row in first.json() + second.json()] == ["eve", "bob"]


def test_a_gated_repository_that_goes_away_takes_its_requests_along(gated: HubBox) -> None:
    ask(gated)
    gated.app.repos.delete(gated.actor(ADA), RepoName("model", "ada", "m"))
    assert gated.get(EVE, "/api/settings/gated-repos").json() == []


def test_asking_many_times_at_once_is_one_request(gated: HubBox) -> None:
    gated.token(EVE)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: ask(gated), range(6)))
    assert (set(answers), listed(gated, "pending")) == ({200}, ["eve"])
