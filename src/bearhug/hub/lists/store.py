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


def counts(tx: Tx, condition: ColumnElement[bool]) -> tuple[int, int, dict[Span, int]]:
    """How many repositories there are, how many of them are gated, and how many models of each span of parameters."""
    spans = [(_within(span), number) for number, span in enumerate(SPANS)]
    number = case(*spans, else_=-1)
    query = select(number, func.count(), func.count(case((repos.c.gated != "", 1)))).where(condition).group_by(number)
    rows = tx.execute(query).all()
    found = {row[0]: row[1] for row in rows}
    sizes = {span: found[number] for number, span in enumerate(SPANS) if number in found}
    return sum(row[1] for row in rows), sum(row[2] for row in rows), sizes


def _within(span: Span) -> ColumnElement[bool]:
    below = repos.c.parameters < span.most * BILLION
    above = repos.c.parameters >= span.least * BILLION
    return above if not span.most else below if not span.least else and_(above, below)
