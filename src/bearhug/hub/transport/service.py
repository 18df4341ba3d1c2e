"""The rules of fetching and pushing: who may, what comes in, how rows follow references, also after a crash."""

import logging
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bearhug.base.errors import Moved, RepoNotFound, Unauthenticated
from bearhug.formats import lfs_pointer
from bearhug.hub.access.records import ANONYMOUS, Actor, Level
from bearhug.hub.git.reading import Reading
from bearhug.hub.git.records import MAIN
from bearhug.hub.git.service import Git
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.repos.service import Repos
from bearhug.hub.transport import refs, wording
from bearhug.hub.transport.delivery import Delivery
from bearhug.hub.transport.hook import Hook
from bearhug.hub.transport.judge import Judge
from bearhug.hub.transport.records import Update, Verdict

log = logging.getLogger("bearhug.transport")


class Refused(Exception):
    """The push may not pass; the text is for the pusher's terminal."""


class Transport:
    """What git asks of the hub."""

    def __init__(self, repos: Repos, git: Git, judge: Judge, hook: Hook) -> None:
        self.repos = repos
        self.git = git
        self.judge = judge
        self.hook = hook

    def open(self, actor: Actor, name: RepoName, *, push: bool) -> Repo:
        """The repository, if the actor may fetch from it or push to it; `Moved` where it has another name now."""
        with self.repos.db.reading() as tx:
            repo = self.repos.open(tx, actor, name)
            if not self.path(repo).is_dir():
                raise RepoNotFound(anonymous=actor.is_anonymous)
            if not push:
                return repo
            if actor.is_anonymous:
                raise Unauthenticated("Sign in to push: your user name, and an access token or your password.")
            return self.repos.open(tx, actor, name, Level.WRITE)

    def open_moved(self, actor: Actor, name: RepoName, *, push: bool) -> Repo:
        """The same, also by a name that the repository once had.

        git asks twice, the second time with credentials. Only some versions remember where the second answer sent
        them, so the requests that follow may still come to the old name.
        """
        try:
            return self.open(actor, name, push=push)
        except Moved as moved:
            owner, _, new = moved.new.partition("/")
            return self.open(actor, RepoName(name.kind, owner, new), push=push)

    def path(self, repo: Repo) -> Path:
        return self.git.path(repo.folder)

    def room(self, repo: Repo) -> int | None:
        """Bytes that may still be pushed; None where there is no quota."""
        quota = self.judge.limits.quota
        return None if quota is None else max(quota - repo.used_storage, 1)

    def push(self, actor: Actor, repo: Repo) -> "Push":
        """Get ready for a push; nothing is locked yet."""
        try:
            return Push(self, actor, repo)
        except FileNotFoundError as error:
            raise RepoNotFound from error

    # after a crash -----------------------------------------------------------------------------------------

    def settle(self) -> int:
        """Bring rows up to the references wherever a write was cut off; the number of repositories looked at.

        Waits for pushes that outlived the server that started them.
        """
        folders = self.git.unsettled()
        for folder in folders:
            if not self.git.path(folder).is_dir():
                self.git.settle(folder)
                continue
            with self.git.lock(folder):
                self.settle_held(folder)
        return len(folders)

    def settle_held(self, folder: str) -> None:
        """The same for one repository whose lock the caller holds."""
        if self.git.is_unsettled(folder):
            self.git.drop_stale_locks(folder)
            self._bring_up(folder)
            self.git.settle(folder)

    def bring_up(self, folder: str) -> None:
        """Let the rows of one repository follow its references, whether or not a write was cut off."""
        with self.git.lock(folder):
            self._bring_up(folder)

    def _bring_up(self, folder: str) -> None:
        reading = self.git.read(folder)
        tip = reading.ref(MAIN)
        objects = _objects(reading)
        with self.repos.db.writing() as tx:
            repo = self.repos.of_folder(tx, folder)
            if repo is None:
                return
            self.judge.lfs.link(tx, repo.id, objects)
            if tip is not None and tip != repo.head:
                log.warning("%s: main is at %s, the row said %s", repo.full_name, tip, repo.head)
                self.repos.record_push(tx, repo, ANONYMOUS, [(MAIN, repo.head, tip)])


def _objects(reading: Reading) -> set[str]:
    """The git-lfs objects that any reference's tip refers to."""
    blobs = {
        entry.oid
        for tip in {ref.oid for ref in reading.refs()}
        for entry in reading.walk(tip)
        if entry.kind == "file" and lfs_pointer.SMALLEST <= entry.size <= lfs_pointer.LARGEST
    }
    pointers = (lfs_pointer.parse(reading.blob(blob)) for blob in blobs)
    return {pointer.oid for pointer in pointers if pointer is not None}


class Push:
    """One push: judged while its objects lie apart, then alone with the repository until its rows are written."""

    def __init__(self, transport: Transport, actor: Actor, repo: Repo) -> None:
        self._transport = transport
        self._actor = actor
        self._repo = repo
        self._updates: Sequence[Update] = ()
        self._objects: frozenset[str] = frozenset()
        self._hold = transport.git.hold(repo.folder)
        self._mark = ExitStack()

    @property
    def lock(self) -> int:
        """The lock's file: `git receive-pack` inherits it and so keeps the lock if this process dies."""
        return self._hold.fd

    def begin(self, updates: Sequence[Update], quarantine: Path | None) -> None:
        """Let the references move, or raise Refused. From here on nobody else writes to the repository."""
        objects = self._judge(updates, quarantine)
        self._hold.take()
        self._check_access()
        self._transport.settle_held(self._repo.folder)
        self._mark.enter_context(self._transport.git.writing(self._repo.folder))
        self._updates, self._objects = updates, objects

    def _judge(self, updates: Sequence[Update], quarantine: Path | None) -> frozenset[str]:
        """The git-lfs objects that the push refers to; Refused where something is wrong with it."""
        verdict = Verdict(tuple(refs.problems(updates)))
        if not verdict.problems and quarantine is not None:
            delivery = Delivery(self._transport.path(self._repo), quarantine)
            verdict = self._transport.judge.judge(self._repo, delivery, updates)
        if verdict.problems:
            raise Refused(wording.refusal(verdict.problems))
        return verdict.objects

    def _check_access(self) -> None:
        """A push may take hours: the repository may be gone by now, or the right to write to it."""
        repos = self._transport.repos
        with repos.db.reading() as tx:
            repo = repos.get(tx, self._repo.id)
        if repo is None or repos.level(self._actor, repo) < Level.WRITE:
            raise Refused(wording.refusal(["You may no longer write to this repository."]))

    def finish(self) -> None:
        """Write the rows of what moved and let go; to be called once git has ended, whatever came of it."""
        with self._mark:
            moved = self._moved()
            if moved:
                with self._transport.repos.db.writing() as tx:
                    self._transport.judge.lfs.link(tx, self._repo.id, self._objects)
                    self._transport.repos.record_push(tx, self._repo, self._actor, moved)

    def _moved(self) -> list[tuple[str, str, str]]:
        if not self._updates or not self._transport.path(self._repo).is_dir():
            return []
        present = self._transport.git.read(self._repo.folder)
        return [
            (update.ref, update.old, update.new)
            for update in self._updates
            if update.old != update.new and present.target(update.ref) == update.new
        ]

    def close(self) -> None:
        """Let go of the lock. Must be called, also when `begin` was not."""
        self._hold.close()
