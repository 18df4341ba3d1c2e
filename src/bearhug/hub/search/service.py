"""Keeps the full-text index and turns a question into a condition."""

from collections.abc import Iterable

from bearhug.base.clauses import Clause
from bearhug.base.db import Tx
from bearhug.hub.search import store
from bearhug.hub.search.records import Wanted
from bearhug.hub.search.terms import label_terms, name_terms, text_terms


class Search:
    """The full-text index over repositories."""

    def put(
        self,
        tx: Tx,
        repo_id: int,
        *,
        names: Iterable[str],
        texts: Iterable[str],
        kind: str = "",
        tags: Iterable[str] = (),
    ) -> None:
        """Index a repository by its names (found by any part), texts (found by words), kind and tags (as they are)."""
        terms = name_terms(*names) | label_terms(kind, tags)
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

    def some(self, tx: Tx, wanted: Wanted, most: int) -> list[int]:
        return store.some(tx, wanted, most)

    def matches(self, tx: Tx, wanted: Wanted) -> Clause:
        return store.matches(tx, wanted)

    def holds(self, tx: Tx, wanted: Wanted) -> Clause:
        return store.holds(tx, wanted)
