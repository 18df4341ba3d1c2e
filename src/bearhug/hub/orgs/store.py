"""Rows of memberships."""

from sqlalchemy import delete, func, insert, select, update

from bearhug.base import clock
from bearhug.base.db import Tx
from bearhug.hub.access.records import Role
from bearhug.hub.accounts.tables import owner_of, owners
from bearhug.hub.orgs.records import Member, Membership
from bearhug.hub.orgs.tables import members


def roles_of(tx: Tx, user_id: int) -> dict[int, Role]:
    """Role by organisation id."""
    query = select(members.c.org_id, members.c.role).where(members.c.user_id == user_id)
    return {row.org_id: Role(row.role) for row in tx.execute(query)}


def role(tx: Tx, org_id: int, user_id: int) -> Role | None:
    query = select(members.c.role).where(members.c.org_id == org_id, members.c.user_id == user_id)
    found = tx.execute(query).scalar()
    return Role(found) if found is not None else None


def lock(tx: Tx, org_id: int) -> None:
    """Let one change of members after the other happen, so that the last admin cannot slip away in a race."""
    tx.execute(select(owners.c.id).where(owners.c.id == org_id).with_for_update())


def add(tx: Tx, org_id: int, user_id: int, role: Role) -> None:
    tx.execute(insert(members).values(org_id=org_id, user_id=user_id, role=role.value, since=clock.now()))


def change(tx: Tx, org_id: int, user_id: int, role: Role) -> None:
    query = update(members).where(members.c.org_id == org_id, members.c.user_id == user_id)
    tx.execute(query.values(role=role.value))


def remove(tx: Tx, org_id: int, user_id: int) -> None:
    tx.execute(delete(members).where(members.c.org_id == org_id, members.c.user_id == user_id))


def count(tx: Tx, org_id: int, *, role: Role | None = None) -> int:
    query = select(func.count()).select_from(members).where(members.c.org_id == org_id)
    if role is not None:
        query = query.where(members.c.role == role.value)
    return int(tx.execute(query).scalar_one())


def lone_administered(tx: Tx, user_id: int) -> list[str]:
    """Names of organisations whose only administrator is this user."""
    admins = select(members.c.org_id).where(members.c.role == Role.ADMIN.value)
    lonely = admins.group_by(members.c.org_id).having(func.count() == 1)
    query = (
        select(owners.c.name)
        .join(members, members.c.org_id == owners.c.id)
        .where(members.c.user_id == user_id, members.c.role == Role.ADMIN.value, members.c.org_id.in_(lonely))
        .order_by(owners.c.key)
    )
    return list(tx.execute(query).scalars())


def members_of(tx: Tx, org_id: int, *, after: str = "", limit: int = 500) -> list[Member]:
    """Members by name, those behind the key `after`."""
    query = (
        select(owners, members.c.role, members.c.since)
        .join(members, members.c.user_id == owners.c.id)
        .where(members.c.org_id == org_id, owners.c.key > after)
        .order_by(owners.c.key)
        .limit(limit)
    )
    return [Member(owner_of(row), Role(row.role), row.since) for row in tx.execute(query)]


def orgs_of(tx: Tx, user_id: int) -> list[Membership]:
    """Organisations of a user by name."""
    query = (
        select(owners, members.c.role)
        .join(members, members.c.org_id == owners.c.id)
        .where(members.c.user_id == user_id)
        .order_by(owners.c.key)
    )
    return [Membership(owner_of(row), Role(row.role)) for row in tx.execute(query)]
