"""Gathers what the pages of a repository show, each page in few statements."""

from dataclasses import dataclass

from bearhug.base.db import Database, Tx
from bearhug.base.errors import GatedRepo, RevisionNotFound
from bearhug.formats import front_matter
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.cards.service import Cards
from bearhug.hub.commits.service import Commits
from bearhug.hub.downloads.service import Downloads
from bearhug.hub.files.service import Files
from bearhug.hub.git.records import MAIN
from bearhug.hub.git.service import Git, Reading
from bearhug.hub.history.service import History
from bearhug.hub.likes.service import Likes
from bearhug.hub.refs.service import Refs
from bearhug.hub.repo_pages.records import Band, Front
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.repos.service import Repos
from bearhug.hub.storage.service import Storage

CARD = "README.md"
LARGEST_CARD = 1 << 20
SEEDED = frozenset({".gitattributes", CARD})


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
            is_model = repo.kind == "model"
            children = self._rooms.cards.children(tx, repo.full_name) if is_model else {}
            spaces = tuple(self._rooms.cards.spaces_using(tx, actor, repo)) if repo.kind != "space" else ()
        reading = self._rooms.git.read(repo.folder)
        card, bare = _look(reading)
        size = self._size(actor, repo)
        return Front(band, card, bare, size, self._rooms.downloads.days(repo), children, spaces)

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


def _look(reading: Reading) -> tuple[str | None, bool]:
    """The text of the card on main without its metadata, and whether there is nothing but what a form made."""
    tip = reading.ref(MAIN)
    if tip is None:
        return None, True
    names = {entry.name for entry in reading.entries(tip)}
    content = reading.file(tip, CARD, limit=LARGEST_CARD)
    text = content.decode("utf-8", "replace") if content is not None else ""
    body = front_matter.cut(text).body
    return (body if body.strip() else None), names <= SEEDED
