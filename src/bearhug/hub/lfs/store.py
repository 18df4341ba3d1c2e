"""Rows of which repository holds which large object."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, exists, func, insert, select, update

from bearhug.base.db import Tx, insert_or
from bearhug.base.prepared import Prepared
from bearhug.hub.lfs.records import Link, Usage, WholeBytes
from bearhug.hub.lfs.tables import links
from bearhug.hub.objects.records import FILE, XET, StoredObject
from bearhug.hub.objects.rows import to_object
from bearhug.hub.objects.tables import objects
from bearhug.hub.repos.tables import repos

SLICE = 1000
_HELD = links.outerjoin(objects, objects.c.oid == links.c.oid)
_WHOLE = links.c.claim.is_(None) & (objects.c.backing == FILE) & (objects.c.size > 0)
_SIZE = func.coalesce(links.c.claim_size, objects.c.size).label("size")


_COLUMNS = [column for column in objects.c if column.name != "oid"]
_OF_REPO = (
    select(links.c.oid, links.c.claim, links.c.claim_size, *_COLUMNS)
    .select_from(_HELD)
    .where(links.c.repo_id == bindparam("repo"), links.c.claim.is_not(None) | objects.c.oid.is_not(None))
)
_ONE = Prepared(_OF_REPO.where(links.c.oid == bindparam("oid")))
_SOME = _OF_REPO.where(links.c.oid.in_(bindparam("oids", expanding=True)))
"""Statements of every request are built once."""


def linked(tx: Tx, repo_id: int, oid: str) -> StoredObject | None:
    """The object if this repository holds it."""
    row = _ONE.first(tx, repo=repo_id, oid=oid)
    return _object(row) if row else None


def all_linked(tx: Tx, repo_id: int, oids: Collection[str]) -> dict[str, StoredObject]:
    """Those of the objects that this repository holds."""
    if len(oids) == 1:
        oid = next(iter(oids))
        found = linked(tx, repo_id, oid)
        return {oid: found} if found else {}
    rows = (row for some in _slices(oids) for row in tx.execute(_SOME, {"repo": repo_id, "oids": some}))
    return {row.oid: _object(row) for row in rows}


def held(tx: Tx, oids: Collection[str]) -> set[str]:
    """Those of the objects that some repository holds."""
    query = select(links.c.oid).distinct()
    return {oid for some in _slices(oids) for oid in tx.execute(query.where(links.c.oid.in_(some))).scalars()}


def add(tx: Tx, repo_id: int, oid: str, moment: datetime) -> None:
    """Note that a repository holds an object; a mere claim becomes certain."""
    values = {"repo_id": repo_id, "oid": oid, "uploaded_at": moment}
    certain = {"claim": None, "claim_size": None}
    key = ["repo_id", "oid"]
    tx.execute(insert_or(tx, links).values(values).on_conflict_do_update(index_elements=key, set_=certain))


def commit(tx: Tx, repo_id: int, oids: Collection[str], moment: datetime) -> None:
    for some in _slices(oids):
        chosen = (links.c.repo_id == repo_id) & links.c.oid.in_(some) & links.c.committed_at.is_(None)
        tx.execute(update(links).where(chosen).values(committed_at=moment))


def copy(tx: Tx, source_id: int, target_id: int, oids: Collection[str] | None, moment: datetime) -> None:
    """Let the target hold what the source holds: these objects, or with None all that it has committed."""
    known = set(tx.execute(select(links.c.oid).where(links.c.repo_id == target_id)).scalars())
    source = select(links.c.oid, links.c.claim, links.c.claim_size).where(links.c.repo_id == source_id)
    if oids is None:
        found = list(tx.execute(source.where(links.c.committed_at.is_not(None))).mappings())
    else:
        found = [row for some in _slices(oids) for row in tx.execute(source.where(links.c.oid.in_(some))).mappings()]
    moments = {"uploaded_at": moment, "committed_at": moment if oids is None else None}
    rows = [{"repo_id": target_id, **row, **moments} for row in found if row["oid"] not in known]
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
        select(links, _SIZE)
        .outerjoin(objects, objects.c.oid == links.c.oid)
        .where(links.c.repo_id == repo_id, links.c.committed_at.is_not(None), links.c.oid > after)
        .order_by(links.c.oid)
        .limit(limit)
    )
    return [Link(row.oid, row.size, row.uploaded_at, row.committed_at) for row in tx.execute(query)]


def largest(tx: Tx, repo_id: int, *, skip: int, limit: int) -> list[Link]:
    """What a repository holds and has committed, the largest first."""
    query = (
        select(links, _SIZE)
        .outerjoin(objects, objects.c.oid == links.c.oid)
        .where(links.c.repo_id == repo_id, links.c.committed_at.is_not(None))
        .order_by(_SIZE.desc(), links.c.oid)
        .offset(skip)
        .limit(limit)
    )
    return [Link(row.oid, row.size, row.uploaded_at, row.committed_at) for row in tx.execute(query)]


def has_committed(tx: Tx, repo_id: int, before: datetime) -> bool:
    old = (links.c.repo_id == repo_id) & (links.c.committed_at < before)
    return bool(tx.execute(select(exists().where(old))).scalar())


def committed_among(tx: Tx, repo_id: int, oids: Collection[str]) -> set[str]:
    """Those of the objects that this repository has committed."""
    query = select(links.c.oid).where(links.c.repo_id == repo_id, links.c.committed_at.is_not(None))
    return {oid for some in _slices(oids) for oid in tx.execute(query.where(links.c.oid.in_(some))).scalars()}


def whole_files(tx: Tx, repo_id: int, *, limit: int) -> list[StoredObject]:
    """What a repository has committed and is kept as whole files, oldest commits first."""
    query = _OF_REPO.where(links.c.committed_at.is_not(None), _WHOLE).order_by(links.c.committed_at, links.c.oid)
    return [_object(row) for row in tx.execute(query.limit(limit), {"repo": repo_id})]


def whole_bytes(tx: Tx, repo_ids: Collection[int]) -> WholeBytes:
    """Bytes of the whole files of repositories, each once, and of those that others hold too."""
    mine = select(links.c.oid).where(links.c.repo_id.in_(repo_ids), links.c.claim.is_(None))
    theirs = select(links.c.oid).where(links.c.repo_id.not_in(repo_ids), links.c.claim.is_(None))
    query = select(func.sum(objects.c.size)).where(objects.c.backing == FILE, objects.c.oid.in_(mine))
    stored, shared = tx.execute(query).scalar(), tx.execute(query.where(objects.c.oid.in_(theirs))).scalar()
    return WholeBytes(int(stored or 0), int(shared or 0))


def every_whole_byte(tx: Tx) -> int:
    """Bytes of the whole files that anybody holds, each once."""
    held = select(links.c.oid).where(links.c.claim.is_(None))
    query = select(func.sum(objects.c.size)).where(objects.c.backing == FILE, objects.c.oid.in_(held))
    return int(tx.execute(query).scalar() or 0)


def repos_with_whole_files(tx: Tx) -> list[int]:
    query = select(links.c.repo_id).distinct().select_from(_HELD)
    return list(tx.execute(query.where(links.c.committed_at.is_not(None), _WHOLE)).scalars())


def repo_usage(tx: Tx, repo_id: int, *, committed: bool) -> int:
    """Bytes of everything a repository holds, or only of what it has committed."""
    query = select(func.sum(_SIZE)).select_from(_HELD).where(links.c.repo_id == repo_id)
    if committed:
        query = query.where(links.c.committed_at.is_not(None))
    return int(tx.execute(query).scalar() or 0)


def usage(tx: Tx, owner_id: int | None) -> Usage:
    """Bytes of an owner's repositories, or of all."""
    logical = select(func.sum(_SIZE)).select_from(_HELD)
    each = select(func.max(_SIZE).label("size")).select_from(_HELD).group_by(links.c.oid)
    if owner_id is not None:
        of_owner = select(repos.c.id).where(repos.c.owner_id == owner_id)
        logical = logical.where(links.c.repo_id.in_(of_owner))
        each = each.where(links.c.repo_id.in_(of_owner))
    distinct = select(func.sum(each.subquery().c.size))
    return Usage(int(tx.execute(logical).scalar() or 0), int(tx.execute(distinct).scalar() or 0))


def _object(row: Row[Any]) -> StoredObject:
    """What the repository holds: its own claim before what others call by the same name."""
    return StoredObject(row.oid, row.claim_size, XET, row.claim) if row.claim else to_object(row)


def _slices(oids: Collection[str]) -> Iterator[list[str]]:
    every = sorted(set(oids))
    for start in range(0, len(every), SLICE):
        yield every[start : start + SLICE]
