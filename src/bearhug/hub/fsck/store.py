"""Statements that count again what rows keep as a sum."""

from sqlalchemy import func, select, update

from bearhug.base import clock
from bearhug.base.db import Tx
from bearhug.base.events import jobs
from bearhug.hub.cards.tables import card_facts
from bearhug.hub.likes.tables import likes
from bearhug.hub.repos.tables import repos


def wrong_likes(tx: Tx) -> dict[int, int]:
    """Repositories whose count of likes differs from their likes, and the right count."""
    count = select(func.count()).select_from(likes).where(likes.c.repo_id == repos.c.id).scalar_subquery()
    return {row[0]: row[1] for row in tx.execute(select(repos.c.id, count).where(repos.c.likes != count))}


def set_likes(tx: Tx, repo_id: int, count: int) -> None:
    tx.execute(update(repos).where(repos.c.id == repo_id).values(likes=count))


def behind_index(tx: Tx) -> list[int]:
    """Repositories whose card facts are not those of their present main."""
    query = (
        select(repos.c.id)
        .outerjoin(card_facts, card_facts.c.repo_id == repos.c.id)
        .where(card_facts.c.commit.is_(None) | (card_facts.c.commit != repos.c.head))
    )
    return [row[0] for row in tx.execute(query)]


def failed_jobs(tx: Tx) -> int:
    return tx.execute(select(func.count()).select_from(jobs).where(jobs.c.status == "failed")).scalar() or 0


def retry_failed_jobs(tx: Tx) -> None:
    tx.execute(
        update(jobs)
        .where(jobs.c.status == "failed")
        .values(status="waiting", attempts=0, run_at=clock.now(), finished_at=None)
    )
