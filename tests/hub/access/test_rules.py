"""Levels of actors on repositories: roles, tokens, visibility."""

import pytest

from bearhug.hub.access.records import ANONYMOUS, Actor, Grant, Level, Role, Scope, Target, TokenKind
from bearhug.hub.access.rules import level_on, may_administer, may_create_in, may_write_account

ADA_ID, BOB_ID, LAB_ID = 1, 2, 9
PUBLIC = Target("model", "ada/m", ADA_ID, owner_is_org=False, private=False, creator_id=ADA_ID)
PRIVATE = Target("model", "ada/m", ADA_ID, owner_is_org=False, private=True, creator_id=ADA_ID)
LABS = Target("dataset", "lab/d", LAB_ID, owner_is_org=True, private=True, creator_id=BOB_ID)


def ada(grant: Grant | None = None) -> Actor:
    return Actor(ADA_ID, "ada", grant=grant)


def member(role: Role, user_id: int = 3) -> Actor:
    return Actor(user_id, "m", orgs={LAB_ID: role})


def fine(*scopes: Scope, everywhere: frozenset[str] = frozenset()) -> Grant:
    return Grant(TokenKind.FINE_GRAINED, 1, scopes=scopes, everywhere=everywhere)


def test_anybody_reads_what_is_public_and_nobody_else_what_is_private() -> None:
    assert level_on(ANONYMOUS, PUBLIC) is Level.READ
    assert level_on(ANONYMOUS, PRIVATE) is Level.NONE
    assert level_on(Actor(BOB_ID, "bob"), PRIVATE) is Level.NONE


def test_a_hub_without_anonymous_reading_shows_strangers_nothing() -> None:
    assert level_on(Actor(may_read_public=False), PUBLIC) is Level.NONE


def test_owners_and_administrators_may_do_everything() -> None:
    assert level_on(ada(), PRIVATE) is Level.ADMIN
    assert level_on(Actor(7, "root", is_admin=True), PRIVATE) is Level.ADMIN


@pytest.mark.parametrize(
    ("role", "level"),
    [
        (Role.NO_ACCESS, Level.NONE),
        (Role.READ, Level.READ),
        (Role.CONTRIBUTOR, Level.READ),
        (Role.WRITE, Level.WRITE),
        (Role.ADMIN, Level.ADMIN),
    ],
)
def test_roles_in_an_organisation(role: Role, level: Level) -> None:
    assert level_on(member(role), LABS) is level


def test_a_contributor_owns_what_they_created() -> None:
    assert level_on(member(Role.CONTRIBUTOR, BOB_ID), LABS) is Level.ADMIN


def test_a_read_token_reads_and_a_write_token_writes() -> None:
    assert level_on(ada(Grant(TokenKind.READ, 1)), PRIVATE) is Level.READ
    assert level_on(ada(Grant(TokenKind.WRITE, 1)), PRIVATE) is Level.ADMIN


def test_a_fine_grained_token_reaches_only_what_it_names() -> None:
    this = fine(Scope("model", "ada/m", frozenset({"repo.content.read"})))
    other = fine(Scope("model", "ada/other", frozenset({"repo.write"})))
    assert level_on(ada(this), PRIVATE) is Level.READ
    assert level_on(ada(other), PRIVATE) is Level.NONE
    assert level_on(ada(other), PUBLIC) is Level.READ


def test_a_fine_grained_token_never_gives_more_than_its_owner_has() -> None:
    grant = fine(everywhere=frozenset({"repo.write"}))
    assert level_on(Actor(BOB_ID, "bob", grant=grant), PRIVATE) is Level.NONE


def test_a_scope_on_an_owner_covers_all_that_is_theirs() -> None:
    assert level_on(ada(fine(Scope("user", "ada", frozenset({"repo.content.write"})))), PRIVATE) is Level.WRITE


def test_who_may_create_where() -> None:
    assert may_create_in(ada(), ADA_ID, "ada", is_org=False)
    assert not may_create_in(ada(), BOB_ID, "bob", is_org=False)
    assert may_create_in(member(Role.CONTRIBUTOR), LAB_ID, "lab", is_org=True)
    assert not may_create_in(member(Role.READ), LAB_ID, "lab", is_org=True)
    assert not may_create_in(ada(Grant(TokenKind.READ, 1)), ADA_ID, "ada", is_org=False)
    assert may_create_in(ada(fine(Scope("user", "ada", frozenset({"repo.write"})))), ADA_ID, "ada", is_org=False)
    assert not may_create_in(ANONYMOUS, ADA_ID, "ada", is_org=False)


def test_only_org_admins_administer_and_read_tokens_change_nothing() -> None:
    assert may_administer(member(Role.ADMIN), LAB_ID, is_org=True)
    assert not may_administer(member(Role.WRITE), LAB_ID, is_org=True)
    assert may_administer(ada(), ADA_ID, is_org=False)
    assert not may_administer(ada(Grant(TokenKind.READ, 1)), ADA_ID, is_org=False)
    assert not may_write_account(ada(Grant(TokenKind.READ, 1)))
    assert may_write_account(ada())
