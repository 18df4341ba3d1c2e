"""Gathers what is known of repositories: one at a revision, or many as they stand on main."""

from collections.abc import Sequence

from bearhug.base.db import Tx
from bearhug.base.errors import RevisionNotFound
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.cards.service import Cards
from bearhug.hub.files.records import FileEntry
from bearhug.hub.files.service import Files, Opened
from bearhug.hub.git.records import ZERO_OID, Revision
from bearhug.hub.git.service import Git
from bearhug.hub.info.records import Info
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.repos.service import Repos

FILE_FIELDS = frozenset({"siblings", "mainSize"})
RELATION_FIELDS = frozenset({"childrenModelCount", "spaces"})


class Infos:
    """Information about repositories."""

    def __init__(self, repos: Repos, git: Git, files: Files, cards: Cards) -> None:
        self.repos = repos
        self._git = git
        self._files = files
        self._cards = cards

    def one(self, actor: Actor, name: RepoName, rev: str | None, fields: set[str]) -> Info:
        """A repository at a revision (its main branch without one). A gated one shows this to everybody."""
        with self.repos.db.reading() as tx:
            repo = self.repos.open(tx, actor, name, Level.READ, content=False)
            opened = self._opened(repo, rev)
            facts = self._cards.facts_at(tx, repo, opened.revision.oid, opened.reading)
            return Info(
                repo,
                opened.revision.oid,
                facts,
                self._files.all_files(opened) if fields & FILE_FIELDS else (),
                self._cards.children(tx, repo.full_name) if "childrenModelCount" in fields else {},
                self._cards.spaces_using(tx, actor, repo) if "spaces" in fields else (),
            )

    def many(self, tx: Tx, repos: Sequence[Repo], fields: set[str]) -> list[Info]:
        """Repositories of a list, their facts in one statement."""
        facts = self._cards.stored(tx, [repo.id for repo in repos])
        found = []
        for repo in repos:
            files: Sequence[FileEntry] = self._main_files(repo) if fields & FILE_FIELDS else ()
            found.append(Info(repo, repo.head, facts.get(repo.id, {}), files))
        return found

    def _main_files(self, repo: Repo) -> Sequence[FileEntry]:
        if repo.head == ZERO_OID:
            return ()
        return self._files.all_files(Opened(repo, Revision(repo.head), self._git.read(repo.folder)))

    def _opened(self, repo: Repo, rev: str | None) -> Opened:
        reading = self._git.read(repo.folder)
        if rev is None and reading.ref("refs/heads/main") is None:
            raise RevisionNotFound("This repository has no main branch yet.")
        return Opened(repo, reading.revision(rev or "main"), reading)
