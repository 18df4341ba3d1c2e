"""The statement of a list: driven by the rarest conditions where some are rare, else by the order.

No database knows ahead what is rare, so each condition with an index of its own is asked for a few rows first. Where
few meet it, these are looked at and nothing else. Where many meet all of them, a page is full soon along the order.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select

from bearhug.base.clauses import Clause, Composed, Conditions, one_of
from bearhug.base.db import Tx
from bearhug.base.prepared import Prepared
from bearhug.hub.access.records import Actor
from bearhug.hub.accounts.tables import former_names, owners
from bearhug.hub.cards.tables import card_facts, repo_tags
from bearhug.hub.listing.records import Met, Page, Question
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.rows import joined, seen_by, to_repo
from bearhug.hub.repos.tables import repos
from bearhug.hub.search.records import Wanted
from bearhug.hub.search.service import Search
from bearhug.hub.search.tables import docs

FEW = 1000
WINDOW = 500

_PAGES = Composed()
_SOME = Composed()
_IDS = Composed()
_NEAR = Composed()
_NOW = Prepared(select(owners.c.id).where(owners.c.key == bindparam("key")))
_BEFORE = Prepared(select(former_names.c.owner_id).where(former_names.c.key == bindparam("key")))


@dataclass(frozen=True)
class Rare:
    """The few repositories that can meet the conditions; `is_held` where they hold every word and tag, as was seen."""

    ids: tuple[int, ...]
    is_held: bool


def page(tx: Tx, search: Search, actor: Actor, question: Question, *, is_common: bool = False) -> Page:
    """The repositories that the actor may see and that meet every condition.

    `is_common`: somebody has seen that none of them is rare.
    """
    question = _with_owner(tx, question)
    met = _met(tx, search, actor, question, is_common=is_common)
    clauses = [seen_by(tx, actor), *met, *_behind(question)]
    order, limit = (question.sort, question.ascending), question.limit + 1

    def build(conditions: Conditions) -> Select[Any]:
        return _ordered(joined().where(*conditions), *order).limit(bindparam("limit"))

    found = [to_repo(row) for row in _PAGES.all(tx, clauses, build, sign=order, limit=limit)]
    shown = found[: question.limit]
    more = len(found) > question.limit and bool(shown)
    return Page(shown, _cursor(shown[-1], question) if more else None)


def _met(tx: Tx, search: Search, actor: Actor, question: Question, *, is_common: bool) -> list[Clause]:
    if question.ids is not None:
        return [one_of(tx, repos.c.id, question.ids)]
    rare = None if is_common else _rare(tx, search, question)
    rare = rare or _near(tx, search, actor, question)
    if rare is not None:
        return _among(tx, search, question, rare)
    if question.search or question.names:
        held = [_found(search.matches(tx, _wanted(question)))]
    else:
        held = [_has_tag(tag, f"tag{at}") for at, tag in enumerate(question.tags)]
    return [_kind(question), *held, *_others(question, is_driving=_is_in_order_of_owner(question))]


def some(tx: Tx, search: Search, actor: Actor, question: Question, most: int) -> list[Met]:
    """Up to `most` of all that meet the conditions, in no order: the index of words and tags drives the statement."""
    question = _with_owner(tx, question)
    wanted, rare = _wanted(question), _rarest(_short(tx, question))
    if rare is not None:
        met = _among(tx, search, question, rare)
    elif _is_indexed(wanted):
        met = [*_drives(search.matches(tx, wanted)), _kind_of_few(question), *_others(question)]
    else:
        met = [_kind(question), *_others(question, is_driving=True)]
    return _SOME.all(tx, [seen_by(tx, actor), *met], _some, most=most)


def _some(conditions: Conditions) -> Select[Any]:
    return select(repos.c.id, repos.c.gated, repos.c.parameters).where(*conditions).limit(bindparam("most"))


def _drives(matching: Clause) -> list[Clause]:
    return [Clause("docs", lambda: docs.c.rowid == repos.c.id), matching]


def _wanted(question: Question) -> Wanted:
    """What the index of words and tags is asked; a task is a tag too."""
    task = () if question.pipeline_tag is None else (question.pipeline_tag,)
    return Wanted(question.search, question.names, (*question.tags, *task), question.kind)


def _is_indexed(wanted: Wanted) -> bool:
    return bool(wanted.words or wanted.names or wanted.tags)


def _kind(question: Question) -> Clause:
    return Clause("kind", lambda: repos.c.kind == bindparam("kind"), {"kind": question.kind})


def _kind_of_few(question: Question) -> Clause:
    """The kind, so written that no index of kinds and orders drives the statement: it holds nearly all."""
    return Clause("few", lambda: repos.c.kind.concat("") == bindparam("kind"), {"kind": question.kind})


def _rare(tx: Tx, search: Search, question: Question) -> Rare | None:
    """The few that can meet the conditions, if one of these, or words and tags together, are met by few."""
    wanted, short = _wanted(question), _short(tx, question)
    if not _is_indexed(wanted):
        return _rarest(short, is_held=True)
    held = search.some(tx, replace(wanted, kind=""), FEW + 1)
    return _rarest([*short, set(held)], is_held=True) if len(held) <= FEW else _rarest(short)


def _rarest(short: list[set[int]], *, is_held: bool = False) -> Rare | None:
    """What all that few meet have in common, if there is any."""
    return Rare(tuple(sorted(set.intersection(*short))), is_held) if short else None


def _short(tx: Tx, question: Question) -> list[set[int]]:
    """Those that meet a condition, for each that at most `FEW` meet."""
    found = (set(_IDS.column(tx, [_kind(question), clause], _ids, most=FEW + 1)) for clause in _drivers(question))
    return [ids for ids in found if len(ids) <= FEW]


def _ids(conditions: Conditions) -> Select[Any]:
    return select(repos.c.id).where(*conditions).limit(bindparam("most"))


def _drivers(question: Question) -> Iterator[Clause]:
    """Conditions with an index beside the kind."""
    if question.owner_id is not None and not _is_in_order_of_owner(question):
        yield _of_owner(question.owner_id)
    if question.gated:
        yield Clause("asked for", lambda: repos.c.gated > "")
    yield from _sizes(question)


def _among(tx: Tx, search: Search, question: Question, rare: Rare) -> list[Clause]:
    """Conditions by which few are looked at one by one."""
    wanted = _wanted(question)
    held = [] if rare.is_held or not _is_indexed(wanted) else [_holds(search.holds(tx, wanted))]
    return [one_of(tx, repos.c.id, rare.ids), _kind_of_few(question), *held, *_others(question)]


def _others(question: Question, *, is_driving: bool = False) -> list[Clause]:
    """What words and tags do not tell; an index drives the statement by it only where that is wished."""
    found: list[Clause] = []
    if question.owner_id is not None:
        found.append(_of_owner(question.owner_id, is_driving=is_driving))
    if question.pipeline_tag is not None:
        found.append(Clause("task", _has_task, {"task": question.pipeline_tag}))
    if question.gated is not None:
        found.append(
            Clause("gated", lambda: repos.c.gated != "")
            if question.gated
            else Clause("open", lambda: repos.c.gated == "")
        )
    if question.sort == "parameters":
        found.append(Clause("known", lambda: repos.c.parameters.is_not(None)))
    return found + _sizes(question, is_driving=is_driving or question.sort == "parameters")


def _is_in_order_of_owner(question: Question) -> bool:
    """Whether the list is the beginning of an index: an owner's repositories by their last change."""
    return question.sort == "updated_at" and not _is_indexed(_wanted(question))


