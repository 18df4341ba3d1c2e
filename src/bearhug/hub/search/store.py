"""The full-text index of two databases behind four functions."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    true,
)

from bearhug.base.clauses import Clause, Composed, Conditions
from bearhug.base.db import Tx
from bearhug.hub.search.tables import docs
from bearhug.hub.search.terms import query_terms

_SOME = Composed()


def put(tx: Tx, repo_id: int, terms: Iterable[str]) -> None:
    """Replace what is known of a repository."""
    remove(tx, repo_id)
    if tx.dialect.name == "sqlite":
        statement = text("INSERT INTO search_docs (rowid, terms) VALUES (:id, :terms)")
        tx.execute(statement, {"id": repo_id, "terms": " ".join(sorted(terms))})
    else:
        statement = text("INSERT INTO search_docs (rowid, terms) VALUES (:id, array_to_tsvector(:terms))")
        tx.execute(statement, {"id": repo_id, "terms": sorted(terms)})


def remove(tx: Tx, repo_id: int) -> None:
    tx.execute(text("DELETE FROM search_docs WHERE rowid = :id"), {"id": repo_id})


def every(tx: Tx) -> Iterator[tuple[int, list[str]]]:
    """Each repository and its terms."""
    if tx.dialect.name == "sqlite":
        for repo_id, terms in tx.execute(select(docs.c.rowid, docs.c.terms)):
            yield repo_id, terms.split()
    else:
        for row in tx.execute(select(docs.c.rowid, func.tsvector_to_array(docs.c.terms))):
            yield row[0], row[1]


def some(tx: Tx, question: str, most: int, *, names_only: bool = False) -> list[int]:
    """Up to `most` repositories that match, in no order: enough to see whether there are few."""
    return _SOME.column(tx, [matches(tx, question, names_only=names_only)], _some, most=most)


def _some(conditions: Conditions) -> Select[Any]:
    return select(docs.c.rowid).where(*conditions).limit(bindparam("most"))


def matches(tx: Tx, question: str, *, names_only: bool = False, name: str = "asked") -> Clause:
    """The condition that a row of `docs` matches, asked of the index; `name` is its own in its statement."""
    if tx.dialect.name != "sqlite":
        return _asked(question, name, names_only=names_only)
    asked = _expression(question, (" AND ", " OR ", '"'), names_only=names_only)
    found = literal_column("search_docs").op("MATCH")
    return Clause(("match", name), lambda: found(bindparam(name, type_=String)), {name: asked or '"-"'})


def holds(tx: Tx, question: str, *, names_only: bool = False, name: str = "held") -> Clause:
    """The same condition, found by a look into the terms of a row that is at hand."""
    if tx.dialect.name != "sqlite":
        return _asked(question, name, names_only=names_only)
    words = _ways(question, names_only=names_only)
    shape = tuple(tuple(len(terms) for terms in word) for word in words)
    terms = [term for word in words for way in word for term in way]
    values = {f"{name}{at}": f" {term} " for at, term in enumerate(terms)}
    return Clause((name, shape), lambda: _held(name, shape), values)


def _held(name: str, shape: Sequence[Sequence[int]]) -> ColumnElement[bool]:
    """Of each word all terms of one of its ways, whose numbers the shape tells."""
    whole, numbers = literal(" ") + docs.c.terms + " ", count()
    return and_(
        true(),
        *(
            or_(*(and_(*(_is_in(whole, f"{name}{next(numbers)}") for _ in range(terms))) for terms in word))
            for word in shape
        ),
    )


def _is_in(whole: ColumnElement[str], name: str) -> ColumnElement[bool]:
    return func.instr(whole, bindparam(name, type_=String)) > 0


def is_askable(question: str) -> bool:
    """Whether anything in the question can be looked up; a single letter or a smile cannot."""
    return any(names or words for names, words in query_terms(question))


def _asked(question: str, name: str, *, names_only: bool) -> Clause:
    """PostgreSQL's own question to a tsvector."""
    from sqlalchemy.dialects.postgresql import TSQUERY

    asked = _expression(question, (" & ", " | ", "'"), names_only=names_only)
    found = docs.c.terms.op("@@")
    return Clause(("asked", name), lambda: found(cast(bindparam(name, type_=String), TSQUERY)), {name: asked})


def _expression(question: str, signs: tuple[str, str, str], *, names_only: bool) -> str:
    both, either, quote = signs
    words = [
        either.join("(" + both.join(f"{quote}{term}{quote}" for term in terms) + ")" for terms in ways)
        for ways in _ways(question, names_only=names_only)
    ]
    return both.join(f"({word})" for word in words)


def _ways(question: str, *, names_only: bool) -> list[list[list[str]]]:
    """For each word that can be looked up the ways to hold it: all of the terms of one of the lists."""
    asked = [[names] if names_only else [names, texts] for names, texts in query_terms(question)]
    words = [[list(dict.fromkeys(terms)) for terms in ways if terms] for ways in asked]
    return [ways for ways in words if ways]
