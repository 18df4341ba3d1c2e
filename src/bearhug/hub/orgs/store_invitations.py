"""Rows of invitations to organisations."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, update

from bearhug.base import clock
from bearhug.base.db import Tx
from bearhug.hub.access.records import Role
from bearhug.hub.accounts.tables import owner_of, owners
from bearhug.hub.orgs.records import Invitation
from bearhug.hub.orgs.tables import org_invitations as invitations

_GUESTS = owners.alias("guests")
_HOSTS = owners.alias("hosts")


def add(
    tx: Tx,
    org_id: int,
    role: Role,
    *,
    created_by: int,
    expires_at: datetime,
    user_id: int | None = None,
    digest: str | None = None,
) -> int:
    """A new invitation; one that the user had before makes room."""
    tx.execute(delete(invitations).where(invitations.c.expires_at < clock.now()))
    if user_id is not None:
        tx.execute(delete(invitations).where(invitations.c.org_id == org_id, invitations.c.user_id == user_id))
    values = {
        "org_id": org_id,
        "user_id": user_id,
        "digest": digest,
        "role": role.value,
        "created_by": created_by,
        "created_at": clock.now(),
        "expires_at": expires_at,
    }
    return int(tx.execute(insert(invitations).values(values).returning(invitations.c.id)).scalar_one())


def of_org(tx: Tx, org_id: int, *, limit: int) -> list[Invitation]:
    query = _open().where(invitations.c.org_id == org_id).order_by(invitations.c.id.desc()).limit(limit)
    return [_invitation(row) for row in tx.execute(query)]


def of_user(tx: Tx, user_id: int, *, limit: int) -> list[Invitation]:
    query = _open().where(invitations.c.user_id == user_id).order_by(invitations.c.id.desc()).limit(limit)
    return [_invitation(row) for row in tx.execute(query)]


def for_user(tx: Tx, user_id: int, invitation_id: int) -> Invitation | None:
    query = _open().where(invitations.c.user_id == user_id, invitations.c.id == invitation_id)
    row = tx.execute(query).first()
    return _invitation(row) if row is not None else None


def by_digest(tx: Tx, digest: str) -> Invitation | None:
    row = tx.execute(_open().where(invitations.c.digest == digest)).first()
    return _invitation(row) if row is not None else None


def count(tx: Tx, org_id: int) -> int:
    query = select(invitations.c.id).where(invitations.c.org_id == org_id)
    return len(tx.execute(query).all())


def note_use(tx: Tx, invitation_id: int) -> None:
    query = update(invitations).where(invitations.c.id == invitation_id)
    tx.execute(query.values(uses=invitations.c.uses + 1))


def remove(tx: Tx, invitation_id: int, *, org_id: int) -> bool:
    query = delete(invitations).where(invitations.c.id == invitation_id, invitations.c.org_id == org_id)
    return tx.execute(query).rowcount == 1


def _open() -> Select[Any]:
    """Those that are not over yet, each with its organisation and the people it names."""
    return (
        select(
            owners,
            invitations.c.id.label("invitation_id"),
            invitations.c.role,
            invitations.c.created_at.label("invited_at"),
            invitations.c.expires_at,
            invitations.c.uses,
            _GUESTS.c.name.label("guest"),
            _HOSTS.c.name.label("host"),
        )
        .join(owners, owners.c.id == invitations.c.org_id)
        .join(_GUESTS, _GUESTS.c.id == invitations.c.user_id, isouter=True)
        .join(_HOSTS, _HOSTS.c.id == invitations.c.created_by, isouter=True)
        .where(invitations.c.expires_at > clock.now())
    )


def _invitation(row: Row[Any]) -> Invitation:
    return Invitation(
        id=row.invitation_id,
        org=owner_of(row),
        role=Role(row.role),
        user=row.guest,
        created_by=row.host,
        created_at=row.invited_at,
        expires_at=row.expires_at,
        uses=row.uses,
    )
