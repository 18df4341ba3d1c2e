"""Repositories with their facts, as lists show them."""

from collections.abc import Collection
from dataclasses import replace

from bearhug.base.db import Database, Tx
from bearhug.formats.excerpt import excerpt
from bearhug.hub.access.records import Actor
from bearhug.hub.browse.records import Item, Results, Shelf
from bearhug.hub.cards.service import Cards
from bearhug.hub.listing.records import Question
from bearhug.hub.listing.service import Listing
from bearhug.hub.repos.records import KINDS

MOST_COUNTED = 1000


class Shelves:
    """A few repositories of each kind."""

    def __init__(self, db: Database, listing: Listing, cards: Cards) -> None:
        self.db = db
        self._listing = listing
        self._cards = cards

    def by_kind(self, actor: Actor, *, limit: int, author: str) -> dict[str, Shelf]:
        """The newest of each kind of one owner."""
        asked = [Question(kind, author=author, sort="updated_at", limit=limit) for kind in KINDS]
        with self.db.reading() as tx:
            return self._each(tx, actor, asked)

    def found(self, actor: Actor, words: str, kinds: Collection[str], *, limit: int) -> Results:
        """The newest of some kinds that match words, with the place in their cards where these stand; counts of all."""
        asked = {kind: Question(kind, search=(words,), sort="updated_at", limit=limit) for kind in KINDS}
        with self.db.reading() as tx:
            shelves = self._each(tx, actor, [question for kind, question in asked.items() if kind in kinds])
            counts = {kind: self._count(tx, actor, question, shelves.get(kind)) for kind, question in asked.items()}
            told = {
                kind: replace(shelf, items=[self._with_excerpt(tx, item, words.split()) for item in shelf.items])
                for kind, shelf in shelves.items()
            }
        return Results(told, counts, MOST_COUNTED)

    def _count(self, tx: Tx, actor: Actor, question: Question, shelf: Shelf | None) -> int:
        """How many there are, up to one beyond those that are counted; a shelf with all of them tells it itself."""
        if shelf is not None and shelf.after is None:
            return len(shelf.items)
        return len(self._listing.some(tx, actor, question, most=MOST_COUNTED + 1))

    def _with_excerpt(self, tx: Tx, item: Item, words: list[str]) -> Item:
        return replace(item, excerpt=excerpt(self._cards.body(tx, item.repo), words))

    def one(self, actor: Actor, question: Question) -> Shelf:
        """The answers to one question."""
        with self.db.reading() as tx:
            return self._each(tx, actor, [question])[question.kind]

    def trending(self, tx: Tx, actor: Actor, *, limit: int) -> dict[str, Shelf]:
        """What people have turned to lately, of each kind."""
        return self._each(tx, actor, [Question(kind, sort="trending", limit=limit) for kind in KINDS])

    def recent(self, tx: Tx, actor: Actor, *, limit: int) -> list[Item]:
        """What was changed last, of all kinds."""
        shelves = self._each(tx, actor, [Question(kind, sort="updated_at", limit=limit) for kind in KINDS])
        found = [item for shelf in shelves.values() for item in shelf.items]
        return sorted(found, key=lambda item: item.repo.updated_at, reverse=True)[:limit]

    def _each(self, tx: Tx, actor: Actor, asked: list[Question]) -> dict[str, Shelf]:
        """A shelf of each kind; the facts of all in one statement."""
        pages = {question.kind: self._listing.page(tx, actor, question) for question in asked}
        ids = [repo.id for page in pages.values() for repo in page.repos]
        facts = self._cards.stored(tx, ids) if ids else {}
        return {
            kind: Shelf([Item(repo, facts.get(repo.id, {})) for repo in page.repos], page.after)
            for kind, page in pages.items()
        }
