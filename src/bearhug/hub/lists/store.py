"""Counts over repositories: of all public ones, or of some."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, select

from bearhug.base.clauses import Clause, Composed, Conditions, one_of
from bearhug.base.db import Tx
from bearhug.hub.lists.records import BILLION, SPANS, Span
from bearhug.hub.repos.tables import repos

_COUNTS = Composed()


def public(kind: str) -> Clause:
    return Clause("public", _is_public, {"kind": kind})


def among(tx: Tx, repo_ids: Iterable[int]) -> Clause:
    return one_of(tx, repos.c.id, repo_ids)


def counts(tx: Tx, condition: Clause) -> tuple[int, int, dict[Span, int]]:
    """How many repositories there are, how many of them are gated, and how many models of each span of parameters."""
    rows = _COUNTS.all(tx, [condition], _counted)
    found = {row[0]: row[1] for row in rows}
    sizes = {span: found[number] for number, span in enumerate(SPANS) if number in found}
    return sum(row[1] for row in rows), sum(row[2] for row in rows), sizes


def _counted(conditions: Conditions) -> Select[Any]:
    spans = [(_within(span), number) for number, span in enumerate(SPANS)]
    listed = select(case(*spans, else_=-1).label("span"), repos.c.gated).where(*conditions).subquery()
    gated = func.count(case((listed.c.gated != "", 1)))
    return select(listed.c.span, func.count(), gated).group_by(listed.c.span)


def _is_public() -> ColumnElement[bool]:
    return and_(repos.c.kind == bindparam("kind"), repos.c.private.is_(False))


def _within(span: Span) -> ColumnElement[bool]:
    below = repos.c.parameters < span.most * BILLION
    above = repos.c.parameters >= span.least * BILLION
    return above if not span.most else below if not span.least else and_(above, below)
