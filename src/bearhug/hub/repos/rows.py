"""Repository rows joined with their owners: how any store that lists repositories selects and reads them."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select, true

from bearhug.base.clauses import Clause, one_of
from bearhug.base.db import Tx
from bearhug.hub.access.records import Actor, Role
from bearhug.hub.accounts.tables import owners
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.tables import repos

_COLUMNS = (
    repos,
    owners.c.name.label("owner"),
    (owners.c.kind == "org").label("owner_is_org"),
)


def joined() -> Select[Any]:
    """Every column that `to_repo` reads."""
    return select(*_COLUMNS).join(owners, owners.c.id == repos.c.owner_id)


def visible(actor: Actor) -> ColumnElement[bool]:
    """The condition that a repository is one that the actor may see; narrow tokens see less than it says."""
    if actor.is_admin:
        return true()
    public = _public(actor)
    return public if actor.is_anonymous else or_(public, repos.c.owner_id.in_(_own(actor)))


def seen_by(tx: Tx, actor: Actor) -> Clause:
    """The same condition for statements that are compiled once."""
    if actor.is_admin:
        return Clause("everything", true)
    if actor.is_anonymous:
        return Clause(("public", actor.may_read_public), lambda: _public(actor))
    own = one_of(tx, repos.c.owner_id, _own(actor), "own")
    return Clause(("own", actor.may_read_public), lambda: or_(_public(actor), own.make()), own.values)


def _public(actor: Actor) -> ColumnElement[bool]:
    return repos.c.private.is_(False) if actor.may_read_public else repos.c.id < 0


def _own(actor: Actor) -> list[int]:
    """Whose repositories the actor sees, private or not."""
    return [actor.user_id or 0, *(org for org, role in actor.orgs.items() if role is not Role.NO_ACCESS)]


def to_repo(row: Row[Any]) -> Repo:
    """The record of a joined row; other columns of the row are left alone."""
    return Repo(
        id=row.id,
        kind=row.kind,
        owner_id=row.owner_id,
        owner=row.owner,
        owner_is_org=bool(row.owner_is_org),
        name=row.name,
        folder=row.folder,
        private=row.private,
        gated=row.gated,
        disabled=row.disabled,
        creator_id=row.creator_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        head=row.head,
        likes=row.likes,
        downloads=row.downloads,
        downloads_all=row.downloads_all,
        trending=row.trending,
        used_storage=row.used_storage,
        discussions_disabled=row.discussions_disabled,
        parameters=row.parameters,
    )
