"""Opened repositories that wait for their next reader: opening one costs more than most questions to it.

libgit2 looks at the disk for references, and again for packs where an object is not found, so a handle that waited
sees what others wrote meanwhile. A handle is with one reader at a time, because libgit2 wants that.
"""

import os
import sys
import threading
from collections import OrderedDict
from pathlib import Path

import pygit2
from pygit2.enums import Option

from bearhug.base.errors import RepoNotFound

MOST_WAITING = 64
MOST_OPEN_PACKS = 256
CACHE_BYTES = 32 << 20

pygit2.option(Option.ENABLE_FSYNC_GITDIR, 1)
pygit2.option(Option.SET_OWNER_VALIDATION, 0)
pygit2.option(Option.SET_MWINDOW_FILE_LIMIT, MOST_OPEN_PACKS)
pygit2.option(Option.SET_CACHE_MAX_SIZE, CACHE_BYTES)


def open_repository(path: str) -> pygit2.Repository:
    """A handle of one's own; RepoNotFound if the folder is gone."""
    try:
        return pygit2.Repository(path)
    except pygit2.GitError as error:
        if Path(path).is_dir():
            raise
        raise RepoNotFound from error


class Handles:
    """Handles by path, the ones used last; the others are closed."""

    def __init__(self, most: int = MOST_WAITING) -> None:
        self._most = most
        self._waiting: OrderedDict[str, list[pygit2.Repository]] = OrderedDict()
        self._count = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return self._count

    def take(self, path: str) -> pygit2.Repository:
        """A handle that nobody else has; RepoNotFound if the folder is gone."""
        with self._lock:
            waiting = self._waiting.get(path)
            repo = waiting.pop() if waiting else None
            self._count -= repo is not None
        return repo if repo is not None and os.access(path, os.F_OK) else open_repository(path)

    def give(self, path: str, repo: pygit2.Repository) -> None:
        """Put a handle back that its reader is done with."""
        closing = []
        with self._lock:
            self._waiting.setdefault(path, []).append(repo)
            self._waiting.move_to_end(path)
            self._count += 1
            while self._count > self._most:
                oldest = next(iter(self._waiting))
                closing += self._drop(oldest)
        _close(closing)

    def forget(self, path: Path) -> None:
        """Close what waits for a folder that goes away."""
        with self._lock:
            closing = self._drop(str(path))
        _close(closing)

    def _drop(self, path: str) -> list[pygit2.Repository]:
        dropped = self._waiting.pop(path, [])
        self._count -= len(dropped)
        return dropped


class Handle:
    """A repository lent to one reader; it goes back when the reader is gone, unless something else still uses it."""

    _uses = 0

    def __init__(self, home: Handles, path: str) -> None:
        self.repo = home.take(path)
        self._home = home
        self._path = path
        self._uses = sys.getrefcount(self.repo)

    def __del__(self) -> None:
        if self._uses and sys.getrefcount(self.repo) == self._uses:
            self._home.give(self._path, self.repo)


def _close(repos: list[pygit2.Repository]) -> None:
    for repo in repos:
        repo.free()
