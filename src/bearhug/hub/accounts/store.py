"""Rows of owners."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from bearhug.base import clock
from bearhug.base.db import Tx, insert_or
from bearhug.hub.accounts.names import key
from bearhug.hub.accounts.records import Avatar, Invite, Owner, OwnerKind
from bearhug.hub.accounts.tables import avatars, former_names, invites, owner_of, owners


def add(tx: Tx, name: str, kind: OwnerKind, **fields: Any) -> int:
    """A new owner's id; the unique key decides races."""
    values = {"name": name, "key": key(name), "kind": kind.value, "created_at": clock.now(), **fields}
    return int(tx.execute(insert(owners).values(values).returning(owners.c.id)).scalar_one())


def find(tx: Tx, name: str) -> Owner | None:
    row = tx.execute(select(owners).where(owners.c.key == key(name))).first()
    return owner_of(row) if row is not None else None


def by_id(tx: Tx, owner_id: int) -> Owner | None:
    row = tx.execute(select(owners).where(owners.c.id == owner_id)).first()
    return owner_of(row) if row is not None else None


def change(tx: Tx, owner_id: int, **fields: Any) -> None:
    tx.execute(update(owners).where(owners.c.id == owner_id).values(fields))


def remove(tx: Tx, owner_id: int) -> None:
    tx.execute(delete(owners).where(owners.c.id == owner_id))


def listing(tx: Tx, kind: OwnerKind, *, after: str = "", limit: int = 1000) -> list[Owner]:
    """Owners of one kind by name, those behind `after`."""
    query = select(owners).where(owners.c.kind == kind.value, owners.c.key > after).order_by(owners.c.key).limit(limit)
    return [owner_of(row) for row in tx.execute(query)]


def count(tx: Tx, kind: OwnerKind) -> int:
    query = select(func.count()).select_from(owners).where(owners.c.kind == kind.value)
    return int(tx.execute(query).scalar_one())


def count_admins(tx: Tx) -> int:
    query = select(func.count()).select_from(owners).where(owners.c.is_admin, owners.c.is_active)
    return int(tx.execute(query).scalar_one())


def find_former(tx: Tx, name: str) -> Owner | None:
    """Who had this name before."""
    query = select(owners).join(former_names, former_names.c.owner_id == owners.c.id)
    row = tx.execute(query.where(former_names.c.key == key(name))).first()
    return owner_of(row) if row is not None else None


def hold(tx: Tx, owner_id: int) -> str | None:
    """The present name; until the transaction ends no other one changes it."""
    return tx.execute(select(owners.c.name).where(owners.c.id == owner_id).with_for_update()).scalar()


def rename(tx: Tx, owner: Owner, name: str) -> None:
    """Give a new name and remember the old one, unless only letter case changes."""
    tx.execute(delete(former_names).where(former_names.c.key.in_([key(name), key(owner.name)])))
    tx.execute(update(owners).where(owners.c.id == owner.id).values(name=name, key=key(name)))
    if key(name) != key(owner.name):
        tx.execute(insert(former_names).values(key=key(owner.name), owner_id=owner.id, at=clock.now()))


def add_invite(tx: Tx, digest: str, *, created_by: int | None, note: str, expires_at: datetime) -> None:
    values = {"digest": digest, "created_by": created_by, "note": note, "expires_at": expires_at}
    tx.execute(insert(invites).values(created_at=clock.now(), **values))


def open_invite(tx: Tx, digest: str) -> int | None:
    """The invite of that secret, if it is neither used nor too old."""
    query = select(invites.c.id).where(
        invites.c.digest == digest, invites.c.used_at.is_(None), invites.c.expires_at > clock.now()
    )
    return tx.execute(query.with_for_update()).scalar()


def use_invite(tx: Tx, invite_id: int, user_id: int) -> None:
    tx.execute(update(invites).where(invites.c.id == invite_id).values(used_by=user_id, used_at=clock.now()))


def invites_listed(tx: Tx, *, limit: int) -> list[Invite]:
    """Newest first, with the name of who used each."""
    query = (
        select(invites, owners.c.name.label("user"))
        .join(owners, owners.c.id == invites.c.used_by, isouter=True)
        .order_by(invites.c.id.desc())
        .limit(limit)
    )
    return [
        Invite(row.id, row.note, row.created_at, row.expires_at, row.used_at, row.user) for row in tx.execute(query)
    ]


def remove_invite(tx: Tx, invite_id: int) -> bool:
    """Take back what nobody has used."""
    query = delete(invites).where(invites.c.id == invite_id, invites.c.used_at.is_(None))
    return tx.execute(query).rowcount == 1


def avatar(tx: Tx, name: str) -> Avatar | None:
    query = select(avatars).join(owners, owners.c.id == avatars.c.owner_id).where(owners.c.key == key(name))
    row = tx.execute(query).first()
    return Avatar(row.media_type, row.digest, row.content) if row is not None else None


def set_avatar(tx: Tx, owner_id: int, given: Avatar | None) -> None:
    if given is None:
        tx.execute(delete(avatars).where(avatars.c.owner_id == owner_id))
        return
    values = {"media_type": given.media_type, "digest": given.digest, "content": given.content}
    query = insert_or(tx, avatars).values(owner_id=owner_id, **values)
    tx.execute(query.on_conflict_do_update(index_elements=["owner_id"], set_=values))
