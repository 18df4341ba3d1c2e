"""A page of a list, and what could be chosen beside it."""

from dataclasses import replace

from bearhug.base.census import Census
from bearhug.base.db import Database
from bearhug.hub.access.records import Actor
from bearhug.hub.browse.records import Item
from bearhug.hub.cards.service import Cards
from bearhug.hub.listing.records import Question
from bearhug.hub.listing.service import Listing
from bearhug.hub.lists import store
from bearhug.hub.lists.records import Sheet, Tally, sizes_of

FEW = 1000
"""Repositories among which every tag is counted on the spot."""


class Lists:
    """Lists as people read them."""

    def __init__(self, db: Database, listing: Listing, cards: Cards) -> None:
        self.db = db
        self._listing = listing
        self._cards = cards
        self._census = Census(self._counts)

    def sheet(self, actor: Actor, question: Question, *, backwards: bool) -> Sheet:
        """One page; backwards it is the page that ends before the cursor.

        The question has been tallied: it names the few that were counted, or else more than these meet it.
        """
        asked = replace(question, ascending=not question.ascending) if backwards else question
        with self.db.reading() as tx:
            page = self._listing.page(tx, actor, asked, is_common=asked.ids is None)
            facts = self._cards.stored(tx, [repo.id for repo in page.repos]) if page.repos else {}
        repos = page.repos[::-1] if backwards else page.repos
        items = [Item(repo, facts.get(repo.id, {})) for repo in repos]
        if not repos:
            return Sheet(items)
        has_more, came_from = page.after is not None, question.after is not None
        goes_on, goes_back = (came_from, has_more) if backwards else (has_more, came_from)
        return Sheet(items, repos[-1] if goes_on else None, repos[0] if goes_back else None)

    def tally(self, actor: Actor, question: Question) -> Tally:
        """Exact for up to a thousand repositories that the actor may see; else of everything public.

        Beside a filter that more than these meet there is no count: those of everything would be wrong.
        """
        counted = self._census.last(question.kind)
        if counted and counted[0].total > FEW and actor.may_read_public and _is_plain(question):
            return self._census.of(question.kind)[0]
        with self.db.reading() as tx:
            met = self._listing.some(tx, actor, replace(question, after=None), most=FEW + 1)
            if len(met) <= FEW:
                ids = tuple(one.id for one in met)
                gated = sum(1 for one in met if one.gated)
                tags = self._cards.tag_counts_of(tx, ids) if ids else {}
                return Tally(len(ids), tags, sizes_of(one.parameters for one in met), gated, ids=ids)
        whole, uncounted = self._census.of(question.kind)
        return whole if _is_plain(question) else uncounted

    def _counts(self, kind: str) -> tuple[Tally, Tally]:
        """Of everything, and the same for beside a filter, where there are only values."""
        with self.db.reading() as tx:
            total, gated, sizes = store.counts(tx, kind)
            whole = Tally(total, self._cards.tag_counts(tx, kind), sizes, gated)
        return whole, replace(whole, total=FEW, is_more=True)


def _is_plain(question: Question) -> bool:
    """Whether it asks for everything of a kind, in any order."""
    kept = {name: getattr(question, name) for name in ("kind", "sort", "ascending", "limit", "after")}
    return question == Question(**kept)
