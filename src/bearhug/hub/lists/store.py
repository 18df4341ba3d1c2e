"""Counts over all public repositories."""

from sqlalchemy import ColumnElement, and_, case, func, select

from bearhug.base.db import Tx
from bearhug.hub.lists.records import BILLION, SPANS, Span
from bearhug.hub.repos.tables import repos


def counts(tx: Tx, kind: str) -> tuple[int, int, dict[Span, int]]:
    """How many public repositories there are, how many of them are gated, and how many models of each size."""
    spans = [(_within(span), number) for number, span in enumerate(SPANS)]
    is_public = and_(repos.c.kind == kind, repos.c.private.is_(False))
    listed = select(case(*spans, else_=-1).label("span"), repos.c.gated).where(is_public).subquery()
    gated = func.count(case((listed.c.gated != "", 1)))
    rows = tx.execute(select(listed.c.span, func.count(), gated).group_by(listed.c.span)).all()
    found = {row[0]: row[1] for row in rows}
    sizes = {span: found[number] for number, span in enumerate(SPANS) if number in found}
    return sum(row[1] for row in rows), sum(row[2] for row in rows), sizes


def _within(span: Span) -> ColumnElement[bool]:
    below = repos.c.parameters < span.most * BILLION
    above = repos.c.parameters >= span.least * BILLION
    return above if not span.most else below if not span.least else and_(above, below)
