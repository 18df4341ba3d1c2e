"""Names that begin with some letters, from the indexes on names alone."""

from sqlalchemy import ColumnElement, FromClause, and_, select, true

from bearhug.base.db import Tx, among
from bearhug.hub.access.records import Actor
from bearhug.hub.accounts.records import Owner, OwnerKind
from bearhug.hub.accounts.tables import owner_of, owners
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.rows import joined, to_repo, visible
from bearhug.hub.repos.tables import repos

TRENDING = (repos.c.trending.desc(), repos.c.id.desc())
FEW = 200
"""Names up to which all are looked at; of more, the trending ones are found sooner along their own index."""
WINDOW = 500
"""Trending repositories among which names that many have are looked for first."""
BEYOND = "\U0010ffff"


def beginning(tx: Tx, actor: Actor, kind: str, name: str, owner: str | None, limit: int) -> list[Repo]:
    """Repositories of a kind whose name begins so, the trending ones first."""
    begins = and_(repos.c.kind == kind, _named(tx, repos, name, owner))
    ids = list(tx.execute(select(repos.c.id).where(begins).limit(FEW + 1)).scalars())
    if len(ids) > FEW:
        near = _trending(tx, actor, kind, name, owner, limit)
        ids = near if len(near) == limit else ids
    if not ids:
        return []
    condition = begins if len(ids) > FEW else among(tx, repos.c.id, ids)
    query = joined().where(condition, visible(actor))
    return [to_repo(row) for row in tx.execute(query.order_by(*TRENDING).limit(limit))]


def _trending(tx: Tx, actor: Actor, kind: str, name: str, owner: str | None, limit: int) -> list[int]:
    """The first of the most trending repositories that begin so."""
    columns = (repos.c.id, repos.c.trending, repos.c.name_key, repos.c.owner_id)
    listed = select(*columns).where(repos.c.kind == kind, visible(actor)).order_by(*TRENDING).limit(WINDOW)
    window = listed.subquery()
    query = select(window.c.id).where(_named(tx, window, name, owner))
    return list(tx.execute(query.order_by(window.c.trending.desc(), window.c.id.desc()).limit(limit)).scalars())


def _named(tx: Tx, source: FromClause, name: str, owner: str | None) -> ColumnElement[bool]:
    begins = _begins(tx, source.c.name_key, name)
    if owner is None:
        return begins
    return and_(begins, source.c.owner_id.in_(select(owners.c.id).where(owners.c.key == owner)))


def owners_of(tx: Tx, kind: OwnerKind, words: str, limit: int) -> list[Owner]:
    """Active owners whose name begins so, or whose full name has the words in it."""
    found = _owners(tx, kind, _begins(tx, owners.c.key, words), limit)
    if len(found) < limit:
        inside = owners.c.fullname.ilike(f"%{_plain(words)}%", escape="\\")
        known = {owner.id for owner in found}
        found += [owner for owner in _owners(tx, kind, inside, limit) if owner.id not in known]
    return found[:limit]


def _owners(tx: Tx, kind: OwnerKind, condition: ColumnElement[bool], limit: int) -> list[Owner]:
    query = select(owners).where(owners.c.kind == kind.value, owners.c.is_active, condition)
    return [owner_of(row) for row in tx.execute(query.order_by(owners.c.key).limit(limit))]


def _begins(tx: Tx, column: ColumnElement[str], letters: str) -> ColumnElement[bool]:
    if not letters:
        return true()
    if tx.dialect.name == "sqlite":  # its index serves a range, and LIKE only where case matters
        return and_(column >= letters, column < letters + BEYOND)
    return column.like(f"{_plain(letters)}%", escape="\\")


def _plain(words: str) -> str:
    """Letters that mean something in a pattern mean themselves."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
