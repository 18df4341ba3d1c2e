"""Rows of file locks."""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select

from bearhug.base.db import Tx
from bearhug.hub.accounts.tables import owners
from bearhug.hub.locks.records import Lock
from bearhug.hub.locks.tables import locks


def add(tx: Tx, repo_id: int, path: str, ref: str, owner_id: int, moment: datetime) -> int:
    """The lock's number; the unique key decides races."""
    values = {"repo_id": repo_id, "path": path, "path_key": _key(path), "ref": ref}
    query = insert(locks).values(**values, owner_id=owner_id, locked_at=moment).returning(locks.c.id)
    return int(tx.execute(query).scalar_one())


def get(tx: Tx, repo_id: int, lock_id: int) -> Lock | None:
    row = tx.execute(_of_repo(repo_id).where(locks.c.id == lock_id)).first()
    return _lock(row) if row else None


def at(tx: Tx, repo_id: int, path: str) -> Lock | None:
    """The lock on a path."""
    row = tx.execute(_of_repo(repo_id).where(locks.c.path_key == _key(path))).first()
    return _lock(row) if row else None


def page(tx: Tx, repo_id: int, *, after: int, limit: int) -> list[Lock]:
    query = _of_repo(repo_id).where(locks.c.id > after).order_by(locks.c.id).limit(limit)
    return [_lock(row) for row in tx.execute(query)]


def remove(tx: Tx, lock_id: int) -> None:
    tx.execute(delete(locks).where(locks.c.id == lock_id))


def _of_repo(repo_id: int) -> Select[Any]:
    query = select(locks, owners.c.name.label("owner")).join(owners, owners.c.id == locks.c.owner_id)
    return query.where(locks.c.repo_id == repo_id)


def _lock(row: Row[Any]) -> Lock:
    return Lock(row.id, row.path, row.ref, row.owner_id, row.owner, row.locked_at)


def _key(path: str) -> str:
    """Paths can be longer than what a database indexes."""
    return hashlib.sha256(path.encode()).hexdigest()
