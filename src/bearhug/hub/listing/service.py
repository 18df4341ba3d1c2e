"""Answers questions for lists of repositories."""

from bearhug.base.db import Database, Tx
from bearhug.base.errors import BadRequest
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.access.rules import level_on
from bearhug.hub.listing import store
from bearhug.hub.listing.records import Met, Page, Question
from bearhug.hub.search.service import Search

FEW = store.FEW
TIMES = ("updated_at", "created_at")
"""Orders whose cursors hold a time; those of others hold a number."""


class Listing:
    """Lists of repositories as one actor may see them."""

    def __init__(self, db: Database, search: Search) -> None:
        self.db = db
        self._search = search

    def some(self, tx: Tx, actor: Actor, question: Question, *, most: int) -> list[Met]:
        """Up to `most` of the repositories that a question is about; the cursor plays no part."""
        return store.some(tx, self._search, actor, question, most)

    def page(self, tx: Tx, actor: Actor, question: Question, *, is_common: bool = False) -> Page:
        """One page. A token that reaches less far than its owner sees less than its owner.

        `is_common`: more than `FEW` repositories meet the conditions, as the caller has seen.
        """
        for words in (*question.search, *question.names):
            if words.strip() and not self._search.is_askable(words):
                raise BadRequest("Search for letters or digits: signs alone are not looked up.")
        if question.after is not None and isinstance(question.after[0], str) != (question.sort in TIMES):
            raise BadRequest("This cursor is not one of ours. Begin again without it.")
        found = store.page(tx, self._search, actor, question, is_common=is_common)
        if actor.grant is None or not actor.grant.is_narrow:
            return found
        return Page([repo for repo in found.repos if level_on(actor, repo.target) >= Level.READ], found.after)
