"""What an owner has, counted."""

from sqlalchemy import func, select

from bearhug.base.db import Tx
from bearhug.hub.repos.tables import repos


def count_repos(tx: Tx, owner_id: int, *, private_too: bool) -> dict[str, int]:
    """Number of repositories by kind, from an index alone."""
    query = select(repos.c.kind, func.count()).where(repos.c.owner_id == owner_id).group_by(repos.c.kind)
    if not private_too:
        query = query.where(repos.c.private.is_(False))
    return {row[0]: row[1] for row in tx.execute(query)}
