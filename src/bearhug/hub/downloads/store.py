"""Rows of downloads."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import func, insert, select, update

from bearhug.base.db import Tx
from bearhug.hub.downloads.tables import download_days
from bearhug.hub.repos.tables import repos

WINDOW = timedelta(days=30)


def add(tx: Tx, counts: Mapping[int, int], today: date) -> None:
    """Add today's counts; repositories that are gone meanwhile are passed over."""
    present = {row[0] for row in tx.execute(select(repos.c.id).where(repos.c.id.in_(counts)))}
    for repo_id in present:
        of_today = (download_days.c.repo_id == repo_id) & (download_days.c.day == today)
        count = counts[repo_id]
        changed = tx.execute(update(download_days).where(of_today).values(count=download_days.c.count + count))
        if changed.rowcount == 0:
            tx.execute(insert(download_days).values(repo_id=repo_id, day=today, count=count))
        tx.execute(
            update(repos)
            .where(repos.c.id == repo_id)
            .values(downloads=repos.c.downloads + count, downloads_all=repos.c.downloads_all + count)
        )


def roll(tx: Tx, today: date) -> None:
    """Let days that are older than the window leave the thirty-day count."""
    total = (
        select(func.coalesce(func.sum(download_days.c.count), 0))
        .where(download_days.c.repo_id == repos.c.id, download_days.c.day > today - WINDOW)
        .scalar_subquery()
    )
    tx.execute(update(repos).where(repos.c.downloads > 0).values(downloads=total))


def days(tx: Tx, repo_id: int, today: date) -> dict[date, int]:
    """The last thirty days that had any download."""
    query = select(download_days.c.day, download_days.c.count).where(
        download_days.c.repo_id == repo_id, download_days.c.day > today - WINDOW
    )
    return {row[0]: row[1] for row in tx.execute(query)}
