"""Listing, deleting for good, and giving to another repository."""

from collections.abc import Collection, Sequence

from bearhug.base.db import Tx
from bearhug.base.events import Bus
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.git.records import ZERO_OID
from bearhug.hub.git.service import Git
from bearhug.hub.lfs.records import Link
from bearhug.hub.lfs.service import PURGE, Lfs
from bearhug.hub.lfs_files.records import LfsFile, LfsFilePage, PointerBlob
from bearhug.hub.lfs_files.rewrite import Rewriting
from bearhug.hub.lfs_files.scan import pointers
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.repos.service import Repos


class LfsFiles:
    """The large files of repositories."""

    def __init__(self, repos: Repos, git: Git, lfs: Lfs, bus: Bus) -> None:
        self._repos = repos
        self._git = git
        self._lfs = lfs
        self._bus = bus

    def page(self, actor: Actor, name: RepoName, *, after: str, limit: int) -> LfsFilePage:
        """Large files by oid, those behind `after`, each with a name it has or had."""
        with self._repos.db.reading() as tx:
            repo = self._repos.open(tx, actor, name)
            links = self._lfs.committed(tx, repo.id, after=after, limit=limit + 1)
        files = self._named(repo, links[:limit])
        return LfsFilePage(files, files[-1].oid if len(links) > limit else None)

    def largest(self, actor: Actor, name: RepoName, *, skip: int, limit: int) -> tuple[list[LfsFile], bool]:
        """Large files by their size, and whether there are more; for those who administer the repository."""
        with self._repos.db.reading() as tx:
            repo = self._repos.open(tx, actor, name, Level.ADMIN)
            links = self._lfs.largest(tx, repo.id, skip=skip, limit=limit + 1)
        return self._named(repo, links[:limit]), len(links) > limit

    def _named(self, repo: Repo, links: Sequence[Link]) -> list[LfsFile]:
        """Each with a name that it has or had."""
        seen = self._seen(repo, {link.oid for link in links})
        files = []
        for link in links:
            found = seen.get(link.oid)
            pushed_at = link.committed_at or link.uploaded_at
            path, ref = (found.path, found.ref) if found else (link.oid, None)
            files.append(LfsFile(link.oid, link.size, pushed_at, path, ref))
        return files

    def _seen(self, repo: Repo, oids: set[str]) -> dict[str, PointerBlob]:
        found: dict[str, PointerBlob] = {}
        for pointer in pointers(self._git, repo.folder) if oids else ():
            if pointer.oid in oids and pointer.oid not in found:
                found[pointer.oid] = pointer
                if len(found) == len(oids):
                    break
        return found

    def delete(self, actor: Actor, name: RepoName, oids: Collection[str], *, rewrite_history: bool) -> None:
        """The repository gives the objects up for good; with `rewrite_history` no commit mentions them any more."""
        with self._repos.db.reading() as tx:
            repo = self._repos.open(tx, actor, name, Level.ADMIN)
        with self._git.lock(repo.folder):
            moves = self._rewritten(repo, set(oids)) if rewrite_history else []
            with self._git.writing(repo.folder):
                for ref, old, new in moves:
                    self._git.move_ref(repo.folder, ref, new, old=None if old == ZERO_OID else old)
                with self._repos.db.writing() as tx:
                    self._give_up(tx, repo, oids)
                    self._repos.record_push(tx, repo, actor, moves)

    def _rewritten(self, repo: Repo, oids: set[str]) -> list[tuple[str, str, str]]:
        blobs = [pointer.blob for pointer in pointers(self._git, repo.folder) if pointer.oid in oids]
        return Rewriting(self._git.path(repo.folder), blobs).run() if blobs else []

    def _give_up(self, tx: Tx, repo: Repo, oids: Collection[str]) -> None:
        held = self._lfs.linked_sizes(tx, repo.id, oids)
        self._lfs.unlink(tx, repo.id, held.keys())
        self._bus.enqueue(tx, PURGE, {"oids": sorted(held)})

    def duplicate(self, actor: Actor, source: RepoName, target: RepoName, oids: Sequence[str]) -> list[str]:
        """Let another repository hold what this one has committed; those that it does not hold are returned."""
        with self._repos.db.writing() as tx:
            giving = self._repos.open(tx, actor, source)
            taking = self._repos.open(tx, actor, target, Level.WRITE)
            there = self._lfs.committed_among(tx, giving.id, oids)
            self._lfs.copy(tx, giving.id, taking.id, there)
        return [oid for oid in oids if oid not in there]
