"""Counts over repositories: of all public ones, or of some."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, case, func, select

from bearhug.base import db
from bearhug.base.db import Tx
from bearhug.hub.lists.records import BILLION, SPANS, Span
from bearhug.hub.repos.tables import repos


def public(kind: str) -> ColumnElement[bool]:
    return and_(repos.c.kind == kind, repos.c.private.is_(False))


def among(tx: Tx, repo_ids: Iterable[int]) -> ColumnElement[bool]:
    return db.among(tx, repos.c.id, repo_ids)


def totals(tx: Tx, condition: ColumnElement[bool]) -> tuple[int, int]:
    """How many repositories, and how many of them are gated."""
    query = select(func.count(), func.count(case((repos.c.gated != "", 1)))).where(condition)
    row = tx.execute(query).one()
    return row[0], row[1]


def sizes(tx: Tx, condition: ColumnElement[bool]) -> dict[Span, int]:
    """How many models there are of each span of parameters."""
    spans = [(_within(span), number) for number, span in enumerate(SPANS)]
    number = case(*spans, else_=-1)
    query = select(number, func.count()).where(condition, repos.c.parameters.is_not(None)).group_by(number)
    found = {row[0]: row[1] for row in tx.execute(query)}
    return {span: found[number] for number, span in enumerate(SPANS) if number in found}


def _within(span: Span) -> ColumnElement[bool]:
    below = repos.c.parameters < span.most * BILLION
    above = repos.c.parameters >= span.least * BILLION
    return above if not span.most else below if not span.least else and_(above, below)