def _of_owner(owner_id: int, *, is_driving: bool = True) -> Clause:
    column = repos.c.owner_id if is_driving else repos.c.owner_id + 0
    return Clause(("owner", is_driving), lambda: column == bindparam("owner"), {"owner": owner_id})


def _sizes(question: Question, *, is_driving: bool = True) -> list[Clause]:
    found, column = [], repos.c.parameters if is_driving else repos.c.parameters + 0
    if question.least_parameters is not None:
        least = Clause(
            ("least", is_driving), lambda: column >= bindparam("least"), {"least": question.least_parameters}
        )
        found.append(least)
    if question.most_parameters is not None:
        most = Clause(
            ("most", is_driving), lambda: column <= bindparam("most_of"), {"most_of": question.most_parameters}
        )
        found.append(most)
    return found


def _found(matching: Clause) -> Clause:
    """A search as a list of repositories: the index is read once, not once a row."""

    def is_found() -> ColumnElement[bool]:
        return repos.c.id.in_(select(docs.c.rowid).where(matching.make()))

    return Clause(("found", matching.sign), is_found, matching.values)


def _holds(holding: Clause) -> Clause:
    """The same by a look at the words of each row."""

    def is_held() -> ColumnElement[bool]:
        return exists(select(1).where(docs.c.rowid == repos.c.id, holding.make()))

    return Clause(("holds", holding.sign), is_held, holding.values)


