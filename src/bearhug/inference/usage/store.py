"""Rows of usage."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, select

from bearhug.base.db import Tx, insert_or
from bearhug.hub.accounts.tables import owners
from bearhug.inference.usage.records import NOBODY, Key, Line, Sums
from bearhug.inference.usage.tables import usage_days

COUNTS = ("requests", "failures", "prompt", "completion", "seconds")
KEY = ("day", "account", "model", "kind")


def add(tx: Tx, taken: Mapping[Key, Sums]) -> None:
    """Add sums to the rows of their keys; those of accounts that are gone meanwhile are passed over."""
    present = {row[0] for row in tx.execute(select(owners.c.id).where(owners.c.id.in_({key.account for key in taken})))}
    rows = [
        {**key._asdict(), "owner_id": key.account or None, **vars(sums)}
        for key, sums in sorted(taken.items())
        if key.account == NOBODY or key.account in present
    ]
    if not rows:
        return
    query = insert_or(tx, usage_days)
    grown = {name: usage_days.c[name] + query.excluded[name] for name in COUNTS}
    tx.execute(query.on_conflict_do_update(index_elements=list(KEY), set_=grown), rows)


def tokens(tx: Tx, day: date) -> dict[int, int]:
    """Tokens of each account on a day."""
    used = func.sum(usage_days.c.prompt + usage_days.c.completion)
    query = select(usage_days.c.account, used).where(usage_days.c.day == day, usage_days.c.account != NOBODY)
    return {row[0]: int(row[1]) for row in tx.execute(query.group_by(usage_days.c.account))}


def lines(tx: Tx, apart: Iterable[str], *, since: date, account: int | None, limit: int) -> list[Line]:
    """Sums since a day, told apart by some of day, account, model and kind; the newest or the largest first."""
    names = tuple(apart)
    sums = [func.sum(usage_days.c[name]).label(name) for name in COUNTS]
    columns: list[ColumnElement[Any]] = [_column(name) for name in names]
    query = select(*columns, *sums).where(usage_days.c.day >= since)
    if "account" in names:
        query = query.outerjoin_from(usage_days, owners, owners.c.id == usage_days.c.account)
    if account is not None:
        query = query.where(usage_days.c.account == account)
    if columns:
        query = query.group_by(*columns)
    newest = [usage_days.c.day.desc()] if "day" in names else []
    found = tx.execute(query.order_by(*newest, func.sum(usage_days.c.requests).desc(), *columns).limit(limit))
    return [_line(row) for row in found if row.requests is not None]


def _column(name: str) -> ColumnElement[Any]:
    if name == "account":
        return case((usage_days.c.account == NOBODY, ""), else_=func.coalesce(owners.c.name, "")).label("account")
    return usage_days.c[name]


def _line(row: Any) -> Line:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public name begins so
    told = {name: values[name] for name in KEY if name in values}
    counts = {name: int(values[name]) for name in COUNTS[:-1]}
    return Line(Sums(**counts, seconds=float(values["seconds"])), **told)


def forget(tx: Tx, before: date) -> None:
    tx.execute(delete(usage_days).where(usage_days.c.day < before))
