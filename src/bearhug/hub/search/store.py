"""The full-text index of two databases behind four functions."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    text,
)

from bearhug.base.db import Tx
from bearhug.hub.search.terms import query_terms

docs = table("search_docs", column("rowid", Integer), column("terms", String))


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
    query = select(docs.c.rowid).where(_match(tx, question, names_only=names_only)).limit(most)
    return list(tx.execute(query).scalars().all())


def driven(
    tx: Tx, query: Select[Any], question: str, repo_id: ColumnElement[int], *, names_only: bool = False
) -> Select[Any]:
    """The query over those that match, as the index gives them."""
    return query.join(docs, docs.c.rowid == repo_id).where(_match(tx, question, names_only=names_only))


def matches(tx: Tx, question: str, repo_id: ColumnElement[int], *, names_only: bool = False) -> ColumnElement[bool]:
    """The condition that a repository matches; the index is read once, not once a row."""
    return repo_id.in_(select(docs.c.rowid).where(_match(tx, question, names_only=names_only)))


def held(
    tx: Tx, query: Select[Any], question: str, repo_id: ColumnElement[int], *, names_only: bool = False
) -> Select[Any]:
    """Those of the query that match, found by a look into the terms of each of its rows."""
    mine = docs.alias()
    looked = query.join(mine, mine.c.rowid == repo_id)
    if tx.dialect.name != "sqlite":
        return looked.where(_asked(mine.c.terms, question, names_only=names_only))
    whole = literal(" ") + mine.c.terms + " "
    ways = [
        or_(*(and_(*(func.instr(whole, f" {term} ") > 0 for term in terms)) for terms in way))
        for way in _ways(question, names_only=names_only)
    ]
    return looked.where(*ways)


def is_askable(question: str) -> bool:
    """Whether anything in the question can be looked up; a single letter or a smile cannot."""
    return any(names or words for names, words in query_terms(question))


def _match(tx: Tx, question: str, *, names_only: bool) -> ColumnElement[bool]:
    if tx.dialect.name != "sqlite":
        return _asked(docs.c.terms, question, names_only=names_only)
    asked = _expression(question, (" AND ", " OR ", '"'), names_only=names_only)
    return literal_column("search_docs").op("MATCH")(bindparam(None, asked or '"-"', type_=String))


def _asked(terms: ColumnElement[Any], question: str, *, names_only: bool) -> ColumnElement[bool]:
    """PostgreSQL's own question to a tsvector."""
    from sqlalchemy.dialects.postgresql import TSQUERY

    asked = _expression(question, (" & ", " | ", "'"), names_only=names_only)
    return terms.op("@@")(cast(bindparam(None, asked, type_=String), TSQUERY))


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
