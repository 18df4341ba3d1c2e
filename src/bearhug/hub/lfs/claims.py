"""Rows of claims: what a repository says of bytes that came as chunks, before the hub has computed their sha256."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete, exists, func, or_, select, update

from bearhug.base.db import Tx, insert_or
from bearhug.hub.lfs.records import Link
from bearhug.hub.lfs.tables import links
from bearhug.hub.objects.tables import objects
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.rows import joined, to_repo
from bearhug.hub.repos.tables import repos

SLICE = 500
_DIGEST = func.coalesce(links.c.claim, objects.c.xet_hash)
_DIGESTS = (
    select(_DIGEST)
    .distinct()
    .select_from(links.outerjoin(objects, objects.c.oid == links.c.oid))
    .where(_DIGEST.is_not(None))
)
Key = TypeVar("Key", str, int)


def add(tx: Tx, link: Link, repo_id: int, xet_hash: str) -> None:
    """Note a claim; it takes the place of an earlier one, but not of an object that the repository holds for sure."""
    claim = {"claim": xet_hash, "claim_size": link.size}
    query = insert_or(tx, links).values(repo_id=repo_id, oid=link.oid, uploaded_at=link.uploaded_at, **claim)
    key = ["repo_id", "oid"]
    tx.execute(query.on_conflict_do_update(index_elements=key, set_=claim, where=links.c.claim.is_not(None)))


def settle(tx: Tx, xet_hash: str, oid: str) -> None:
    """The claim is true: the links lead to the object itself."""
    chosen = (links.c.claim == xet_hash) & (links.c.oid == oid)
    tx.execute(update(links).where(chosen).values(claim=None, claim_size=None))


def drop(tx: Tx, xet_hash: str) -> list[int]:
    """Forget what is still claimed of a file; the repositories that claimed it."""
    found = list(tx.execute(select(links.c.repo_id).where(links.c.claim == xet_hash)).scalars())
    tx.execute(delete(links).where(links.c.claim == xet_hash))
    return found


def reads(tx: Tx, repo_id: int, xet_hash: str, oid: str | None) -> bool:
    """Whether the repository claims this file, or holds an object that consists of it or has its sha256."""
    mine = select(links.c.oid).where(links.c.repo_id == repo_id)
    certain = mine.where(links.c.claim.is_(None))
    ways = (
        mine.where(links.c.claim == xet_hash),
        certain.join(objects, objects.c.oid == links.c.oid).where(objects.c.xet_hash == xet_hash),
        certain.where(links.c.oid == oid),
    )
    return bool(tx.execute(select(or_(*(exists(way) for way in ways)))).scalar())


def newest(tx: Tx, repo_id: int, *, limit: int) -> list[str]:
    """The Xet hashes of what a repository has committed, newest first."""
    digest = func.coalesce(links.c.claim, objects.c.xet_hash)
    query = select(digest).select_from(links.outerjoin(objects, objects.c.oid == links.c.oid))
    query = query.where(links.c.repo_id == repo_id, links.c.committed_at.is_not(None), digest.is_not(None))
    order = (links.c.committed_at.desc(), links.c.uploaded_at.desc())
    return list(tx.execute(query.order_by(*order).limit(limit)).scalars())


def readers(tx: Tx, xet_hash: str) -> list[Repo]:
    """The repositories that hold a file, each once."""
    query = joined().join(links, links.c.repo_id == repos.c.id).outerjoin(objects, objects.c.oid == links.c.oid)
    proved = links.c.claim.is_(None) & (objects.c.xet_hash == xet_hash)
    rows = tx.execute(query.where((links.c.claim == xet_hash) | proved))
    return list({row.id: to_repo(row) for row in rows}.values())


def unproved(tx: Tx, *, before: datetime, limit: int) -> list[str]:
    """Files whose claims have waited since before a moment."""
    query = select(links.c.claim).where(links.c.claim.is_not(None), links.c.uploaded_at < before)
    return list(tx.execute(query.distinct().limit(limit)).scalars())


def files_of(tx: Tx, repo_ids: Collection[int]) -> set[str]:
    """The Xet hashes of all that repositories hold."""
    found: set[str] = set()
    for some in slices(repo_ids):
        found |= set(tx.execute(_DIGESTS.where(links.c.repo_id.in_(some))).scalars())
    return found


def every_file(tx: Tx) -> set[str]:
    """The Xet hashes of all that anybody holds."""
    return set(tx.execute(_DIGESTS).scalars())


def held_elsewhere(tx: Tx, xet_hashes: Collection[str], repo_ids: Collection[int]) -> set[str]:
    """Those of the files that a repository other than these holds."""
    digest = func.coalesce(links.c.claim, objects.c.xet_hash)
    found: set[str] = set()
    for some in slices(xet_hashes):
        source = links.outerjoin(objects, objects.c.oid == links.c.oid)
        chosen = (links.c.claim.in_(some)) | (links.c.claim.is_(None) & objects.c.xet_hash.in_(some))
        rows = tx.execute(select(digest.label("digest"), links.c.repo_id).select_from(source).where(chosen))
        found |= {row.digest for row in rows if row.repo_id not in repo_ids}
    return found


def needed(tx: Tx, xet_hashes: Collection[str]) -> set[str]:
    """Those of the files that some repository claims or some object consists of."""
    found = set()
    for some in slices(xet_hashes):
        found |= set(tx.execute(select(links.c.claim).where(links.c.claim.in_(some))).scalars())
        found |= set(tx.execute(select(objects.c.xet_hash).where(objects.c.xet_hash.in_(some))).scalars())
    return {digest for digest in found if digest}


def slices(keys: Collection[Key]) -> Iterator[list[Key]]:
    """As many as one statement may name."""
    every = sorted(set(keys))
    for start in range(0, len(every), SLICE):
        yield every[start : start + SLICE]
