"""Folders of bare repositories: making, locking, discarding, and the marks of writes under way."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pygit2

from bearhug.base.again import keeps
from bearhug.base.errors import RepoNotFound
from bearhug.hub.git.handles import Handle, Handles, open_repository

CONFIG = """\
[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
\tlogAllRefUpdates = always
\tfsync = committed,reference
\tbigFileThreshold = 16m
[gc]
\tauto = 0
[receive]
\tdenyDeleteCurrent = true
\tfsckObjects = true
\tautogc = false
\tunpackLimit = 1
[receive "fsck"]
\tmissingSpaceBeforeDate = ignore
\tzeroPaddedFilemode = ignore
[uploadpack]
\tallowFilter = true
\tallowAnySHA1InWant = true
[transfer]
\thideRefs = refs/bearhug
[fastimport]
\tunpackLimit = 1
"""


class Hold:
    """The right to move a repository's references: one holder at a time, across threads and processes.

    It belongs to the open file, not to a thread or process. A program that inherits `fd` keeps holding when this
    process dies, so that nobody takes references for settled that are still being moved.
    """

    def __init__(self, file: Path) -> None:
        self._file = file.open("ab")

    @property
    def fd(self) -> int:
        return self._file.fileno()

    def take(self) -> None:
        """Wait until nobody else holds it."""
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def close(self) -> None:
        """Let go, also on behalf of programs that inherited it. Closing twice does nothing."""
        if not self._file.closed:
            fcntl.flock(self._file, fcntl.LOCK_UN)
            self._file.close()


class Folders:
    """Bare repositories below `root`, by their random folder name."""

    def __init__(self, root: Path, pending: Path, trash: Path) -> None:
        self.root = root
        self._root = str(root)
        self._pending = pending
        self._trash = trash
        self._handles = Handles()
        for folder in (root, pending, trash):
            folder.mkdir(parents=True, exist_ok=True)

    def path(self, folder: str) -> Path:
        return self.root / folder[:2] / f"{folder}.git"

    def make(self, folder: str) -> Path:
        """An empty bare repository with HEAD on main."""
        path = self.path(folder)
        for name in ("objects/info", "objects/pack", "refs/heads", "refs/tags", "info"):
            (path / name).mkdir(parents=True, exist_ok=True)
        (path / "HEAD").write_text("ref: refs/heads/main\n")
        (path / "config").write_text(CONFIG)
        return path

    def open(self, folder: str) -> pygit2.Repository:
        """A handle of one's own; RepoNotFound if somebody deleted it since its row was read."""
        return open_repository(str(self.path(folder)))

    def lend(self, folder: str) -> Handle:
        """A handle for reading, opened earlier if there is one; RepoNotFound likewise."""
        return Handle(self._handles, f"{self._root}/{folder[:2]}/{folder}.git")

    def exists(self, folder: str) -> bool:
        return self.path(folder).is_dir()

    def discard(self, folder: str) -> None:
        """Rename away first, so that a crash leaves nothing half-deleted in place."""
        path = self.path(folder)
        if path.exists():
            gone = self._trash / f"{folder}-{secrets.token_hex(4)}"
            path.rename(gone)
            self._handles.forget(path)
            shutil.rmtree(gone, ignore_errors=True)

    def empty_trash(self) -> int:
        """Remove what a crash left in the trash; the number of folders removed."""
        left = list(self._trash.iterdir())
        for folder in left:
            shutil.rmtree(folder, ignore_errors=True)
        return len(left)

    def folders(self) -> Iterator[str]:
        """Every repository folder on disk."""
        for path in sorted(self.root.glob("*/*.git")):
            yield path.name.removesuffix(".git")

    def hold(self, folder: str) -> Hold:
        """The right to move references, not taken yet; RepoNotFound if the folder is gone."""
        try:
            return Hold(self.path(folder) / "bearhug.lock")
        except FileNotFoundError as error:
            raise RepoNotFound from error

    @contextmanager
    def lock(self, folder: str) -> Iterator[None]:
        """One writer of references at a time, across threads and processes. Not to be entered twice by one."""
        with _held(self.hold(folder)):
            yield

    @contextmanager
    def packing(self, folder: str) -> Iterator[None]:
        """Packs stay where they are for others meanwhile: for those who move them, and those who copy files."""
        with _held(Hold(self.path(folder) / "bearhug.pack.lock")):
            yield

    @contextmanager
    def writing(self, folder: str) -> Iterator[None]:
        """Mark that references may be ahead of the rows; the mark outlives a crash and is settled at the next start."""
        mark = self._pending / folder
        unsettled = mark.exists()
        mark.touch()
        keeps()
        yield
        if not unsettled:
            mark.unlink(missing_ok=True)

    def drop_stale_locks(self, folder: str) -> None:
        """Remove the lock files that git and libgit2 leave where they are killed while they move references.

        All that move references hold `lock`, so whoever holds it knows that these belong to nobody. Commits in the
        making have references of their own under refs/bearhug, outside of it.
        """
        path = self.path(folder)
        in_refs = (path / "refs").rglob("*.lock")
        for stale in [path / "HEAD.lock", path / "packed-refs.lock", *in_refs]:
            if not stale.is_relative_to(path / "refs" / "bearhug"):
                stale.unlink(missing_ok=True)

    def is_unsettled(self, folder: str) -> bool:
        return (self._pending / folder).exists()

    def unsettled(self) -> list[str]:
        """Folders whose last write was interrupted."""
        return sorted(entry.name for entry in os.scandir(self._pending))

    def settle(self, folder: str) -> None:
        (self._pending / folder).unlink(missing_ok=True)


@contextmanager
def _held(hold: Hold) -> Iterator[None]:
    try:
        hold.take()
        yield
    finally:
        hold.close()


def mirror_objects(source: Path, target: Path) -> None:
    """Hard-link every object and pack; git never changes them in place."""
    for folder, _, names in os.walk(source):
        place = target / Path(folder).relative_to(source)
        place.mkdir(parents=True, exist_ok=True)
        for name in names:
            if not name.startswith(("tmp_", "incoming-")) and not (place / name).exists():
                (place / name).hardlink_to(Path(folder) / name)
