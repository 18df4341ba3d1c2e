"""The statement of a list: driven by the rarest condition where one is rare, else by the order."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, true

from bearhug.base.db import Tx
from bearhug.hub.access.records import Actor, Role
from bearhug.hub.accounts.tables import owners
from bearhug.hub.cards.tables import card_facts, repo_tags
from bearhug.hub.listing.records import Page, Question
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.rows import joined, to_repo
from bearhug.hub.repos.tables import repos
from bearhug.hub.search.service import Search

FEW = 1000


def page(tx: Tx, search: Search, actor: Actor, question: Question) -> Page:
    """The repositories that the actor may see and that meet every condition."""
    column = repos.c[question.sort]
    conditions = [repos.c.kind == question.kind, _visible(actor), *_conditions(tx, search, question)]
    few = _few(tx, search, question)
    if few is not None:
        conditions.append(repos.c.id.in_(few))
    if question.after is not None:
        conditions.append(_behind(question, column))
    query = _ordered(joined().where(*conditions), question, column).limit(question.limit + 1)
    found = [to_repo(row) for row in tx.execute(query)]
    shown = found[: question.limit]
    more = len(found) > question.limit and bool(shown)
    return Page(shown, _cursor(shown[-1], question) if more else None)


def _visible(actor: Actor) -> ColumnElement[bool]:
    if actor.is_admin:
        return true()
    public = repos.c.private.is_(False) if actor.may_read_public else repos.c.id < 0
    if actor.is_anonymous:
        return public
    own = [actor.user_id, *(org for org, role in actor.orgs.items() if role is not Role.NO_ACCESS)]
    return or_(public, repos.c.owner_id.in_(own))


def _conditions(tx: Tx, search: Search, question: Question) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [_has_tag(tag) for tag in question.tags]
    found += [search.matches(tx, words, repos.c.id) for words in question.search]
    if question.author is not None:
        found.append(owners.c.key == question.author.lower())
    if question.gated is not None:
        found.append(repos.c.gated != "" if question.gated else repos.c.gated == "")
    facts = _fact_conditions(question)
    if facts:
        found.append(exists(select(1).where(card_facts.c.repo_id == repos.c.id, *facts)))
    return found


def _fact_conditions(question: Question) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if question.pipeline_tag is not None:
        found.append(card_facts.c.pipeline_tag == question.pipeline_tag)
    if question.least_parameters is not None:
        found.append(card_facts.c.parameters >= question.least_parameters)
    if question.most_parameters is not None:
        found.append(card_facts.c.parameters <= question.most_parameters)
    return found


def _has_tag(tag: str) -> ColumnElement[bool]:
    return exists(select(1).where(repo_tags.c.repo_id == repos.c.id, repo_tags.c.tag == tag.lower()))


def _few(tx: Tx, search: Search, question: Question) -> list[int] | None:
    """The repositories of the rarest tag or search, if it has at most `FEW`; a database cannot know that ahead."""
    best: list[int] | None = None
    for tag in question.tags:
        query = select(repo_tags.c.repo_id).where(repo_tags.c.tag == tag.lower()).limit(FEW + 1)
        best = _rarer(best, [row[0] for row in tx.execute(query)])
    for words in question.search:
        best = _rarer(best, search.some(tx, words, FEW + 1))
    return best


def _rarer(best: list[int] | None, found: list[int]) -> list[int] | None:
    if len(found) > FEW or (best is not None and len(best) <= len(found)):
        return best
    return found


def _behind(question: Question, column: ColumnElement[Any]) -> ColumnElement[bool]:
    assert question.after is not None
    value, repo_id = question.after
    bound = datetime.fromisoformat(value) if isinstance(value, str) else value
    if question.ascending:
        return or_(column > bound, and_(column == bound, repos.c.id > repo_id))
    return or_(column < bound, and_(column == bound, repos.c.id < repo_id))


def _ordered(query: Select[Any], question: Question, column: ColumnElement[Any]) -> Select[Any]:
    if question.ascending:
        return query.order_by(column, repos.c.id)
    return query.order_by(column.desc(), repos.c.id.desc())


def _cursor(last: Repo, question: Question) -> tuple[str | float | int, int]:
    value = getattr(last, question.sort)
    return (value.isoformat() if isinstance(value, datetime) else value, last.id)
