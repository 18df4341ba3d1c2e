"""Who a commit is owed to."""

from datetime import datetime

import pytest
from tests.gitwork import Workshop
from tests.hub.history.conftest import MODEL
from tests.hubbox import HubBox
from tests.people import ADA

from bearhug.hub.accounts.records import Profile
from bearhug.hub.git.records import Author, Commit
from bearhug.hub.history.credits import MOST_TOGETHER, writers
from bearhug.hub.history.records import Credit
from bearhug.hub.history.service import History


def commit_with(message: str) -> Commit:
    return Commit("0" * 40, "", message, "Ada", "ada@example.org", datetime(2026, 1, 1), (), "0" * 40)


def names(message: str) -> list[str]:
    return [writer.name for writer in writers(commit_with(message))]


def test_the_author_comes_first_and_co_authors_follow() -> None:
    message = "Title\n\nCo-authored-by: Bob <bob@example.org>\nco-authored-by: Eve  <eve@example.org> \n"
    assert names(message) == ["Ada", "Bob", "Eve"]


def test_nobody_is_named_twice() -> None:
    assert names("T\n\nCo-authored-by: Ada L. <ada@example.org>\nCo-authored-by: Bob <b@x>\n" * 2) == ["Ada", "Bob"]


def test_a_crowd_is_cut_short() -> None:
    crowd = "".join(f"Co-authored-by: P{number} <p{number}@x>\n" for number in range(100))
    assert len(names(crowd)) == MOST_TOGETHER + 1


@pytest.mark.parametrize(
    "line", ["Co-authored-by: <x@y>", "Co-authored-by: A <>", "Co-authored-by A <x@y>", "x: A <x@y>"]
)
def test_other_lines_name_nobody(line: str) -> None:
    assert names(f"T\n\n{line}\n") == ["Ada"]


def credited(box: HubBox, history: History) -> tuple[Credit, ...]:
    return history.commits(box.actor(ADA), MODEL, "main").commits[0].credits


def test_an_address_of_the_hub_leads_to_the_account(box: HubBox, history: History, shop: Workshop) -> None:
    shop.commit({"a": "1"}, author=Author("whoever", "ADA@users.noreply.bearhug"))
    assert credited(box, history) == (Credit("whoever", "ada"),)


def test_an_address_that_one_account_gave_leads_to_it(box: HubBox, history: History, shop: Workshop) -> None:
    box.app.accounts.create("carol", "a long password", Profile(email="carol@example.org"))
    shop.commit({"a": "1"}, "T\n\nCo-authored-by: C <carol@example.org>", author=Author("Dan", "dan@example.org"))
    assert credited(box, history) == (Credit("Dan"), Credit("C", "carol"))


def test_an_address_that_two_accounts_gave_leads_nowhere(box: HubBox, history: History, shop: Workshop) -> None:
    for name in ("carol", "dora"):
        box.app.accounts.create(name, "a long password", Profile(email="shared@example.org"))
    shop.commit({"a": "1"}, author=Author("C", "shared@example.org"))
    assert credited(box, history) == (Credit("C"),)


@pytest.mark.parametrize("address", ["nobody@users.noreply.bearhug", "lab@users.noreply.bearhug", "", "x"])
def test_addresses_of_nobody_and_of_organisations_lead_nowhere(
    box: HubBox, history: History, shop: Workshop, address: str
) -> None:
    shop.commit({"a": "1"}, author=Author("Somebody", address))
    assert credited(box, history) == (Credit("Somebody"),)
