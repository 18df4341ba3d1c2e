"""Tokens: made, kept as hashes, ended."""

from datetime import timedelta

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB

from bearhug.base import clock
from bearhug.base.errors import BadRequest, Forbidden, NotFound
from bearhug.hub.access.records import Actor, Scope, TokenKind
from bearhug.hub.tokens import secrets
from bearhug.hub.tokens.records import Holder, NewToken
from bearhug.hub.tokens.service import MOST, USE_PRECISION

WRITE = NewToken("laptop", TokenKind.WRITE)
real_now = clock.now


def holder(box: HubBox, secret: str) -> Holder | None:
    with box.app.db.reading() as tx:
        return box.app.tokens.holder(tx, secret)


def with_token(box: HubBox, new: NewToken) -> Actor:
    """ada, as she acts with such a token."""
    token, _ = box.app.tokens.create(box.actor(ADA), new)
    ada = box.actor(ADA)
    return Actor(ada.user_id, ada.name, orgs=ada.orgs, grant=token.grant)


def test_the_secret_is_shown_once_and_kept_as_a_hash(box: HubBox) -> None:
    token, secret = box.app.tokens.create(box.actor(ADA), WRITE)
    assert secrets.is_well_formed(secret)
    assert len(secret) == 40
    assert token.tail == secret[-4:]
    with box.app.db.reading() as tx:
        rows = tx.exec_driver_sql("SELECT * FROM tokens").all()
    assert secret not in str(rows)
    assert secrets.digest(secret) in str(rows)


def test_a_token_finds_its_owner_in_one_query(box: HubBox) -> None:
    _, secret = box.app.tokens.create(box.actor(ADA), WRITE)
    with box.counting() as statements:
        found = holder(box, secret)
    assert found is not None
    assert (found.name, found.token.kind) == ("ada", TokenKind.WRITE)
    assert len(statements) == 1


@pytest.mark.parametrize("text", ["", "hf_", "hf_" + "x" * 37, "api_org_x", "hf_" + "é" * 30, "hf_" + "x" * 5000])
def test_what_was_never_given_out_finds_nobody(box: HubBox, text: str) -> None:
    assert holder(box, text) is None


def test_an_expired_token_finds_nobody(box: HubBox, monkeypatch: pytest.MonkeyPatch) -> None:
    until = clock.now() + timedelta(days=1)
    _, secret = box.app.tokens.create(box.actor(ADA), NewToken("short", TokenKind.READ, expires_at=until))
    assert holder(box, secret) is not None
    monkeypatch.setattr(clock, "now", lambda: real_now() + timedelta(days=2))
    assert holder(box, secret) is None


def test_rotating_stops_the_old_secret_and_keeps_the_token(box: HubBox) -> None:
    token, old = box.app.tokens.create(box.actor(ADA), WRITE)
    again, new = box.app.tokens.rotate(box.actor(ADA), token.id)
    assert (again.id, again.name) == (token.id, token.name)
    assert holder(box, old) is None
    assert holder(box, new) is not None


def test_people_revoke_their_own_tokens_only(box: HubBox) -> None:
    token, secret = box.app.tokens.create(box.actor(ADA), WRITE)
    for change in (box.app.tokens.revoke, box.app.tokens.rotate):
        with pytest.raises(NotFound):
            change(box.actor(BOB), token.id)
    assert holder(box, secret) is not None
    box.app.tokens.revoke(box.actor(ADA), token.id)
    assert holder(box, secret) is None


def test_a_locked_account_has_no_working_tokens(box: HubBox) -> None:
    _, secret = box.app.tokens.create(box.actor(BOB), WRITE)
    with box.app.db.writing() as tx:
        box.app.accounts.lock(tx, box.app.accounts.find(tx, "bob"))
    assert holder(box, secret) is None


def test_a_write_token_cannot_make_or_end_other_tokens_but_itself(box: HubBox) -> None:
    other, _ = box.app.tokens.create(box.actor(ADA), WRITE)
    thief = with_token(box, WRITE)
    with pytest.raises(Forbidden):
        box.app.tokens.create(thief, WRITE)
    with pytest.raises(Forbidden):
        box.app.tokens.listing(thief)
    with pytest.raises(Forbidden):
        box.app.tokens.revoke(thief, other.id)
    assert thief.grant is not None
    box.app.tokens.revoke(thief, thief.grant.token_id)


def test_a_token_made_for_it_manages_tokens(box: HubBox) -> None:
    scope = Scope("user", "ada", frozenset({"user.tokens.read"}))
    reader = with_token(box, NewToken("lister", TokenKind.FINE_GRAINED, scopes=(scope,)))
    assert [token.name for token in box.app.tokens.listing(reader)] == ["lister"]
    with pytest.raises(Forbidden):
        box.app.tokens.create(reader, WRITE)


@pytest.mark.parametrize(
    "new",
    [
        NewToken("", TokenKind.READ),
        NewToken("x" * 256, TokenKind.READ),
        NewToken("two\nlines", TokenKind.READ),
        NewToken("past", TokenKind.READ, expires_at=clock.now() - timedelta(seconds=1)),
        NewToken("read with scopes", TokenKind.READ, everywhere=frozenset({"repo.write"})),
        NewToken("unknown", TokenKind.FINE_GRAINED, everywhere=frozenset({"world.rule"})),
        NewToken("unknown", TokenKind.FINE_GRAINED, scopes=(Scope("planet", "mars", frozenset()),)),
        NewToken("misplaced", TokenKind.FINE_GRAINED, scopes=(Scope("model", "a/b", frozenset({"org.write"})),)),
    ],
)
def test_tokens_that_make_no_sense_are_refused(box: HubBox, new: NewToken) -> None:
    with pytest.raises(BadRequest):
        box.app.tokens.create(box.actor(ADA), new)


def test_the_number_of_tokens_is_bounded(box: HubBox) -> None:
    actor = box.actor(ADA)
    assert actor.user_id is not None
    with box.app.db.writing() as tx:
        for _ in range(MOST):
            box.app.tokens.add(tx, actor.user_id, WRITE)
    with pytest.raises(BadRequest):
        box.app.tokens.create(actor, WRITE)


def test_the_last_use_is_written_down_at_most_every_few_minutes(box: HubBox, monkeypatch: pytest.MonkeyPatch) -> None:
    _, secret = box.app.tokens.create(box.actor(ADA), WRITE)
    holder(box, secret)
    box.app.tokens.flush()
    first = box.app.tokens.listing(box.actor(ADA))[0].used_at
    assert first is not None
    monkeypatch.setattr(clock, "now", lambda: real_now() + USE_PRECISION / 2)
    holder(box, secret)
    with box.counting() as statements:
        box.app.tokens.flush()
    assert statements == []
    monkeypatch.setattr(clock, "now", lambda: real_now() + USE_PRECISION * 2)
    holder(box, secret)
    box.app.tokens.flush()
    later = box.app.tokens.listing(box.actor(ADA))[0].used_at
    assert later is not None
    assert later > first
