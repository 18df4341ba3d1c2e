"""Answers questions for lists of repositories."""

from bearhug.base.db import Database, Tx
from bearhug.base.errors import BadRequest
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.access.rules import level_on
from bearhug.hub.listing import store
from bearhug.hub.listing.records import Page, Question
from bearhug.hub.search.service import Search


class Listing:
    """Lists of repositories as one actor may see them."""

    def __init__(self, db: Database, search: Search) -> None:
        self.db = db
        self._search = search

    def some_ids(self, tx: Tx, actor: Actor, question: Question, *, most: int) -> list[int]:
        """Up to `most` of the repositories that a question is about; the cursor plays no part."""
        return store.some_ids(tx, self._search, actor, question, most)

    def page(self, tx: Tx, actor: Actor, question: Question) -> Page:
        """One page. A token that reaches less far than its owner sees less than its owner."""
        for words in (*question.search, *question.names):
            if words.strip() and not self._search.is_askable(words):
                raise BadRequest("Search for at least two letters, or one Chinese character.")
        found = store.page(tx, self._search, actor, question)
        if actor.grant is None or not actor.grant.is_narrow:
            return found
        return Page([repo for repo in found.repos if level_on(actor, repo.target) >= Level.READ], found.after)
