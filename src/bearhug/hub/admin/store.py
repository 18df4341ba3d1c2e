"""Rows that administrators look through."""

from sqlalchemy import ColumnElement, case, func, insert, or_, select, true

from bearhug.base import clock
from bearhug.base.db import Tx
from bearhug.hub.access.records import Actor
from bearhug.hub.accounts.records import Owner, OwnerKind
from bearhug.hub.accounts.tables import owner_of, owners
from bearhug.hub.admin.records import Act, Holder, Totals
from bearhug.hub.admin.tables import acts
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.rows import joined, to_repo
from bearhug.hub.repos.tables import repos

ORDERS = {"newest": repos.c.id, "size": repos.c.used_storage, "changed": repos.c.updated_at}


def note(tx: Tx, actor: Actor, action: str, subject: str, details: str) -> None:
    values = {"action": action, "subject": subject[:255], "details": details[:2000]}
    tx.execute(insert(acts).values(at=clock.now(), actor_id=actor.user_id, actor=actor.name, **values))


def noted(tx: Tx, *, before: int | None, limit: int) -> list[Act]:
    """The newest acts, those older than `before`."""
    query = select(acts).where(acts.c.id < before if before is not None else true())
    rows = tx.execute(query.order_by(acts.c.id.desc()).limit(limit))
    return [Act(row.id, row.at, row.actor, row.action, row.subject, row.details) for row in rows]


def found_owners(tx: Tx, kind: OwnerKind, words: str, *, after: str, limit: int) -> list[Owner]:
    """Owners of one kind by name, those with the words in their names or address."""
    query = select(owners).where(owners.c.kind == kind.value, owners.c.key > after.lower())
    if words:
        query = query.where(_holds(words, owners.c.key, owners.c.fullname, owners.c.email))
    return [owner_of(row) for row in tx.execute(query.order_by(owners.c.key).limit(limit))]


def found_repos(
    tx: Tx, words: str, *, kind: str, private: bool | None, order: str, page: tuple[int, int]
) -> list[Repo]:
    """Repositories with the words in their full names; `page` is how many to leave out and how many to give."""
    query = joined()
    if words:
        query = query.where(_holds(words, owners.c.key + "/" + repos.c.name_key))
    if kind:
        query = query.where(repos.c.kind == kind)
    if private is not None:
        query = query.where(repos.c.private.is_(private))
    rows = tx.execute(query.order_by(ORDERS[order].desc(), repos.c.id.desc()).offset(page[0]).limit(page[1]))
    return [to_repo(row) for row in rows]


def holders(tx: Tx, limit: int) -> list[Holder]:
    """Owners of the most bytes."""
    size = func.sum(repos.c.used_storage)
    query = select(owners.c.name, owners.c.kind, func.count(), size).join(repos, repos.c.owner_id == owners.c.id)
    rows = tx.execute(query.group_by(owners.c.id, owners.c.name, owners.c.kind).order_by(size.desc()).limit(limit))
    return [Holder(row[0], row[1] == OwnerKind.ORG.value, row[2], int(row[3])) for row in rows]


def totals(tx: Tx) -> Totals:
    people = func.count(case((owners.c.kind == OwnerKind.USER.value, 1)))
    locked = func.count(case((owners.c.is_active.is_(False), 1)))
    row = tx.execute(select(people, locked, func.count() - people).select_from(owners)).one()
    query = select(repos.c.kind, func.count(), func.sum(repos.c.used_storage)).group_by(repos.c.kind)
    kinds = {found[0]: (found[1], int(found[2])) for found in tx.execute(query)}
    counts = {kind: count for kind, (count, _) in kinds.items()}
    return Totals(row[0], row[1], row[2], counts, sum(size for _, size in kinds.values()))


def _holds(words: str, *columns: ColumnElement[str]) -> ColumnElement[bool]:
    plain = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return or_(*(column.ilike(f"%{plain}%", escape="\\") for column in columns))
