"""Organisations: who is in them, and who may change that."""

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE, LAB, NOBODY, Person

from bearhug.base.errors import Conflict, Forbidden, HubError, NotFound, Unauthenticated
from bearhug.hub.access.records import Role


def roles(box: HubBox) -> dict[str, str]:
    with box.app.db.reading() as tx:
        found = box.app.orgs.members(tx, box.app.orgs.find(tx, LAB).id)
    return {member.user.name: member.role.value for member in found}


def test_whoever_makes_an_organisation_administers_it(box: HubBox) -> None:
    assert roles(box) == {"ada": "admin", "bob": "write"}


@pytest.mark.parametrize("role", list(Role))
def test_members_have_one_of_five_roles(box: HubBox, role: Role) -> None:
    box.app.orgs.add_member(box.actor(ADA), LAB, "Eve", role)
    assert roles(box)["eve"] == role.value
    assert box.actor(EVE).orgs == {box.app.orgs.get("LAB").id: role}


@pytest.mark.parametrize(
    ("person", "refusal"), [(BOB, Forbidden), (EVE, Forbidden), (NOBODY, Unauthenticated)], ids=["bob", "eve", "nobody"]
)
def test_only_its_administrators_change_members(box: HubBox, person: Person, refusal: type[HubError]) -> None:
    actor, orgs = box.actor(person), box.app.orgs
    for change in (
        lambda: orgs.add_member(actor, LAB, "eve", Role.ADMIN),
        lambda: orgs.change_role(actor, LAB, "bob", Role.ADMIN),
        lambda: orgs.remove_member(actor, LAB, "ada"),
        lambda: orgs.delete(actor, LAB),
    ):
        with pytest.raises(refusal):
            change()
    assert roles(box) == {"ada": "admin", "bob": "write"}


def test_members_leave_by_themselves(box: HubBox) -> None:
    box.app.orgs.remove_member(box.actor(BOB), LAB, "bob")
    assert roles(box) == {"ada": "admin"}


def test_the_last_administrator_cannot_go(box: HubBox) -> None:
    ada, orgs = box.actor(ADA), box.app.orgs
    for change in (
        lambda: orgs.remove_member(ada, LAB, "ada"),
        lambda: orgs.change_role(ada, LAB, "ada", Role.WRITE),
        lambda: box.app.profiles.delete_account("ada"),
    ):
        with pytest.raises(Conflict):
            change()
    orgs.change_role(ada, LAB, "bob", Role.ADMIN)
    orgs.remove_member(ada, LAB, "ada")
    assert roles(box) == {"bob": "admin"}


def test_nobody_is_a_member_twice_and_organisations_are_no_members(box: HubBox) -> None:
    ada, orgs = box.actor(ADA), box.app.orgs
    with pytest.raises(Conflict):
        orgs.add_member(ada, LAB, "BOB", Role.READ)
    with pytest.raises(NotFound):
        orgs.add_member(ada, LAB, LAB, Role.READ)
    with pytest.raises(NotFound):
        orgs.change_role(ada, LAB, "eve", Role.READ)
    with pytest.raises(NotFound):
        orgs.remove_member(ada, "ada", "bob")


def test_an_organisation_goes_with_its_memberships_but_not_with_repositories_in_it(box: HubBox) -> None:
    sent = {"name": "m", "organization": LAB}
    assert box.post(ADA, "/api/repos/create", json=sent).status_code == 200
    with pytest.raises(Conflict):
        box.app.orgs.delete(box.actor(ADA), LAB)
    assert box.ask("DELETE", ADA, "/api/repos/delete", json=sent).status_code == 200
    box.app.orgs.delete(box.actor(ADA), LAB)
    assert box.actor(BOB).orgs == {}
    with pytest.raises(NotFound):
        box.app.orgs.get(LAB)


def test_a_deleted_user_is_gone_from_everywhere(box: HubBox) -> None:
    token = box.token(BOB)
    box.app.profiles.delete_account("bob")
    assert roles(box) == {"ada": "admin"}
    assert box.http.get("/api/whoami-v2", headers={"authorization": f"Bearer {token}"}).status_code == 401
