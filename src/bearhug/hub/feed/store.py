"""The newest few of each who is followed, so that neither busy owners nor long histories make it slow."""

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache

from sqlalchemy import DateTime, Integer, TextualSelect, select, text

from bearhug.base.db import Tx
from bearhug.hub.access.records import Actor
from bearhug.hub.accounts.tables import owners
from bearhug.hub.follows.tables import follows
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.rows import joined, to_repo, visible
from bearhug.hub.repos.tables import repos

MOST_FOLLOWED = 60
"""Of whom one follows more, those whom one followed last."""
EACH = 6
CHANGED = "SELECT id AS repo_id, updated_at AS at, owner_id AS who FROM repos WHERE owner_id = {0} ORDER BY at DESC"
LIKED = "SELECT repo_id, at, user_id AS who FROM likes WHERE user_id = {0} ORDER BY at DESC"


def own(tx: Tx, user_id: int, limit: int) -> list[Repo]:
    """A user's repositories, the ones changed last first."""
    query = joined().where(repos.c.owner_id == user_id).order_by(repos.c.updated_at.desc(), repos.c.id.desc())
    return [to_repo(row) for row in tx.execute(query.limit(limit))]


def followed(tx: Tx, user_id: int) -> dict[int, str]:
    """Names of those whom a user follows, by id."""
    query = select(owners.c.id, owners.c.name).join(follows, follows.c.owner_id == owners.c.id)
    query = query.where(follows.c.user_id == user_id).order_by(follows.c.since.desc()).limit(MOST_FOLLOWED)
    return {row[0]: row[1] for row in tx.execute(query)}


def newest(tx: Tx, pattern: str, who: Collection[int]) -> list[tuple[int, datetime, int]]:
    """Repository, moment and owner or user of the newest few of each, in no order."""
    if not who:
        return []
    values = {f"who{number}": one for number, one in enumerate(who)}
    return [(row[0], row[1], row[2]) for row in tx.execute(_each(pattern, len(values)), values)]


def seen(tx: Tx, actor: Actor, repo_ids: Collection[int]) -> dict[int, Repo]:
    """Those of the repositories that the actor may see."""
    if not repo_ids:
        return {}
    query = joined().where(repos.c.id.in_(list(repo_ids)), visible(actor))
    return {row.id: to_repo(row) for row in tx.execute(query)}


@lru_cache(maxsize=2 * MOST_FOLLOWED)
def _each(pattern: str, count: int) -> TextualSelect:
    """One statement in which every part stops after its few rows of an index."""
    parts = [f"SELECT * FROM ({pattern.format(f':who{n}')} LIMIT {EACH}) AS part{n}" for n in range(count)]  # noqa: S608 - both are ours
    return text(" UNION ALL ".join(parts)).columns(repo_id=Integer, at=DateTime, who=Integer)