def _has_tag(tag: str, name: str) -> Clause:
    return Clause(name, lambda: _tag_is(name), {name: tag.lower()})


def _tag_is(name: str) -> ColumnElement[bool]:
    mine = repo_tags.alias()
    return exists(select(1).where(mine.c.repo_id == repos.c.id, mine.c.tag == bindparam(name)))


def _has_task() -> ColumnElement[bool]:
    has_task = card_facts.c.pipeline_tag == bindparam("task")
    return exists(select(1).where(card_facts.c.repo_id == repos.c.id, has_task))


def _with_owner(tx: Tx, question: Question) -> Question:
    """With the owner whose name it says, or said before it changed; no owner has the id 0."""
    if question.author is None or question.owner_id is not None:
        return question
    key = question.author.lower()
    found = _NOW.first(tx, key=key) or _BEFORE.first(tx, key=key)
    return replace(question, owner_id=found[0] if found else 0)


def _near(tx: Tx, search: Search, actor: Actor, question: Question) -> Rare | None:
    """What a search finds among the next `WINDOW` of the list, if that fills a page: common words need no index."""
    if question.limit * 4 > WINDOW or not (question.search or question.names):
        return None
    order = (question.sort, question.ascending)
    listed = [_kind(question), seen_by(tx, actor), *_others(question), *_behind(question)]
    held = search.holds(tx, _wanted(question))

    def build(conditions: Conditions) -> Select[Any]:
        window = _ordered(select(repos.c.id).where(*conditions[:-1]), *order).limit(bindparam("window"))
        return select(docs.c.rowid).where(docs.c.rowid.in_(window), conditions[-1])

    ids = tuple(_NEAR.column(tx, [*listed, held], build, sign=order, window=WINDOW))
    return Rare(ids, is_held=True) if len(ids) > question.limit else None


def _behind(question: Question) -> list[Clause]:
    """The place where a page begins, if it is not the first."""
    if question.after is None:
        return []
    value, repo_id = question.after
    place = datetime.fromisoformat(value) if isinstance(value, str) else value
    sort, ascending = question.sort, question.ascending
    return [Clause("behind", lambda: _is_behind(sort, ascending=ascending), {"place": place, "before": repo_id})]


def _is_behind(sort: str, *, ascending: bool) -> ColumnElement[bool]:
    column: ColumnElement[Any] = repos.c[sort]
    place: ColumnElement[Any] = bindparam("place", type_=column.type)
    before: ColumnElement[int] = bindparam("before", type_=repos.c.id.type)
    if ascending:
        return or_(column > place, and_(column == place, repos.c.id > before))
    return or_(column < place, and_(column == place, repos.c.id < before))


def _ordered(query: Select[Any], sort: str, ascending: bool) -> Select[Any]:
    column = repos.c[sort]
    if ascending:
        return query.order_by(column, repos.c.id)
    return query.order_by(column.desc(), repos.c.id.desc())


def _cursor(last: Repo, question: Question) -> tuple[str | float | int, int]:
    value = getattr(last, question.sort)
    return (value.isoformat() if isinstance(value, datetime) else value, last.id)
