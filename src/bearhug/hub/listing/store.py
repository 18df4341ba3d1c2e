"""The statement of a list: driven by the rarest condition where one is rare, else by the order."""

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
from bearhug.hub.listing.records import Page, Question
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.rows import joined, seen_by, to_repo
from bearhug.hub.repos.tables import repos
from bearhug.hub.search.service import Search
from bearhug.hub.search.tables import docs

FEW = 1000
WINDOW = 500

_PAGES = Composed()
_IDS = Composed()
_NEAR = Composed()
_NOW = Prepared(select(owners.c.id).where(owners.c.key == bindparam("key")))
_BEFORE = Prepared(select(former_names.c.owner_id).where(former_names.c.key == bindparam("key")))
_TAGGED = Prepared(select(repo_tags.c.repo_id).where(repo_tags.c.tag == bindparam("tag")).limit(bindparam("limit")))


def page(tx: Tx, search: Search, actor: Actor, question: Question, *, is_common: bool = False) -> Page:
    """The repositories that the actor may see and that meet every condition.

    `is_common`: somebody has seen that none of them is rare.
    """
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
    rare = None if is_common else _rarest(tx, search, question)
    rare = rare or _near(tx, search, actor, question)
    kind = _kind(question) if rare is None else _kind_of_few(question)
    return [kind, *_conditions(tx, search, question, rare)]


def some_ids(tx: Tx, search: Search, actor: Actor, question: Question, most: int) -> list[int]:
    """Up to `most` of all that meet the conditions, in no order: a tag or a search drives the statement."""
    rare, driving = _rarest(tx, search, question), []
    if rare is None and question.tags:
        tag, *others = question.tags
        driving = [_carries(tag)]
        question = replace(question, tags=tuple(others))
    elif rare is None and question.search:
        words, *left = question.search
        driving = _drives(search.matches(tx, words, name="driving"))
        question = replace(question, search=tuple(left))
    elif rare is None and question.names:
        part, *rest = question.names
        driving = _drives(search.matches(tx, part, names_only=True, name="driving"))
        question = replace(question, names=tuple(rest))
    clauses = [_kind_of_few(question), seen_by(tx, actor), *driving, *_conditions(tx, search, question, rare)]
    return _IDS.column(tx, clauses, _ids, most=most)


def _ids(conditions: Conditions) -> Select[Any]:
    return select(repos.c.id).where(*conditions).limit(bindparam("most"))


def _drives(matching: Clause) -> list[Clause]:
    return [Clause("docs", lambda: docs.c.rowid == repos.c.id), matching]


def _carries(tag: str) -> Clause:
    """The tag joined, so that its index may drive the statement."""

    def carries() -> ColumnElement[bool]:
        return and_(repo_tags.c.repo_id == repos.c.id, repo_tags.c.tag == bindparam("driving"))

    return Clause("carries", carries, {"driving": tag.lower()})


def _kind(question: Question) -> Clause:
    return Clause("kind", lambda: repos.c.kind == bindparam("kind"), {"kind": question.kind})


def _kind_of_few(question: Question) -> Clause:
    """The kind, so written that no index of kinds and orders drives the statement: it holds nearly all."""
    return Clause("few", lambda: repos.c.kind.concat("") == bindparam("kind"), {"kind": question.kind})


@dataclass(frozen=True)
class Rare:
    """A condition that few repositories meet: these."""

    tag: str = ""
    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    ids: tuple[int, ...] = ()


def _conditions(tx: Tx, search: Search, question: Question, rare: Rare | None) -> list[Clause]:
    """What every repository of the list must meet; the rare condition is met by being one of its few."""
    tags = [tag for tag in question.tags if rare is None or tag != rare.tag]
    words = [part for part in question.search if rare is None or part not in rare.words]
    names = [part for part in question.names if rare is None or part not in rare.names]
    found = [_has_tag(tag, f"tag{at}") for at, tag in enumerate(tags)]
    found += [_found(search.matches(tx, part, name=f"words{at}")) for at, part in enumerate(words)]
    found += [_found(search.matches(tx, part, names_only=True, name=f"part{at}")) for at, part in enumerate(names)]
    if rare is not None:
        found.append(one_of(tx, repos.c.id, rare.ids))
    if question.author is not None:
        owner = _owner_id(tx, question.author)
        found.append(Clause("owner", lambda: repos.c.owner_id == bindparam("owner"), {"owner": owner}))
    if question.pipeline_tag is not None:
        found.append(Clause("task", _has_task, {"task": question.pipeline_tag}))
    return found + _plain_conditions(question)


def _plain_conditions(question: Question) -> list[Clause]:
    found: list[Clause] = []
    if question.gated is not None:
        found.append(
            Clause("gated", lambda: repos.c.gated != "")
            if question.gated
            else Clause("open", lambda: repos.c.gated == "")
        )
    if question.least_parameters is not None:
        found.append(_bound("least", repos.c.parameters >= bindparam("least"), question.least_parameters))
    if question.most_parameters is not None:
        found.append(_bound("most_of", repos.c.parameters <= bindparam("most_of"), question.most_parameters))
    if question.sort == "parameters":
        found.append(Clause("known", lambda: repos.c.parameters.is_not(None)))
    return found


def _bound(name: str, condition: ColumnElement[bool], value: Any) -> Clause:
    return Clause(name, lambda: condition, {name: value})


def _found(matching: Clause) -> Clause:
    """A search as a list of repositories: the index is read once, not once a row."""

    def is_found() -> ColumnElement[bool]:
        return repos.c.id.in_(select(docs.c.rowid).where(matching.make()))

    return Clause(("found", matching.sign), is_found, matching.values)


def _has_tag(tag: str, name: str) -> Clause:
    return Clause(name, lambda: _tag_is(name), {name: tag.lower()})


def _tag_is(name: str) -> ColumnElement[bool]:
    mine = repo_tags.alias()
    return exists(select(1).where(mine.c.repo_id == repos.c.id, mine.c.tag == bindparam(name)))


def _has_task() -> ColumnElement[bool]:
    has_task = card_facts.c.pipeline_tag == bindparam("task")
    return exists(select(1).where(card_facts.c.repo_id == repos.c.id, has_task))


def _owner_id(tx: Tx, name: str) -> int:
    """Whose name this is, or was before it changed; no owner has the id 0."""
    found = _NOW.first(tx, key=name.lower()) or _BEFORE.first(tx, key=name.lower())
    return found[0] if found else 0


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
    bare, order = replace(question, search=(), names=()), (question.sort, question.ascending)
    listed = [_kind(question), seen_by(tx, actor), *_conditions(tx, search, bare, None), *_behind(question)]
    held = [search.holds(tx, part, name=f"words{at}_") for at, part in enumerate(question.search)]
    held += [search.holds(tx, part, names_only=True, name=f"part{at}_") for at, part in enumerate(question.names)]

    def build(conditions: Conditions) -> Select[Any]:
        window = _ordered(select(repos.c.id).where(*conditions[: len(listed)]), *order).limit(bindparam("window"))
        return select(docs.c.rowid).where(docs.c.rowid.in_(window), *conditions[len(listed) :])

    ids = tuple(_NEAR.column(tx, [*listed, *held], build, sign=order, window=WINDOW))
    return Rare(words=question.search, names=question.names, ids=ids) if len(ids) > question.limit else None


def _tagged(tx: Tx, tag: str) -> tuple[int, ...]:
    return tuple(_TAGGED.column(tx, tag=tag.lower(), limit=FEW + 1))


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
