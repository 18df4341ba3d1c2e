"""Gathers what is known of repositories: one at a revision, or many as they stand on main."""

from collections.abc import Sequence

from bearhug.base.brief import takes_long
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

MAIN = "refs/heads/main"
FILE_FIELDS = frozenset({"siblings", "mainSize"})


class Infos:
    """Information about repositories."""

    def __init__(self, repos: Repos, git: Git, files: Files, cards: Cards) -> None:
        self.repos = repos
        self._git = git
        self._files = files
        self._cards = cards

    def one(self, actor: Actor, name: RepoName, rev: str | None, fields: set[str], *, blobs: bool = False) -> Info:
        """A repository at a revision (its main branch without one). A gated one shows this to everybody.

        With `blobs` the files come with sizes and hashes, else by their names.
        """
        if "childrenModelCount" in fields:
            takes_long()
        with self.repos.db.reading() as tx:
            repo = self.repos.open(tx, actor, name, Level.READ, content=False)
            opened = self._opened(repo, rev)
            facts = self._cards.facts_at(tx, repo, opened.revision.oid, opened.reading)
            return Info(
                repo,
                opened.revision.oid,
                facts,
                self._files.all_files(opened) if blobs or "mainSize" in fields else (),
                self._files.all_names(opened) if "siblings" in fields and not blobs else (),
                self._cards.children(tx, repo.full_name) if "childrenModelCount" in fields else {},
                self._cards.spaces_using(tx, actor, repo) if "spaces" in fields else (),
            )

    def many(self, tx: Tx, repos: Sequence[Repo], fields: set[str]) -> list[Info]:
        """Repositories of a list, their facts in one statement."""
        facts = self._cards.stored(tx, [repo.id for repo in repos])
        wanted = fields & FILE_FIELDS
        found = []
        for repo in repos:
            names: Sequence[str] = ()
            files: Sequence[FileEntry] = ()
            if wanted and repo.head != ZERO_OID:
                opened = Opened(repo, Revision(repo.head), self._git.read(repo.folder))
                names = self._files.all_names(opened) if "siblings" in wanted else ()
                files = self._files.all_files(opened) if "mainSize" in wanted else ()
            found.append(Info(repo, repo.head, facts.get(repo.id, {}), files, names))
        return found

    def _opened(self, repo: Repo, rev: str | None) -> Opened:
        reading = self._git.read(repo.folder)
        try:
            revision = reading.revision(MAIN if rev is None else rev or "main")
        except RevisionNotFound as error:
            if rev is not None:
                raise
            raise RevisionNotFound("This repository has no main branch yet.") from error
        return Opened(repo, revision, reading)
