"""Names that begin with some letters, from the indexes on names alone."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, bindparam, func, select, union_all

from bearhug.base.clauses import Clause, Composed, Conditions, one_of
from bearhug.base.db import Tx
from bearhug.hub.access.records import Actor
from bearhug.hub.accounts.records import Owner, OwnerKind
from bearhug.hub.accounts.tables import owner_of, owners
from bearhug.hub.repos.records import KINDS, Repo
from bearhug.hub.repos.rows import joined, seen_by, to_repo
from bearhug.hub.repos.tables import repos

TRENDING = (repos.c.trending.desc(), repos.c.id.desc())
FEW = 200
"""Names up to which all are looked at; of more, the trending ones are found sooner along their own index."""
WINDOW = 500
"""Trending repositories among which names that many have are looked for first."""
BEYOND = "\U0010ffff"
NO_KIND = ""

_BEGUN = Composed()
_NEAR = Composed()
_BEST = Composed()
_WHOLE = Composed()
_OWNERS = Composed()


def beginning(
    tx: Tx, actor: Actor, kinds: Collection[str], name: str, owner: str | None, limit: int
) -> dict[str, list[Repo]]:
    """Repositories of each kind whose name begins so, the trending ones first."""
    begun = _Begun(tx, name, owner)
    found, ids = {}, []
    for kind, named in begun.some(tx, kinds).items():
        near = begun.near(tx, actor, kind, limit) if len(named) > FEW else named
        if len(named) > FEW and len(near) < limit:
            found[kind] = begun.all(tx, actor, kind, limit)
        else:
            ids += near
    return {kind: [] for kind in kinds} | best(tx, actor, ids, kinds, limit) | found


class _Begun:
    """Names that begin so, of an owner or of all; on SQLite a range of the index, which LIKE would not use."""

    def __init__(self, tx: Tx, name: str, owner: str | None) -> None:
        self._values = _letters(tx, name) | ({} if owner is None else {"owner": owner})
        self._is_range = tx.dialect.name == "sqlite"
        self._has_owner = owner is not None

    def some(self, tx: Tx, kinds: Collection[str]) -> dict[str, list[int]]:
        """A few more than are looked at of each kind."""
        asked = {kind: kind if kind in kinds else NO_KIND for kind in KINDS}
        rows = _BEGUN.all(tx, [], self._some, sign=self._has_owner, few=FEW + 1, **asked, **self._values)
        return {kind: [row.id for row in rows if row.kind == kind] for kind in kinds}

    def near(self, tx: Tx, actor: Actor, kind: str, limit: int) -> list[int]:
        """The first of the most trending repositories that begin so."""
        values = {"kind": kind, "window": WINDOW, "limit": limit, **self._values}
        return _NEAR.column(tx, [_KIND, seen_by(tx, actor)], self._near, sign=self._has_owner, **values)

    def all(self, tx: Tx, actor: Actor, kind: str, limit: int) -> list[Repo]:
        """The most trending of all that begin so."""
        values = {"kind": kind, "limit": limit, **self._values}
        rows = _WHOLE.all(tx, [_KIND, seen_by(tx, actor)], self._all, sign=self._has_owner, **values)
        return [to_repo(row) for row in rows]

    def _some(self, _conditions: Conditions) -> Select[Any]:
        each = [
            select(repos.c.id, repos.c.kind)
            .where(repos.c.kind == bindparam(kind), self._named(repos))
            .limit(bindparam("few"))
            .subquery()
            for kind in KINDS
        ]
        return _together(each)

    def _near(self, conditions: Conditions) -> Select[Any]:
        columns = (repos.c.id, repos.c.trending, repos.c.name_key, repos.c.owner_id)
        listed = select(*columns).where(*conditions).order_by(*TRENDING).limit(bindparam("window")).subquery()
        query = select(listed.c.id).where(self._named(listed))
        return query.order_by(listed.c.trending.desc(), listed.c.id.desc()).limit(bindparam("limit"))

    def _all(self, conditions: Conditions) -> Select[Any]:
        return joined().where(self._named(repos), *conditions).order_by(*TRENDING).limit(bindparam("limit"))

    def _named(self, source: FromClause) -> ColumnElement[bool]:
        begins = _begins(source.c.name_key, is_range=self._is_range)
        if not self._has_owner:
            return begins
        return and_(begins, source.c.owner_id.in_(select(owners.c.id).where(owners.c.key == bindparam("owner"))))


def best(tx: Tx, actor: Actor, ids: Iterable[int], kinds: Collection[str], limit: int) -> dict[str, list[Repo]]:
    """Of some repositories the most trending of each kind."""
    chosen = list(ids)
    clauses = [one_of(tx, repos.c.id, chosen), seen_by(tx, actor)]
    found = [to_repo(row) for row in _BEST.all(tx, clauses, _best, limit=limit)] if chosen else []
    return {kind: [repo for repo in found if repo.kind == kind] for kind in kinds}


def _best(conditions: Conditions) -> Select[Any]:
    place = func.row_number().over(partition_by=repos.c.kind, order_by=TRENDING).label("place")
    placed = select(repos.c.id, place).where(*conditions).subquery()
    chosen = select(placed.c.id).where(placed.c.place <= bindparam("limit"))
    return joined().where(repos.c.id.in_(chosen)).order_by(*TRENDING)


_KIND = Clause("kind", lambda: repos.c.kind == bindparam("kind"))


def owners_of(tx: Tx, kinds: Collection[OwnerKind], words: str, limit: int) -> dict[OwnerKind, list[Owner]]:
    """Active owners whose name begins so, or whose full name has the words in it."""
    begins = Clause("begins", lambda: _begins(owners.c.key, is_range=tx.dialect.name == "sqlite"), _letters(tx, words))
    inside = Clause("inside", _is_inside, {"inside": f"%{_plain(words)}%"})
    found = _owners(tx, kinds, begins, limit)
    more = [kind for kind in kinds if len(found[kind]) < limit]
    if more:
        for kind, others in _owners(tx, more, inside, limit).items():
            known = {owner.id for owner in found[kind]}
            found[kind] += [owner for owner in others if owner.id not in known]
    return {kind: rows[:limit] for kind, rows in found.items()}


def _is_inside() -> ColumnElement[bool]:
    return owners.c.fullname.ilike(bindparam("inside"), escape="\\")


def _owners(tx: Tx, kinds: Collection[OwnerKind], condition: Clause, limit: int) -> dict[OwnerKind, list[Owner]]:
    asked = {kind.value: kind.value if kind in kinds else NO_KIND for kind in OwnerKind}
    found = [owner_of(row) for row in _OWNERS.all(tx, [condition], _first_owners, limit=limit, **asked)]
    return {kind: [owner for owner in found if owner.kind is kind] for kind in kinds}


def _first_owners(conditions: Conditions) -> Select[Any]:
    each = [
        select(owners)
        .where(owners.c.kind == bindparam(kind.value), owners.c.is_active, *conditions)
        .order_by(owners.c.key)
        .limit(bindparam("limit"))
        .subquery()
        for kind in OwnerKind
    ]
    found = _together(each)
    return found.order_by(found.selected_columns.key)


def _together(each: Iterable[FromClause]) -> Select[Any]:
    return select(union_all(*(select(one) for one in each)).subquery())


def _letters(tx: Tx, letters: str) -> dict[str, str]:
    """What `_begins` binds."""
    if tx.dialect.name == "sqlite":
        return {"first": letters, "beyond": letters + BEYOND}
    return {"pattern": f"{_plain(letters)}%"}


def _begins(column: ColumnElement[str], *, is_range: bool) -> ColumnElement[bool]:
    if is_range:
        return and_(column >= bindparam("first"), column < bindparam("beyond"))
    return column.like(bindparam("pattern"), escape="\\")


def _plain(words: str) -> str:
    """Letters that mean something in a pattern mean themselves."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
