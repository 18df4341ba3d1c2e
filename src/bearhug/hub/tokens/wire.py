"""Tokens as JSON: what people ask for, and what they are shown."""

from datetime import UTC, datetime
from typing import Any

from bearhug.base.clock import iso
from bearhug.base.errors import BadRequest
from bearhug.base.http.fields import switch, text, texts
from bearhug.hub.access.records import Grant, Scope, TokenKind
from bearhug.hub.tokens.records import NewToken, Token

MOST_SCOPES = 200


def new_token(data: dict[str, Any]) -> NewToken:
    """`{displayName, role, expiresAt, fineGrained: {global, scoped, canReadGatedRepos}}`."""
    role = text(data, "role", TokenKind.READ.value, most=20)
    if role not in list(TokenKind):
        raise BadRequest(f'"role" must be one of {", ".join(TokenKind)}.')
    name = text(data, "displayName", text(data, "name", "", most=255), most=255)
    asked = data.get("fineGrained") or {}
    if not isinstance(asked, dict):
        raise BadRequest('"fineGrained" must be an object.')
    return NewToken(
        name=name,
        kind=TokenKind(role),
        everywhere=frozenset(texts(asked, "global")),
        scopes=_scopes(asked.get("scoped") or []),
        reads_gated=switch(asked, "canReadGatedRepos"),
        expires_at=_moment(data, "expiresAt"),
    )


def _scopes(asked: Any) -> tuple[Scope, ...]:
    if not isinstance(asked, list) or len(asked) > MOST_SCOPES:
        raise BadRequest(f'"scoped" must be a list of at most {MOST_SCOPES} scopes.')
    return tuple(_scope_of(item) for item in asked)


def _scope_of(item: Any) -> Scope:
    entity = item.get("entity") if isinstance(item, dict) else None
    if not isinstance(entity, dict):
        raise BadRequest('A scope has an "entity" and its "permissions".')
    name = text(entity, "name", most=200).lower()
    return Scope(text(entity, "type", most=20), name, frozenset(texts(item, "permissions")))


def _moment(data: dict[str, Any], name: str) -> datetime | None:
    written = text(data, name, "", most=40)
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise BadRequest(f'"{name}" must be a date such as 2030-01-31T12:00:00Z.') from error
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def token_line(token: Token) -> dict[str, Any]:
    """A token as its owner sees it in a list."""
    line: dict[str, Any] = {
        "id": str(token.id),
        "displayName": token.name,
        "role": token.kind.value,
        "origin": token.origin.value,
        "last4": token.tail,
        "createdAt": iso(token.created_at),
        "expiresAt": iso(token.expires_at),
        "lastUsedAt": iso(token.used_at),
    }
    if token.kind is TokenKind.FINE_GRAINED:
        line["fineGrained"] = fine_grained(token.grant)
    return line


def fine_grained(grant: Grant) -> dict[str, Any]:
    """Scopes of a fine-grained token, as `whoami-v2` and the token list show them."""
    return {
        "canReadGatedRepos": grant.reads_gated,
        "global": sorted(grant.everywhere),
        "scoped": [_scope(scope) for scope in grant.scopes],
    }


def _scope(scope: Scope) -> dict[str, Any]:
    return {"entity": {"type": scope.entity, "name": scope.name}, "permissions": sorted(scope.permissions)}
