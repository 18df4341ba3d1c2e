"""What the search field finds while somebody types."""

from typing import Any

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE, NOBODY, Person
from tests.repowork import commit, make

from bearhug.hub.accounts.records import Profile
from bearhug.hub.quick_search import service, store


@pytest.fixture
def filled(box: HubBox) -> HubBox:
    make(box, "bear-small")
    make(box, "bear-large")
    make(box, "polar-bear")
    make(box, "bear-secret", private=True)
    make(box, "bear-tracks", kind="dataset", organization="lab")
    make(box, "bear-den", kind="space")
    box.settle()
    return box


def ask(box: HubBox, query: str, person: Person = NOBODY) -> Any:
    answer = box.get(person, f"/api/quicksearch?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def names(found: Any, kind: str = "models") -> list[str]:
    return [row["id"] for row in found[kind]]


def test_beginnings_come_before_other_parts_of_names(filled: HubBox) -> None:
    filled.post(BOB, "/api/models/ada/polar-bear/like")
    found = ask(filled, "q=Bear")
    assert sorted(names(found)[:2]) == ["ada/bear-large", "ada/bear-small"]
    assert names(found)[2:] == ["ada/polar-bear"]
    assert names(found, "datasets") == ["lab/bear-tracks"]
    assert names(found, "spaces") == ["ada/bear-den"]
    assert (found["modelsCount"], found["q"]) == (3, "Bear")


def test_one_letter_is_enough(filled: HubBox) -> None:
    found = ask(filled, "q=b")
    assert names(found)[2:] == ["ada/polar-bear"]
    assert [user["user"] for user in found["users"]] == ["bob"]


def test_owner_and_name_narrow_it_down(filled: HubBox) -> None:
    assert names(ask(filled, "q=ada/bear-s")) == ["ada/bear-small"]
    assert names(ask(filled, "q=ada/")) != []
    assert names(ask(filled, "q=eve/")) == []


def test_people_and_organisations_are_found_by_both_their_names(filled: HubBox) -> None:
    with filled.app.db.writing() as tx:
        found = filled.app.accounts.find(tx, "eve")
        filled.app.accounts.change_profile(tx, found.id, Profile(fullname="伊芙 Stranger 100%"))
    assert [org["name"] for org in ask(filled, "q=la")["orgs"]] == ["lab"]
    for words in ("ev", "伊芙", "stranger", "100%25"):
        assert [user["user"] for user in ask(filled, f"q={words}")["users"]] == ["eve"], words
    assert ask(filled, "q=%25")["users"][0]["user"] == "eve"
    assert ask(filled, "q=_")["users"] == []


def test_cards_are_found_in_chinese(filled: HubBox) -> None:
    commit(filled, "ada/bear-small", {"README.md": "# 北极熊模型\n"})
    assert names(ask(filled, "q=北极熊")) == ["ada/bear-small"]


def test_what_is_private_is_found_by_those_who_may_read_it(filled: HubBox) -> None:
    assert "ada/bear-secret" not in names(ask(filled, "q=bear-s"))
    assert "ada/bear-secret" not in names(ask(filled, "q=bear-s", EVE))
    assert "ada/bear-secret" in names(ask(filled, "q=bear-s", ADA))


def test_a_closed_hub_tells_strangers_nothing(filled: HubBox) -> None:
    filled.app.settings.change("anonymous_reading", "false")
    found = ask(filled, "q=b")
    assert [rows for rows in found.values() if isinstance(rows, list) and rows] == []


def test_types_and_limits_are_kept(filled: HubBox) -> None:
    found = ask(filled, "q=b&type=model&limit=1")
    assert len(names(found)) == 1
    assert set(found) == {"models", "modelsCount", "users", "usersCount", "orgs", "orgsCount", "q"}
    assert filled.get(NOBODY, "/api/quicksearch?q=b&type=nothing").status_code == 400
    assert filled.get(NOBODY, "/api/quicksearch?q=b&limit=x").status_code == 400


@pytest.mark.parametrize("words", ["", "%20%20", "%22%27%5C%00", "a" * 500, "%F0%9F%90%BB", "((", "a/b/c/d", "/"])
def test_odd_questions_find_nothing_and_break_nothing(filled: HubBox, words: str) -> None:
    assert filled.get(NOBODY, f"/api/quicksearch?q={words}").status_code in (200, 400)


@pytest.mark.parametrize("person", [NOBODY, ADA], ids=["nobody", "ada"])
@pytest.mark.parametrize("words", ["bear", "ada/bear", "den", "r-"])
def test_the_same_is_found_however_many_there_are(
    filled: HubBox, words: str, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = ask(filled, f"q={words}", person)
    for module, name in ((store, "FEW"), (service, "FEW"), (store, "WINDOW")):
        monkeypatch.setattr(module, name, 0)
        assert ask(filled, f"q={words}", person) == few


def test_a_question_costs_few_statements(filled: HubBox) -> None:
    with filled.counting() as statements:
        ask(filled, "q=bear")
    assert len(statements) <= 7
