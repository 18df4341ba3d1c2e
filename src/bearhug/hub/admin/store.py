"""Rows that administrators look through."""

from sqlalchemy import Column, ColumnElement, case, func, insert, or_, select, true

from bearhug.base import clock
from bearhug.base.db import Tx
from bearhug.hub.access.records import Actor
from bearhug.hub.accounts.records import OwnerKind
from bearhug.hub.accounts.tables import owner_of, owners
from bearhug.hub.admin.records import Act, Holder, Listed, Sought, Totals
from bearhug.hub.admin.tables import acts
from bearhug.hub.orgs.tables import members
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.rows import joined, to_repo
from bearhug.hub.repos.tables import repos

OWNER_STATES = {
    "administrator": owners.c.is_admin.is_(True),
    "locked": owners.c.is_active.is_(False),
}
OWNER_ORDERS = {"name": owners.c.key, "newest": owners.c.id.desc()}
REPO_STATES = {
    "public": repos.c.private.is_(False),
    "private": repos.c.private.is_(True),
    "disabled": repos.c.disabled.is_(True),
}
ORDERS = {"newest": repos.c.id, "size": repos.c.used_storage, "changed": repos.c.updated_at}


def note(tx: Tx, actor: Actor, action: str, subject: str, details: str) -> None:
    values = {"action": action, "subject": subject[:255], "details": details[:2000]}
    tx.execute(insert(acts).values(at=clock.now(), actor_id=actor.user_id, actor=actor.name, **values))


def noted(tx: Tx, *, before: int | None, limit: int, words: str = "") -> list[Act]:
    """The newest acts, those older than `before`, with the words in who did them, to whom, or in their details."""
    query = select(acts).where(acts.c.id < before if before is not None else true())
    if words:
        query = query.where(_holds(words, acts.c.actor, acts.c.subject, acts.c.details))
    rows = tx.execute(query.order_by(acts.c.id.desc()).limit(limit))
    return [Act(row.id, row.at, row.actor, row.action, row.subject, row.details) for row in rows]


def found_owners(tx: Tx, kind: OwnerKind, sought: Sought, *, rows: int) -> tuple[list[Listed], int]:
    """A page of the owners of one kind, those with the words in their names or address; and how many there are."""
    chosen = [owners.c.kind == kind.value]
    if sought.words:
        chosen.append(_holds(sought.words, owners.c.key, owners.c.fullname, owners.c.email))
    if sought.state in OWNER_STATES:
        chosen.append(OWNER_STATES[sought.state])
    count = tx.execute(select(func.count()).select_from(owners).where(*chosen)).scalar_one()
    query = select(owners).where(*chosen).order_by(OWNER_ORDERS.get(sought.order, owners.c.key))
    found = [owner_of(row) for row in tx.execute(query.offset(_start(sought, rows, count)).limit(rows))]
    ids = [owner.id for owner in found]
    having = _counts(tx, repos.c.owner_id, ids)
    ties = _counts(tx, members.c.org_id if kind is OwnerKind.ORG else members.c.user_id, ids)
    return [Listed(owner, having.get(owner.id, 0), ties.get(owner.id, 0)) for owner in found], count


def found_repos(tx: Tx, kind: str, sought: Sought, *, rows: int) -> tuple[list[Repo], int]:
    """A page of the repositories with the words in their full names, and how many there are."""
    chosen = []
    if sought.words:
        chosen.append(_holds(sought.words, owners.c.key + "/" + repos.c.name_key))
    if kind:
        chosen.append(repos.c.kind == kind)
    if sought.state in REPO_STATES:
        chosen.append(REPO_STATES[sought.state])
    source = repos.join(owners, owners.c.id == repos.c.owner_id) if sought.words else repos
    count = tx.execute(select(func.count()).select_from(source).where(*chosen)).scalar_one()
    query = joined().where(*chosen).order_by(ORDERS.get(sought.order, repos.c.id).desc(), repos.c.id.desc())
    return [to_repo(row) for row in tx.execute(query.offset(_start(sought, rows, count)).limit(rows))], count


def _start(sought: Sought, rows: int, count: int) -> int:
    """How many come before the page; behind the last one there is the last one again."""
    return min(sought.page, max(count - 1, 0) // rows) * rows


def _counts(tx: Tx, column: Column[int], ids: list[int]) -> dict[int, int]:
    """How many rows name each of the ids."""
    query = select(column, func.count()).where(column.in_(ids)).group_by(column)
    return {row[0]: row[1] for row in tx.execute(query)}


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
