"""Keeps the full-text index and turns a question into a condition."""

from collections.abc import Iterable

from bearhug.base.clauses import Clause
from bearhug.base.db import Tx
from bearhug.hub.search import store
from bearhug.hub.search.terms import name_terms, text_terms


class Search:
    """The full-text index over repositories."""

    def put(self, tx: Tx, repo_id: int, *, names: Iterable[str], texts: Iterable[str]) -> None:
        """Index a repository by its names (found by any part) and texts (found by words)."""
        terms = name_terms(*names)
        for text in texts:
            terms |= text_terms(text)
        store.put(tx, repo_id, terms)

    def remove(self, tx: Tx, repo_id: int) -> None:
        store.remove(tx, repo_id)

    def carry(self, source: Tx, target: Tx) -> None:
        """Put the index of one database into the empty one of another, which may be of the other kind."""
        for repo_id, terms in store.every(source):
            store.put(target, repo_id, terms)

    def is_askable(self, question: str) -> bool:
        return store.is_askable(question)

    def some(self, tx: Tx, question: str, most: int, *, names_only: bool = False) -> list[int]:
        return store.some(tx, question, most, names_only=names_only)

    def matches(self, tx: Tx, question: str, *, names_only: bool = False, name: str = "asked") -> Clause:
        return store.matches(tx, question, names_only=names_only, name=name)

    def holds(self, tx: Tx, question: str, *, names_only: bool = False, name: str = "held") -> Clause:
        return store.holds(tx, question, names_only=names_only, name=name)
