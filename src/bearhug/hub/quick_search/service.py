"""The rules: the beginning of a name counts most, then whatever the full search finds."""

from collections.abc import Collection

from bearhug.base.db import Database, Tx
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.access.rules import level_on
from bearhug.hub.accounts.records import Owner, OwnerKind
from bearhug.hub.listing.records import Question
from bearhug.hub.listing.service import Listing
from bearhug.hub.quick_search import store
from bearhug.hub.quick_search.records import Found
from bearhug.hub.repos.records import KINDS, Repo
from bearhug.hub.search.service import Search

LONGEST = 96


class QuickSearch:
    """A few of everything for whoever is still typing."""

    def __init__(self, db: Database, listing: Listing, search: Search) -> None:
        self.db = db
        self._listing = listing
        self._search = search

    def find(self, actor: Actor, words: str, wanted: Collection[str], *, limit: int) -> Found:
        """The best of each wanted kind: `model`, `dataset`, `space`, `user`, `org`."""
        words = words.strip().lower()[:LONGEST]
        kinds = [kind for kind in KINDS if kind in wanted]
        if not words:
            return Found({kind: [] for kind in kinds})
        with self.db.reading() as tx:
            found = {kind: self._repos(tx, actor, kind, words, limit) for kind in kinds}
            users = self._owners(tx, actor, OwnerKind.USER, words, limit) if "user" in wanted else []
            orgs = self._owners(tx, actor, OwnerKind.ORG, words, limit) if "org" in wanted else []
        return Found(found, users, orgs)

    def _repos(self, tx: Tx, actor: Actor, kind: str, words: str, limit: int) -> list[Repo]:
        owner, slash, name = words.rpartition("/")
        found = store.beginning(tx, actor, kind, name, owner if slash else None, limit)
        if actor.grant is not None and actor.grant.is_narrow:
            found = [repo for repo in found if level_on(actor, repo.target) >= Level.READ]
        if len(found) < limit and self._search.is_askable(words):
            known = {repo.id for repo in found}
            more = self._listing.page(tx, actor, Question(kind, search=(words,), limit=limit)).repos
            found += [repo for repo in more if repo.id not in known]
        return found[:limit]

    def _owners(self, tx: Tx, actor: Actor, kind: OwnerKind, words: str, limit: int) -> list[Owner]:
        return store.owners_of(tx, kind, words, limit) if actor.may_read_public else []
