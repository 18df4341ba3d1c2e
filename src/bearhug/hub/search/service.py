"""Keeps the full-text index and turns a question into a condition."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select

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

    def driven(
        self, tx: Tx, query: Select[Any], question: str, repo_id: ColumnElement[int], *, names_only: bool = False
    ) -> Select[Any]:
        return store.driven(tx, query, question, repo_id, names_only=names_only)

    def held(
        self, tx: Tx, query: Select[Any], question: str, repo_id: ColumnElement[int], *, names_only: bool = False
    ) -> Select[Any]:
        return store.held(tx, query, question, repo_id, names_only=names_only)

    def matches(
        self, tx: Tx, question: str, repo_id: ColumnElement[int], *, names_only: bool = False
    ) -> ColumnElement[bool]:
        return store.matches(tx, question, repo_id, names_only=names_only)
