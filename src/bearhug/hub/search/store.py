"""The full-text index of two databases behind four functions."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    column,
    literal_column,
    select,
    table,
    text,
)

from bearhug.base.db import Tx
from bearhug.hub.search.terms import query_terms

docs = table("search_docs", column("rowid", Integer), column("terms"))


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


def is_askable(question: str) -> bool:
    """Whether anything in the question can be looked up; a single letter or a smile cannot."""
    return any(names or words for names, words in query_terms(question))


def _match(tx: Tx, question: str, *, names_only: bool) -> ColumnElement[bool]:
    if tx.dialect.name == "sqlite":
        asked = _expression(question, (" AND ", " OR ", '"'), names_only=names_only)
        return literal_column("search_docs").op("MATCH")(bindparam(None, asked or '"-"', type_=String))
    from sqlalchemy.dialects.postgresql import TSQUERY

    asked = _expression(question, (" & ", " | ", "'"), names_only=names_only)
    return docs.c.terms.op("@@")(cast(bindparam(None, asked, type_=String), TSQUERY))


def _expression(question: str, signs: tuple[str, str, str], *, names_only: bool) -> str:
    both, either, quote = signs
    words = []
    for names, texts in query_terms(question):
        found = (names,) if names_only else (names, texts)
        ways = [both.join(f"{quote}{term}{quote}" for term in terms) for terms in found if terms]
        if ways:
            words.append("(" + either.join(f"({way})" for way in ways) + ")")
    return both.join(words)
