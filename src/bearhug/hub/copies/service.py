"""Duplicates a repository: git objects as hard links, large files as links to the same contents."""

from bearhug.hub.access.records import Actor, Level
from bearhug.hub.git.service import Git
from bearhug.hub.lfs.service import Lfs
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.repos.service import NewRepo, Repos


class Copies:
    """Copies of whole repositories."""

    def __init__(self, repos: Repos, git: Git, lfs: Lfs) -> None:
        self._repos = repos
        self._git = git
        self._lfs = lfs

    def duplicate(self, actor: Actor, source: RepoName, target: RepoName, *, private: bool | None) -> Repo:
        """A new repository with every branch and tag of the source; visible as the source is unless said otherwise."""
        with self._repos.db.reading() as tx:
            original = self._repos.open(tx, actor, source, Level.READ)
        wants_private = original.private if private is None else private
        return self._repos.create(
            actor,
            NewRepo(original.kind, target.name, target.owner, private=wants_private),
            fill=lambda folder: self._git.copy(original.folder, folder),
            then=lambda tx, copy: self._lfs.copy(tx, original.id, copy.id),
        )
