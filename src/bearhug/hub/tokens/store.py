"""Rows of access tokens."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from bearhug.base import clock
from bearhug.base.db import Tx
from bearhug.base.prepared import Prepared
from bearhug.hub.access.records import Grant, Scope, TokenKind
from bearhug.hub.accounts.tables import owners
from bearhug.hub.orgs.rows import roles_column, roles_of
from bearhug.hub.tokens.records import Holder, NewToken, Origin, Token
from bearhug.hub.tokens.tables import tokens


def add(tx: Tx, user_id: int, new: NewToken, digest: str, tail: str) -> int:
    values = {
        "user_id": user_id,
        "digest": digest,
        "tail": tail,
        "name": new.name,
        "kind": new.kind.value,
        "origin": new.origin.value,
        "everywhere": sorted(new.everywhere),
        "scopes": [[scope.entity, scope.name, sorted(scope.permissions)] for scope in new.scopes],
        "reads_gated": new.reads_gated or new.kind is not TokenKind.FINE_GRAINED,
        "created_at": clock.now(),
        "expires_at": new.expires_at,
    }
    return int(tx.execute(insert(tokens).values(values).returning(tokens.c.id)).scalar_one())


_HOLDER = Prepared(
    select(
        tokens,
        owners.c.name.label("owner"),
        owners.c.is_admin,
        owners.c.is_active,
        roles_column(owners.c.id).label("roles"),
    )
    .join(owners, owners.c.id == tokens.c.user_id)
    .where(tokens.c.digest == bindparam("presented"))
)


def holder(tx: Tx, digest: str) -> Holder | None:
    """Token, owner and the owner's roles in one indexed query."""
    row = _HOLDER.first(tx, presented=digest)
    if row is None:
        return None
    return Holder(row.user_id, row.owner, row.is_admin, row.is_active, roles_of(row.roles), _token(row))


def get(tx: Tx, user_id: int, token_id: int) -> Token | None:
    row = tx.execute(select(tokens).where(tokens.c.id == token_id, tokens.c.user_id == user_id)).first()
    return _token(row) if row is not None else None


def listing(tx: Tx, user_id: int) -> list[Token]:
    """All tokens of a user, oldest first."""
    query = select(tokens).where(tokens.c.user_id == user_id).order_by(tokens.c.id)
    return [_token(row) for row in tx.execute(query)]


def renew(tx: Tx, token_id: int, digest: str, tail: str) -> None:
    """Put another secret in the place of the old one."""
    query = update(tokens).where(tokens.c.id == token_id)
    tx.execute(query.values(digest=digest, tail=tail, created_at=clock.now(), used_at=None))


def touch(tx: Tx, token_id: int, moment: datetime) -> None:
    tx.execute(update(tokens).where(tokens.c.id == token_id).values(used_at=moment))


def remove(tx: Tx, token_id: int) -> None:
    tx.execute(delete(tokens).where(tokens.c.id == token_id))


def remove_digest(tx: Tx, digest: str) -> int:
    return tx.execute(delete(tokens).where(tokens.c.digest == digest)).rowcount


def _token(row: Row[Any]) -> Token:
    kind = TokenKind(row.kind)
    grant = Grant(
        kind=kind,
        token_id=row.id,
        token_name=row.name,
        everywhere=frozenset(row.everywhere),
        scopes=tuple(Scope(entity, name, frozenset(allowed)) for entity, name, allowed in row.scopes),
        reads_gated=row.reads_gated,
    )
    return Token(
        id=row.id,
        user_id=row.user_id,
        name=row.name,
        kind=kind,
        tail=row.tail,
        origin=Origin(row.origin),
        grant=grant,
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )
