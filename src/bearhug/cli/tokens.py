"""`bearhug token …`"""

from datetime import timedelta
from typing import Any

import click

from bearhug.base import clock
from bearhug.cli.desk import Desk, with_desk
from bearhug.hub.access.records import Scope, TokenKind
from bearhug.hub.tokens.records import NewToken, Token


@click.group()
def token() -> None:
    """Access tokens."""


@token.command()
@click.argument("user")
@click.option("--role", type=click.Choice([kind.value for kind in TokenKind]), default="write", show_default=True)
@click.option("--name", help="Clients keep tokens by this name; else USER-ROLE.")
@click.option("--days", type=click.IntRange(1, 3650), help="Ends after so many days.")
@click.option("--allow", multiple=True, metavar="PERMISSION[@ENTITY:NAME]", help="For fineGrained; may be repeated.")
@with_desk
def create(desk: Desk, user: str, role: str, name: str | None, days: int | None, allow: tuple[str, ...]) -> None:
    """Make a token and print it, once.

    A fine-grained token is told what it may do, as in
    --allow repo.content.read@org:lab --allow repo.write@model:ada/tiny --allow discussion.write
    """
    owner = desk.app.accounts.get(user)
    everywhere, scopes = _permissions(allow)
    new = NewToken(
        name or f"{owner.name}-{role}",
        TokenKind(role),
        everywhere=everywhere,
        scopes=scopes,
        expires_at=clock.now() + timedelta(days=days) if days else None,
    )
    with desk.app.db.writing() as tx:
        made, secret = desk.app.tokens.add(tx, owner.id, new)
    desk.say({**_shown(made), "token": secret}, secret)


@token.command("list")
@click.argument("user")
@with_desk
def list_tokens(desk: Desk, user: str) -> None:
    """The tokens of somebody, without their secrets."""
    owner = desk.app.accounts.get(user)
    with desk.app.db.reading() as tx:
        found = desk.app.tokens.of_user(tx, owner.id)
    desk.table(_shown(token) for token in found)


@token.command()
@click.argument("user")
@click.argument("token_id", type=int)
@with_desk
def revoke(desk: Desk, user: str, token_id: int) -> None:
    """End a token, by the number that `token list` shows."""
    owner = desk.app.accounts.get(user)
    with desk.app.db.writing() as tx:
        desk.app.tokens.remove(tx, owner.id, token_id)
    desk.say({"id": token_id, "revoked": True}, f"Token {token_id} no longer works.")


def _permissions(allow: tuple[str, ...]) -> tuple[frozenset[str], tuple[Scope, ...]]:
    everywhere: set[str] = set()
    scoped: dict[tuple[str, str], set[str]] = {}
    for text in allow:
        permission, at, place = text.partition("@")
        entity, _, name = place.partition(":")
        if at:
            scoped.setdefault((entity, name.lower()), set()).add(permission)
        else:
            everywhere.add(permission)
    scopes = tuple(Scope(entity, name, frozenset(allowed)) for (entity, name), allowed in scoped.items())
    return frozenset(everywhere), scopes


def _shown(found: Token) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "role": found.kind.value,
        "secret": f"hf_…{found.tail}",
        "created": clock.iso(found.created_at),
        "expires": clock.iso(found.expires_at),
        "used": clock.iso(found.used_at),
    }
