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
from bearhug.hub.search.records import Wanted
from bearhug.hub.search.tables import docs
from bearhug.hub.search.terms import label_terms, query_terms

NOWHERE = [[["x"]]]
"""A word that no repository has; terms begin with other letters."""

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
    return _terms(tx, select(docs.c.rowid, _listed(tx)))


def between(tx: Tx, first: int, last: int) -> dict[int, list[str]]:
    """The terms of the repositories of some ids, both ends included."""
    return dict(_terms(tx, select(docs.c.rowid, _listed(tx)).where(docs.c.rowid.between(first, last))))


def _listed(tx: Tx) -> ColumnElement[Any]:
    return docs.c.terms if tx.dialect.name == "sqlite" else func.tsvector_to_array(docs.c.terms)


def _terms(tx: Tx, rows: Select[Any]) -> Iterator[tuple[int, list[str]]]:
    for repo_id, terms in tx.execute(rows):
        yield repo_id, terms.split() if isinstance(terms, str) else terms


def some(tx: Tx, wanted: Wanted, most: int) -> list[int]:
    """Up to `most` repositories that match, in no order: enough to see whether there are few."""
    return _SOME.column(tx, [matches(tx, wanted)], _some, most=most)


def _some(conditions: Conditions) -> Select[Any]:
    return select(docs.c.rowid).where(*conditions).limit(bindparam("most"))


def matches(tx: Tx, wanted: Wanted) -> Clause:
    """The condition that a row of `docs` matches, asked of the index."""
    if tx.dialect.name != "sqlite":
        return _asked(wanted)
    asked = _expression(wanted, (" AND ", " OR ", '"'))
    found = literal_column("search_docs").op("MATCH")
    return Clause("match", lambda: found(bindparam("asked", type_=String)), {"asked": asked})


def holds(tx: Tx, wanted: Wanted) -> Clause:
    """The same condition, found by a look into the terms of a row that is at hand."""
    if tx.dialect.name != "sqlite":
        return _asked(wanted)
    words = _ways(wanted)
    shape = tuple(tuple(len(terms) for terms in word) for word in words)
    terms = [term for word in words for way in word for term in way]
    values = {f"held{at}": f" {term} " for at, term in enumerate(terms)}
    return Clause(("held", shape), lambda: _held(shape), values)


def _held(shape: Sequence[Sequence[int]]) -> ColumnElement[bool]:
    """Of each word all terms of one of its ways, whose numbers the shape tells."""
    whole, numbers = literal(" ") + docs.c.terms + " ", count()
    return and_(
        true(),
        *(
            or_(*(and_(*(_is_in(whole, f"held{next(numbers)}") for _ in range(terms))) for terms in word))
            for word in shape
        ),
    )


def _is_in(whole: ColumnElement[str], name: str) -> ColumnElement[bool]:
    return func.instr(whole, bindparam(name, type_=String)) > 0


def is_askable(question: str) -> bool:
    """Whether anything in the question can be looked up; a smile cannot."""
    return any(names or words for names, words in query_terms(question))


def _asked(wanted: Wanted) -> Clause:
    """PostgreSQL's own question to a tsvector."""
    from sqlalchemy.dialects.postgresql import TSQUERY

    asked = _expression(wanted, (" & ", " | ", "'"))
    found = docs.c.terms.op("@@")
    return Clause("asked", lambda: found(cast(bindparam("asked", type_=String), TSQUERY)), {"asked": asked})


def _expression(wanted: Wanted, signs: tuple[str, str, str]) -> str:
    both, either, quote = signs
    words = [
        either.join("(" + both.join(f"{quote}{term}{quote}" for term in terms) + ")" for terms in ways)
        for ways in _ways(wanted)
    ]
    return both.join(f"({word})" for word in words)


def _ways(wanted: Wanted) -> list[list[list[str]]]:
    """For each word the ways to hold it, all of the terms of one of the lists; a tag has one way of one term.

    What most repositories hold, the kind, comes last.
    """
    found: list[list[list[str]]] = []
    for question in wanted.words:
        found += _ways_of([[names, texts] for names, texts in query_terms(question)])
    for question in wanted.names:
        found += _ways_of([[names] for names, _ in query_terms(question)])
    found += [[[term]] for term in sorted(label_terms("", wanted.tags))]
    found += [[[term]] for term in label_terms(wanted.kind, ())]
    return found or NOWHERE


def _ways_of(asked: list[list[list[str]]]) -> list[list[list[str]]]:
    words = [[list(dict.fromkeys(terms)) for terms in ways if terms] for ways in asked]
    return [ways for ways in words if ways] or NOWHERE
