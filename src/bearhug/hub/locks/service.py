"""The rules of locks: writers take them, owners release them, administrators release anybody's."""

from bearhug.base import clock
from bearhug.base.db import Duplicate, Tx
from bearhug.base.errors import BadRequest, Conflict, Forbidden, NotFound, Unauthenticated
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.locks import store
from bearhug.hub.locks.records import Lock, LockPage
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.repos.service import Repos

LONGEST_PATH = 4096
LONGEST_REF = 255


class AlreadyLocked(Conflict):
    """Somebody holds the lock."""

    def __init__(self, lock: Lock) -> None:
        super().__init__(f"{lock.owner} has already locked this file.")
        self.lock = lock


class Locks:
    """Locks of repositories."""

    def __init__(self, repos: Repos) -> None:
        self._repos = repos

    def create(self, actor: Actor, name: RepoName, path: str, ref: str) -> Lock:
        """Lock a path, or raise AlreadyLocked."""
        if not path or len(path) > LONGEST_PATH or "\0" in path or len(ref) > LONGEST_REF:
            raise BadRequest("This path cannot be locked.")
        try:
            with self._repos.db.writing() as tx:
                repo = self._open(tx, actor, name)
                assert actor.user_id is not None
                lock_id = store.add(tx, repo.id, path, ref, actor.user_id, clock.now())
                return self._get(tx, repo, lock_id)
        except Duplicate as error:
            with self._repos.db.reading() as tx:
                held = store.at(tx, self._open(tx, actor, name).id, path)
            raise AlreadyLocked(held) if held else Conflict from error

    def page(self, actor: Actor, name: RepoName, *, after: int, limit: int, writing: bool = False) -> LockPage:
        """Locks of a repository, for its readers; `writing` for those who are about to push."""
        with self._repos.db.reading() as tx:
            repo = self._open(tx, actor, name) if writing else self._repos.open(tx, actor, name)
            found = store.page(tx, repo.id, after=after, limit=limit + 1)
        return LockPage(found[:limit], found[limit - 1].id if len(found) > limit else None)

    def find(self, actor: Actor, name: RepoName, *, path: str | None, lock_id: int | None) -> list[Lock]:
        """The lock on a path, or the one of a number, as a list of none or one."""
        with self._repos.db.reading() as tx:
            repo = self._repos.open(tx, actor, name)
            found = store.at(tx, repo.id, path) if path is not None else store.get(tx, repo.id, lock_id or 0)
        return [found] if found is not None and lock_id in (None, found.id) else []

    def release(self, actor: Actor, name: RepoName, lock_id: int, *, force: bool) -> Lock:
        """Release one's own lock; with `force` an administrator of the repository releases anybody's."""
        with self._repos.db.writing() as tx:
            repo = self._open(tx, actor, name)
            lock = self._get(tx, repo, lock_id)
            if lock.owner_id != actor.user_id:
                self._check_force(actor, repo, lock, force=force)
            store.remove(tx, lock_id)
            return lock

    def _check_force(self, actor: Actor, repo: Repo, lock: Lock, *, force: bool) -> None:
        if not force:
            raise Forbidden(f"{lock.owner} holds this lock. Use --force if you are sure.")
        if self._repos.level(actor, repo) < Level.ADMIN:
            raise Forbidden("Only an administrator of the repository may release somebody else's lock.")

    def _open(self, tx: Tx, actor: Actor, name: RepoName) -> Repo:
        if actor.is_anonymous:
            self._repos.open(tx, actor, name)
            raise Unauthenticated("Sign in to lock files.")
        return self._repos.open(tx, actor, name, Level.WRITE)

    def _get(self, tx: Tx, repo: Repo, lock_id: int) -> Lock:
        found = store.get(tx, repo.id, lock_id)
        if found is None:
            raise NotFound("There is no such lock.")
        return found
