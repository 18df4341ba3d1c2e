"""Repositories with their facts, as lists show them."""

from time import monotonic

from bearhug.base.db import Database, Tx
from bearhug.hub.access.records import Actor
from bearhug.hub.browse.records import Item, Shelf
from bearhug.hub.cards.service import Cards
from bearhug.hub.listing.records import Question
from bearhug.hub.listing.service import Listing
from bearhug.hub.repos.records import KINDS

FRESH_SECONDS = 30.0


class Shelves:
    """Pages of repositories, and how often each tag occurs among the public ones."""

    def __init__(self, db: Database, listing: Listing, cards: Cards) -> None:
        self.db = db
        self._listing = listing
        self._cards = cards
        self._counts: dict[str, tuple[float, dict[str, int]]] = {}

    def shelf(self, actor: Actor, question: Question) -> Shelf:
        with self.db.reading() as tx:
            return self._shelf(tx, actor, question)

    def by_kind(self, actor: Actor, *, limit: int, author: str | None = None, search: str = "") -> dict[str, Shelf]:
        """The newest of each kind, of one owner or matching some words."""
        words = (search,) if search else ()
        with self.db.reading() as tx:
            return {
                kind: self._shelf(
                    tx, actor, Question(kind, author=author, search=words, sort="updated_at", limit=limit)
                )
                for kind in KINDS
            }

    def tag_counts(self, kind: str) -> dict[str, int]:
        """Counts that may be half a minute old: they are the same for everybody, and cost a look at every tag."""
        known = self._counts.get(kind)
        if known is not None and monotonic() < known[0]:
            return known[1]
        with self.db.reading() as tx:
            counts = self._cards.tag_counts(tx, kind)
        self._counts[kind] = (monotonic() + FRESH_SECONDS, counts)
        return counts

    def _shelf(self, tx: Tx, actor: Actor, question: Question) -> Shelf:
        page = self._listing.page(tx, actor, question)
        facts = self._cards.stored(tx, [repo.id for repo in page.repos]) if page.repos else {}
        return Shelf([Item(repo, facts.get(repo.id, {})) for repo in page.repos], page.after)
