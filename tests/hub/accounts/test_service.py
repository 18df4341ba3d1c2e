"""Accounts: registering, names, administrators, profiles."""

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE

from bearhug.base.errors import BadRequest, Conflict, Forbidden, NotFound
from bearhug.hub.accounts.records import NO_PROFILE, Owner, OwnerKind, Profile


def register(box: HubBox, name: str = "grace", invite: str = "") -> Owner:
    return box.app.accounts.register(name, "cobol cobol cobol", NO_PROFILE, invite=invite)


def test_anybody_may_register_on_an_open_hub(box: HubBox) -> None:
    assert register(box).name == "grace"
    assert not box.app.accounts.get("GRACE").is_admin


def test_nobody_registers_on_a_closed_hub(box: HubBox) -> None:
    box.app.settings.change("registration", "closed")
    with pytest.raises(Forbidden):
        register(box)


def test_an_invitation_makes_one_account(box: HubBox) -> None:
    box.app.settings.change("registration", "invite")
    invite = box.app.accounts.invite(None)
    with pytest.raises(Forbidden):
        register(box, invite="guessed")
    assert register(box, invite=invite).name == "grace"
    with pytest.raises(Forbidden):
        register(box, "hopper", invite=invite)
    with pytest.raises(NotFound):
        box.app.accounts.get("hopper")


def test_a_failed_registration_does_not_use_up_the_invitation(box: HubBox) -> None:
    box.app.settings.change("registration", "invite")
    invite = box.app.accounts.invite(None)
    with pytest.raises(Conflict):
        register(box, "ADA", invite=invite)
    assert register(box, invite=invite).name == "grace"


@pytest.mark.parametrize("name", ["ada", "ADA", "Lab"])
def test_a_name_is_taken_in_every_letter_case_and_by_organisations_too(box: HubBox, name: str) -> None:
    with pytest.raises(Conflict):
        register(box, name)


def test_organisations_are_no_users(box: HubBox) -> None:
    with pytest.raises(NotFound):
        box.app.accounts.get("lab")


@pytest.mark.parametrize(
    "profile",
    [
        Profile(email="no-address"),
        Profile(email="a@b@c"),
        Profile(fullname="two\nlines"),
        Profile(fullname="x" * 256),
        Profile(homepage="javascript:alert(1)"),
        Profile(bio="x" * 10_001),
    ],
)
def test_profiles_are_checked(box: HubBox, profile: Profile) -> None:
    with pytest.raises(BadRequest):
        box.app.accounts.create("grace", "cobol cobol cobol", profile)
    with pytest.raises(NotFound):
        box.app.accounts.get("grace")


def rename(box: HubBox, old: str, new: str) -> Owner:
    with box.app.db.writing() as tx:
        return box.app.accounts.rename(tx, box.app.accounts.find(tx, old), new)


def test_a_renamed_user_keeps_the_old_name_for_themselves(box: HubBox) -> None:
    rename(box, "ada", "countess")
    with pytest.raises(Conflict):
        register(box, "ada")
    with box.app.db.reading() as tx:
        former = box.app.accounts.find_former(tx, "Ada")
    assert former is not None
    assert former.name == "countess"
    assert rename(box, "countess", "ada").name == "ada"


def test_a_name_may_change_its_letter_case(box: HubBox) -> None:
    assert rename(box, "ada", "Ada").name == "Ada"
    with box.app.db.reading() as tx:
        assert box.app.accounts.find_former(tx, "ada") is None


def test_nobody_takes_a_name_that_somebody_has(box: HubBox) -> None:
    with pytest.raises(Conflict):
        rename(box, "ada", "BOB")


def test_the_last_administrator_stays(box: HubBox) -> None:
    accounts = box.app.accounts
    accounts.make_admin("ada")
    with pytest.raises(Conflict):
        accounts.dismiss_admin("ada")
    with box.app.db.writing() as tx, pytest.raises(Conflict):
        accounts.lock(tx, accounts.find(tx, "ada"))
    accounts.make_admin("bob")
    accounts.dismiss_admin("ada")
    assert not accounts.get("ada").is_admin


def test_people_are_listed_by_name_in_pages(box: HubBox) -> None:
    found = box.app.accounts.listing(OwnerKind.USER, limit=2)
    assert [owner.name for owner in found] == [ADA.name, BOB.name]
    found = box.app.accounts.listing(OwnerKind.USER, after="BOB")
    assert [owner.name for owner in found] == [EVE.name]
