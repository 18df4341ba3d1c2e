"""Gathers what the pages of a repository show, each page in few statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bearhug.base.db import Database, Tx
from bearhug.base.errors import GatedRepo, RevisionNotFound
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.cards.service import Cards
from bearhug.hub.commits.service import Commits
from bearhug.hub.downloads.service import Downloads
from bearhug.hub.files.service import Files
from bearhug.hub.git.reading import Reading
from bearhug.hub.git.records import MAIN
from bearhug.hub.git.service import Git
from bearhug.hub.history.service import History
from bearhug.hub.likes.service import Likes
from bearhug.hub.refs.service import Refs
from bearhug.hub.repo_pages.records import Band, Front, Ties, Written
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.repos.service import Repos
from bearhug.hub.storage.service import Storage

CARD = "README.md"
SEEDED = frozenset({".gitattributes", CARD})
LICENCE_FILES = frozenset("license license.txt license.md licence licence.txt licence.md copying".split())


@dataclass(frozen=True)
class Sources:
    """The services that pages of files ask."""

    files: Files
    history: History
    refs: Refs
    storage: Storage
    commits: Commits


@dataclass(frozen=True)
class PageRooms:
    """Where a page's facts come from."""

    repos: Repos
    git: Git
    cards: Cards
    likes: Likes
    downloads: Downloads
    sources: Sources


class Fronts:
    """Bands and first pages."""

    def __init__(self, rooms: PageRooms) -> None:
        self.db: Database = rooms.repos.db
        self._rooms = rooms

    def band(self, actor: Actor, name: RepoName, level: Level = Level.READ) -> Band:
        """Repository, tags and rights; a gated repository shows them to everybody."""
        with self.db.reading() as tx:
            return self._band(tx, actor, self._rooms.repos.open(tx, actor, name, level, content=False))

    def front(self, actor: Actor, name: RepoName) -> Front:
        with self.db.reading() as tx:
            repo = self._rooms.repos.open(tx, actor, name, Level.READ, content=False)
            band = self._band(tx, actor, repo)
            ties = self._ties(tx, actor, repo, band.facts)
        card, names = _look(self._rooms.git.read(repo.folder))
        return Front(
            band,
            card,
            bare=names <= SEEDED,
            size=self._size(actor, repo),
            licence_file=next((name for name in sorted(names) if name.lower() in LICENCE_FILES), None),
            days=self._rooms.downloads.days(repo) if repo.downloads else {},
            ties=ties,
        )

    def _ties(self, tx: Tx, actor: Actor, repo: Repo, facts: Mapping[str, Any]) -> Ties:
        cards = self._rooms.cards
        if repo.kind == "space":
            return Ties()
        spaces = tuple(cards.spaces_using(tx, actor, repo))
        if repo.kind == "dataset":
            return Ties(spaces=spaces, trained=cards.trained_on(tx, repo.full_name))
        return Ties(
            cards.lineage(tx, actor, repo, facts),
            cards.children(tx, repo.full_name),
            spaces,
            cards.here(tx, actor, "dataset", facts.get("datasets") or ()),
        )

    def _band(self, tx: Tx, actor: Actor, repo: Repo) -> Band:
        level = self._rooms.repos.level(actor, repo)
        facts = self._rooms.cards.stored(tx, [repo.id]).get(repo.id, {})
        liked = self._rooms.likes.is_liked(tx, actor, repo)
        return Band(repo, facts, liked, level >= Level.WRITE, level >= Level.ADMIN)

    def _size(self, actor: Actor, repo: Repo) -> int | None:
        """Bytes of main; nothing is said of what a gate keeps shut, or before there is a first commit."""
        try:
            return self._rooms.sources.history.folder_size(
                actor, RepoName(repo.kind, repo.owner, repo.name), "main", ""
            )
        except (GatedRepo, RevisionNotFound):
            return None


def _look(reading: Reading) -> tuple[Written | None, frozenset[str]]:
    """The card on main, and the names of what lies in the root."""
    tip = reading.ref(MAIN)
    if tip is None:
        return None, frozenset()
    entries = {entry.name: entry for entry in reading.entries(tip)}
    card = entries.get(CARD)
    if card is None or card.kind != "file":
        return None, frozenset(entries)
    return Written(card.oid, card.size, lambda: reading.blob(card.oid).decode("utf-8", "replace")), frozenset(entries)
