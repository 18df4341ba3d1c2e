"""The statement of a list: driven by the rarest condition where one is rare, else by the order."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from bearhug.base.db import Tx, among
from bearhug.hub.access.records import Actor
from bearhug.hub.accounts.tables import former_names, owners
from bearhug.hub.cards.tables import card_facts, repo_tags
from bearhug.hub.listing.records import Page, Question
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.rows import joined, to_repo, visible
from bearhug.hub.repos.tables import repos
from bearhug.hub.search.service import Search

FEW = 1000
WINDOW = 500


def page(tx: Tx, search: Search, actor: Actor, question: Question) -> Page:
    """The repositories that the actor may see and that meet every condition."""
    column = repos.c[question.sort]
    conditions = [visible(actor), *_met(tx, search, actor, question)]
    if question.after is not None:
        conditions.append(_behind(question, column))
    query = _ordered(joined().where(*conditions), question, column).limit(question.limit + 1)
    found = [to_repo(row) for row in tx.execute(query)]
    shown = found[: question.limit]
    more = len(found) > question.limit and bool(shown)
    return Page(shown, _cursor(shown[-1], question) if more else None)


def _met(tx: Tx, search: Search, actor: Actor, question: Question) -> list[ColumnElement[bool]]:
    if question.ids is not None:
        return [among(tx, repos.c.id, question.ids)]
    rare = _rarest(tx, search, question) or _near(tx, search, actor, question)
    kind = repos.c.kind == question.kind if rare is None else _kind_of_few(question)
    return [kind, *_conditions(tx, search, question, rare)]


def some_ids(tx: Tx, search: Search, actor: Actor, question: Question, most: int) -> list[int]:
    """Up to `most` of all that meet the conditions, in no order: a tag or a search drives the statement."""
    rare = _rarest(tx, search, question)
    query = select(repos.c.id)
    if rare is None and question.tags:
        tag, *others = question.tags
        query = query.join(repo_tags, repo_tags.c.repo_id == repos.c.id).where(repo_tags.c.tag == tag.lower())
        question = replace(question, tags=tuple(others))
    elif rare is None and question.search:
        words, *left = question.search
        query = search.driven(tx, query, words, repos.c.id)
        question = replace(question, search=tuple(left))
    elif rare is None and question.names:
        part, *rest = question.names
        query = search.driven(tx, query, part, repos.c.id, names_only=True)
        question = replace(question, names=tuple(rest))
    conditions = [_kind_of_few(question), visible(actor), *_conditions(tx, search, question, rare)]
    return list(tx.execute(query.where(*conditions).limit(most)).scalars().all())


def _kind_of_few(question: Question) -> ColumnElement[bool]:
    """The kind, so written that no index of kinds and orders drives the statement: it holds nearly all."""
    return repos.c.kind.concat("") == question.kind


@dataclass(frozen=True)
class Rare:
    """A condition that few repositories meet: these."""

    tag: str = ""
    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    ids: tuple[int, ...] = ()


def _conditions(tx: Tx, search: Search, question: Question, rare: Rare | None) -> list[ColumnElement[bool]]:
    """What every repository of the list must meet; the rare condition is met by being one of its few."""
    tags = [tag for tag in question.tags if rare is None or tag != rare.tag]
    words = [part for part in question.search if rare is None or part not in rare.words]
    found: list[ColumnElement[bool]] = [_has_tag(tag) for tag in tags]
    found += [search.matches(tx, part, repos.c.id) for part in words]
    names = [part for part in question.names if rare is None or part not in rare.names]
    found += [search.matches(tx, part, repos.c.id, names_only=True) for part in names]
    if rare is not None:
        found.append(among(tx, repos.c.id, rare.ids))
    if question.author is not None:
        found.append(repos.c.owner_id == _owner_id(tx, question.author))
    if question.gated is not None:
        found.append(repos.c.gated != "" if question.gated else repos.c.gated == "")
    if question.pipeline_tag is not None:
        has_task = card_facts.c.pipeline_tag == question.pipeline_tag
        found.append(exists(select(1).where(card_facts.c.repo_id == repos.c.id, has_task)))
    return found + _size_conditions(question)


def _owner_id(tx: Tx, name: str) -> int:
    """Whose name this is, or was before it changed; no owner has the id 0."""
    key = name.lower()
    now = select(owners.c.id).where(owners.c.key == key)
    before = select(former_names.c.owner_id).where(former_names.c.key == key)
    return tx.execute(now).scalar() or tx.execute(before).scalar() or 0


def _size_conditions(question: Question) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if question.least_parameters is not None:
        found.append(repos.c.parameters >= question.least_parameters)
    if question.most_parameters is not None:
        found.append(repos.c.parameters <= question.most_parameters)
    if question.sort == "parameters":
        found.append(repos.c.parameters.is_not(None))
    return found


def _has_tag(tag: str) -> ColumnElement[bool]:
    return exists(select(1).where(repo_tags.c.repo_id == repos.c.id, repo_tags.c.tag == tag.lower()))


def _rarest(tx: Tx, search: Search, question: Question) -> Rare | None:
    """The tag or search that the fewest repositories meet, if at most `FEW` do; no database knows that ahead."""
    found = [Rare(tag=tag, ids=_tagged(tx, tag)) for tag in question.tags]
    found += [Rare(words=(words,), ids=tuple(search.some(tx, words, FEW + 1))) for words in question.search]
    found += [
        Rare(names=(part,), ids=tuple(search.some(tx, part, FEW + 1, names_only=True))) for part in question.names
    ]
    few = [rare for rare in found if len(rare.ids) <= FEW]
    return min(few, key=lambda rare: len(rare.ids), default=None)


def _near(tx: Tx, search: Search, actor: Actor, question: Question) -> Rare | None:
    """What a search finds among the next `WINDOW` of the list, if that fills a page: common words need no index."""
    if question.limit * 4 > WINDOW or not (question.search or question.names):
        return None
    place: ColumnElement[Any] = repos.c[question.sort]
    bare = replace(question, search=(), names=())
    conditions = [repos.c.kind == question.kind, visible(actor), *_conditions(tx, search, bare, None)]
    if question.after is not None:
        conditions.append(_behind(question, place))
    listed = _ordered(select(repos.c.id, place.label("place")).where(*conditions), question, place)
    window = listed.limit(WINDOW).subquery()
    query = select(window.c.id)
    for part in question.search:
        query = search.held(tx, query, part, window.c.id)
    for part in question.names:
        query = search.held(tx, query, part, window.c.id, names_only=True)
    ids = tuple(tx.execute(query).scalars())
    return Rare(words=question.search, names=question.names, ids=ids) if len(ids) > question.limit else None


def _tagged(tx: Tx, tag: str) -> tuple[int, ...]:
    query = select(repo_tags.c.repo_id).where(repo_tags.c.tag == tag.lower()).limit(FEW + 1)
    return tuple(tx.execute(query).scalars().all())


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
