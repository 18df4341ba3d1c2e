"""Recent likes and downloads, each day weighing less than the one after it; and the score kept on the repository."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from sqlalchemy import Column, ColumnElement, Float, bindparam, case, func, select, update

from bearhug.base.db import Tx
from bearhug.hub.downloads.tables import download_days
from bearhug.hub.likes.tables import likes
from bearhug.hub.repos.tables import repos

WINDOW_DAYS = 30
HALF_LIFE_DAYS = 7.0


def recent_likes(tx: Tx, today: date) -> dict[int, float]:
    """Repository to its likes of the window, faded."""
    days = [datetime.combine(day, time()) for day in _days(today)]
    query = select(likes.c.repo_id, func.sum(_faded(likes.c.at, days))).where(likes.c.at >= days[-1])
    return {row[0]: float(row[1]) for row in tx.execute(query.group_by(likes.c.repo_id))}


def recent_downloads(tx: Tx, today: date) -> dict[int, float]:
    """Repository to its downloads of the window, faded."""
    days = _days(today)
    faded = func.sum(download_days.c.count * _faded(download_days.c.day, days))
    query = select(download_days.c.repo_id, faded).where(download_days.c.day >= days[-1])
    return {row[0]: float(row[1]) for row in tx.execute(query.group_by(download_days.c.repo_id))}


def scores(tx: Tx) -> dict[int, float]:
    """The scores that stand, of repositories that have any."""
    return {row[0]: row[1] for row in tx.execute(select(repos.c.id, repos.c.trending).where(repos.c.trending > 0))}


def set_scores(tx: Tx, changed: Mapping[int, float]) -> None:
    statement = update(repos).where(repos.c.id == bindparam("which")).values(trending=bindparam("score"))
    tx.execute(statement, [{"which": repo_id, "score": score} for repo_id, score in changed.items()])


def _days(today: date) -> list[date]:
    """The days of the window, newest first."""
    return [today - timedelta(days=age) for age in range(WINDOW_DAYS)]


def _faded(column: "Column[date] | Column[datetime]", days: list[date] | list[datetime]) -> ColumnElement[float]:
    """What one like or download of that moment still counts; days from the newest."""
    weights = [(column >= day, 0.5 ** (age / HALF_LIFE_DAYS)) for age, day in enumerate(days)]
    return case(*weights, else_=0.0).cast(Float)
