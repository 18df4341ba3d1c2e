"""Rows of which repository holds which large object."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bearhug.base.db import Tx
from bearhug.hub.lfs.records import Link, Usage
from bearhug.hub.lfs.tables import links
from bearhug.hub.objects.records import StoredObject
from bearhug.hub.objects.tables import objects
from bearhug.hub.repos.tables import repos

SLICE = 1000


def linked(tx: Tx, repo_id: int, oid: str) -> StoredObject | None:
    """The object if this repository holds it."""
    row = tx.execute(_of_repo(repo_id).where(links.c.oid == oid)).first()
    return _object(row) if row else None


def all_linked(tx: Tx, repo_id: int, oids: Collection[str]) -> dict[str, StoredObject]:
    """Those of the objects that this repository holds."""
    rows = (row for some in _slices(oids) for row in tx.execute(_of_repo(repo_id).where(links.c.oid.in_(some))))
    return {row.oid: _object(row) for row in rows}


def held(tx: Tx, oids: Collection[str]) -> set[str]:
    """Those of the objects that some repository holds."""
    query = select(links.c.oid).distinct()
    return {oid for some in _slices(oids) for oid in tx.execute(query.where(links.c.oid.in_(some))).scalars()}


def add(tx: Tx, repo_id: int, oid: str, moment: datetime) -> None:
    """Note that a repository holds an object; once is enough."""
    dialect: Any = sqlite if tx.dialect.name == "sqlite" else postgresql
    values = {"repo_id": repo_id, "oid": oid, "uploaded_at": moment}
    tx.execute(dialect.insert(links).values(values).on_conflict_do_nothing())


def commit(tx: Tx, repo_id: int, oids: Collection[str], moment: datetime) -> None:
    for some in _slices(oids):
        chosen = (links.c.repo_id == repo_id) & links.c.oid.in_(some) & links.c.committed_at.is_(None)
        tx.execute(update(links).where(chosen).values(committed_at=moment))


def copy(tx: Tx, source_id: int, target_id: int, oids: Collection[str] | None, moment: datetime) -> None:
    """Let the target hold what the source holds: these objects, or with None all that it has committed."""
    known = set(tx.execute(select(links.c.oid).where(links.c.repo_id == target_id)).scalars())
    source = select(links.c.oid).where(links.c.repo_id == source_id)
    if oids is None:
        found = tx.execute(source.where(links.c.committed_at.is_not(None))).scalars().all()
    else:
        found = [oid for some in _slices(oids) for oid in tx.execute(source.where(links.c.oid.in_(some))).scalars()]
    committed_at = moment if oids is None else None
    rows = [
        {"repo_id": target_id, "oid": oid, "uploaded_at": moment, "committed_at": committed_at}
        for oid in found
        if oid not in known
    ]
    if rows:
        tx.execute(insert(links), rows)


def remove(tx: Tx, repo_id: int, oids: Collection[str]) -> None:
    for some in _slices(oids):
        tx.execute(delete(links).where(links.c.repo_id == repo_id, links.c.oid.in_(some)))


def drop_uncommitted(tx: Tx, before: datetime) -> int:
    """Forget uploads that no commit has taken up since `before`."""
    stale = links.c.committed_at.is_(None) & (links.c.uploaded_at < before)
    return tx.execute(delete(links).where(stale)).rowcount


def committed(tx: Tx, repo_id: int, *, after: str, limit: int) -> list[Link]:
    """What a repository holds and has committed, by oid, those behind `after`."""
    query = (
        select(links, objects.c.size)
        .join(objects, objects.c.oid == links.c.oid)
        .where(links.c.repo_id == repo_id, links.c.committed_at.is_not(None), links.c.oid > after)
        .order_by(links.c.oid)
        .limit(limit)
    )
    return [Link(row.oid, row.size, row.uploaded_at, row.committed_at) for row in tx.execute(query)]


def repo_usage(tx: Tx, repo_id: int, *, committed: bool) -> int:
    """Bytes of everything a repository holds, or only of what it has committed."""
    query = select(func.sum(objects.c.size)).join(links, links.c.oid == objects.c.oid)
    query = query.where(links.c.repo_id == repo_id)
    if committed:
        query = query.where(links.c.committed_at.is_not(None))
    return int(tx.execute(query).scalar() or 0)


def usage(tx: Tx, owner_id: int | None) -> Usage:
    """Bytes of an owner's repositories, or of all."""
    logical = select(func.sum(objects.c.size)).join(links, links.c.oid == objects.c.oid)
    oids = select(links.c.oid)
    if owner_id is not None:
        logical = logical.join(repos, repos.c.id == links.c.repo_id).where(repos.c.owner_id == owner_id)
        oids = oids.join(repos, repos.c.id == links.c.repo_id).where(repos.c.owner_id == owner_id)
    distinct = select(func.sum(objects.c.size)).where(objects.c.oid.in_(oids))
    return Usage(int(tx.execute(logical).scalar() or 0), int(tx.execute(distinct).scalar() or 0))


def _of_repo(repo_id: int) -> Select[Any]:
    return select(objects).join(links, links.c.oid == objects.c.oid).where(links.c.repo_id == repo_id)


def _object(row: Row[Any]) -> StoredObject:
    return StoredObject(row.oid, row.size, row.backing)


def _slices(oids: Collection[str]) -> Iterator[list[str]]:
    every = sorted(set(oids))
    for start in range(0, len(every), SLICE):
        yield every[start : start + SLICE]
