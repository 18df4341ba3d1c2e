"""The rules: the beginning of a name counts most, then whatever the full search finds."""

from collections.abc import Collection

from bearhug.base.db import Database, Tx
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.access.rules import level_on
from bearhug.hub.accounts.records import OwnerKind
from bearhug.hub.listing.records import Question
from bearhug.hub.listing.service import FEW, Listing
from bearhug.hub.quick_search import store
from bearhug.hub.quick_search.records import Found
from bearhug.hub.repos.records import KINDS, Repo
from bearhug.hub.search.records import Wanted
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
        people = [kind for kind in OwnerKind if kind.value in wanted]
        with self.db.reading() as tx:
            found = self._repos(tx, actor, kinds, words, limit) if kinds else {}
            owners = store.owners_of(tx, people, words, limit) if people and actor.may_read_public else {}
        return Found(found, owners.get(OwnerKind.USER, []), owners.get(OwnerKind.ORG, []))

    def _repos(self, tx: Tx, actor: Actor, kinds: list[str], words: str, limit: int) -> dict[str, list[Repo]]:
        owner, slash, name = words.rpartition("/")
        found = self._reached(actor, store.beginning(tx, actor, kinds, name, owner if slash else None, limit))
        short = [kind for kind in kinds if len(found[kind]) < limit]
        if short and self._search.is_askable(words):
            for kind, others in self._others(tx, actor, short, words, limit).items():
                known = {repo.id for repo in found[kind]}
                found[kind] += [repo for repo in others if repo.id not in known]
        return {kind: repos[:limit] for kind, repos in found.items()}

    def _others(self, tx: Tx, actor: Actor, kinds: list[str], words: str, limit: int) -> dict[str, list[Repo]]:
        """What the full search finds: few are ranked at once, many by each kind's own order."""
        ids = self._search.some(tx, Wanted((words,)), FEW + 1)
        if len(ids) <= FEW:
            return self._reached(actor, store.best(tx, actor, ids, kinds, limit))
        asked = [Question(kind, search=(words,), limit=limit) for kind in kinds]
        return {question.kind: self._listing.page(tx, actor, question, is_common=True).repos for question in asked}

    def _reached(self, actor: Actor, found: dict[str, list[Repo]]) -> dict[str, list[Repo]]:
        """A token that reaches less far than its owner finds less."""
        if actor.grant is None or not actor.grant.is_narrow:
            return found
        return {
            kind: [repo for repo in repos if level_on(actor, repo.target) >= Level.READ]
            for kind, repos in found.items()
        }
