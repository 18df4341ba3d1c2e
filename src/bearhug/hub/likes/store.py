"""Rows of likes, and the count kept on the repository."""

from sqlalchemy import Row, delete, func, insert, select, update

from bearhug.base import clock
from bearhug.base.db import Tx
from bearhug.hub.accounts.tables import owners
from bearhug.hub.likes.tables import likes
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.rows import joined, to_repo
from bearhug.hub.repos.tables import repos


def add(tx: Tx, repo_id: int, user_id: int) -> bool:
    """False when it was liked already."""
    if has(tx, repo_id, user_id):
        return False
    tx.execute(insert(likes).values(repo_id=repo_id, user_id=user_id, at=clock.now()))
    return True


def hold(tx: Tx, repo_id: int) -> None:
    """Until the transaction ends nobody else changes the count, nor deletes the repository."""
    tx.execute(select(repos.c.id).where(repos.c.id == repo_id).with_for_update(key_share=True))


def has(tx: Tx, repo_id: int, user_id: int) -> bool:
    query = select(likes.c.at).where(likes.c.repo_id == repo_id, likes.c.user_id == user_id)
    return tx.execute(query).first() is not None


def remove(tx: Tx, repo_id: int, user_id: int) -> bool:
    result = tx.execute(delete(likes).where(likes.c.repo_id == repo_id, likes.c.user_id == user_id))
    return result.rowcount > 0


def recount(tx: Tx, repo_id: int) -> None:
    count = select(func.count()).select_from(likes).where(likes.c.repo_id == repo_id).scalar_subquery()
    tx.execute(update(repos).where(repos.c.id == repo_id).values(likes=count))


def likers(tx: Tx, repo_id: int, *, after: int, limit: int) -> list[Row[int, str, str]]:
    """Users by id: id, name, full name."""
    query = (
        select(owners.c.id, owners.c.name, owners.c.fullname)
        .join(likes, likes.c.user_id == owners.c.id)
        .where(likes.c.repo_id == repo_id, owners.c.id > after)
        .order_by(owners.c.id)
        .limit(limit)
    )
    return list(tx.execute(query))


def liked(tx: Tx, user_id: int, *, after: int, limit: int) -> list[Repo]:
    """Repositories by id that a user likes."""
    query = (
        joined()
        .join(likes, likes.c.repo_id == repos.c.id)
        .where(likes.c.user_id == user_id, repos.c.id > after)
        .order_by(repos.c.id)
        .limit(limit)
    )
    return [to_repo(row) for row in tx.execute(query)]
