"""Rows of follows."""

from sqlalchemy import delete, func, select

from bearhug.base import clock
from bearhug.base.db import Tx, insert_or
from bearhug.hub.accounts.records import Owner
from bearhug.hub.accounts.tables import owner_of, owners
from bearhug.hub.follows.tables import follows


def has(tx: Tx, user_id: int, owner_id: int) -> bool:
    query = select(follows.c.since).where(follows.c.user_id == user_id, follows.c.owner_id == owner_id)
    return tx.execute(query).first() is not None


def add(tx: Tx, user_id: int, owner_id: int) -> None:
    """Once more changes nothing, not even at the same moment."""
    row = {"user_id": user_id, "owner_id": owner_id, "since": clock.now()}
    tx.execute(insert_or(tx, follows).values(row).on_conflict_do_nothing())


def remove(tx: Tx, user_id: int, owner_id: int) -> None:
    tx.execute(delete(follows).where(follows.c.user_id == user_id, follows.c.owner_id == owner_id))


def count_followers(tx: Tx, owner_id: int) -> int:
    query = select(func.count()).select_from(follows).where(follows.c.owner_id == owner_id)
    return int(tx.execute(query).scalar_one())


def count_following(tx: Tx, user_id: int) -> int:
    query = select(func.count()).select_from(follows).where(follows.c.user_id == user_id)
    return int(tx.execute(query).scalar_one())


def followers(tx: Tx, owner_id: int, *, after: str, limit: int) -> list[Owner]:
    """Who follows an owner, by name, those behind the key `after`."""
    query = select(owners).join(follows, follows.c.user_id == owners.c.id).where(follows.c.owner_id == owner_id)
    rows = tx.execute(query.where(owners.c.key > after).order_by(owners.c.key).limit(limit))
    return [owner_of(row) for row in rows]


def following(tx: Tx, user_id: int, *, after: str, limit: int) -> list[Owner]:
    """Users whom a user follows, by name; organisations are followed too, but listed nowhere."""
    query = select(owners).join(follows, follows.c.owner_id == owners.c.id).where(follows.c.user_id == user_id)
    only_users = query.where(owners.c.kind == "user", owners.c.key > after)
    return [owner_of(row) for row in tx.execute(only_users.order_by(owners.c.key).limit(limit))]
