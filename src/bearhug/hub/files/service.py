"""Finds files at revisions and pages through trees."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

from bearhug.base.brief import takes_long
from bearhug.base.content import Content
from bearhug.base.db import Tx
from bearhug.base.errors import EntryNotFound, Unprocessable
from bearhug.formats import lfs_pointer
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.files.records import FileEntry, LargeFile, Resolved
from bearhug.hub.git.reading import Reading
from bearhug.hub.git.records import Commit, Entry, Revision
from bearhug.hub.git.service import Git
from bearhug.hub.history.service import History
from bearhug.hub.lfs.service import Lfs
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.repos.service import Repos

T = TypeVar("T")
AwaitChunks = Callable[[int, Collection[str]], bool]
"""`await_chunks(repo_id, oids)`: whether files that came as wholes became chunks while it waited a moment."""
MOST_ENTRIES = 1_000_000
"""Files and folders of a revision that are gathered at once."""
FEW_ENTRIES = 500
SMALL_BLOB = 1 << 16


@dataclass
class Opened:
    """A repository opened at a revision."""

    repo: Repo
    revision: Revision
    reading: Reading


@dataclass(frozen=True)
class TreePage:
    """Entries of one page and the cursor of the next, if any."""

    entries: list[FileEntry]
    cursor: str | None


class Files:
    """Reading side of repositories."""

    def __init__(self, repos: Repos, git: Git, lfs: Lfs, history: History, await_chunks: AwaitChunks) -> None:
        self.repos = repos
        self._await_chunks = await_chunks
        self._git = git
        self._lfs = lfs
        self._history = history

    def open(self, tx: Tx, actor: Actor, name: RepoName, rev: str) -> Opened:
        repo = self.repos.open(tx, actor, name, Level.READ)
        reading = self._git.read(repo.folder)
        return Opened(repo, reading.revision(rev), reading)

    # one file ----------------------------------------------------------------------------------------------

    def resolve(self, actor: Actor, name: RepoName, rev: str, path: str) -> Resolved:
        """The content behind a path; an LFS pointer leads to its object."""
        with self.repos.db.reading() as tx:
            return self.found(tx, self.open(tx, actor, name, rev), path)

    def found(self, tx: Tx, opened: Opened, path: str) -> Resolved:
        """The same in a repository that is open."""
        entry = _file(opened, path)
        large = self._large(opened, [entry]).get(entry.path)
        if large is None:
            content = _content(opened.reading, entry)
        else:
            stored = self._lfs.stored(tx, opened.repo.id, large.oid)
            content = self._lfs.objects.content(stored)
            large = replace(large, xet_hash=stored.xet_hash or None)
        return Resolved(opened.repo, opened.revision.oid, path, content, large)

    def raw(self, actor: Actor, name: RepoName, rev: str, path: str) -> Resolved:
        """The blob itself: of a large file its pointer text."""
        with self.repos.db.reading() as tx:
            opened = self.open(tx, actor, name, rev)
        entry = _file(opened, path)
        return Resolved(opened.repo, opened.revision.oid, path, _content(opened.reading, entry), None)

    def content(self, tx: Tx, opened: Opened, path: str) -> Content:
        """The bytes behind a path of an opened repository."""
        entry = _file(opened, path)
        return self._content(tx, opened, entry, self._large(opened, [entry]).get(entry.path))

    def _content(self, tx: Tx, opened: Opened, entry: Entry, large: LargeFile | None) -> Content:
        return self._lfs.content(tx, opened.repo.id, large.oid) if large else _content(opened.reading, entry)

    # trees -------------------------------------------------------------------------------------------------

    def tree(  # noqa: PLR0913 - the question has that many parts
        self,
        actor: Actor,
        name: RepoName,
        rev: str,
        path: str,
        *,
        recursive: bool,
        expand: bool,
        limit: int,
        after: str,
    ) -> TreePage:
        """A page of the entries below a folder, in git's order, beginning behind the path `after`."""
        with self.repos.db.reading() as tx:
            opened = self.open(tx, actor, name, rev)
            folder = opened.reading.entry(opened.revision.oid, path)
            if folder is None or folder.kind != "directory":
                raise missing(path, opened.revision.oid)
            walk = opened.reading.walk(opened.revision.oid, path, after=after, recursive=recursive)
            entries = list(islice(walk, limit + 1))
            page = self.describe(opened, entries[:limit], expand=expand)
        return TreePage(page, entries[limit - 1].path if len(entries) > limit else None)

    def paths(self, actor: Actor, name: RepoName, rev: str, paths: Sequence[str], *, expand: bool) -> list[FileEntry]:
        """What is there at each path; unknown ones are left out."""
        with self.repos.db.reading() as tx:
            opened = self.open(tx, actor, name, rev)
            found = (opened.reading.entry(opened.revision.oid, path.strip("/")) for path in dict.fromkeys(paths))
            entries = [entry for entry in found if entry and entry.path]
            described = self.describe(opened, entries, expand=expand)
        whole = [item.large.oid for item in described if item.large and not item.large.xet_hash]
        if whole and self._await_chunks(opened.repo.id, whole):
            return self.describe(opened, entries, expand=expand)
        return described

    def all_names(self, opened: Opened) -> list[str]:
        """The path of every file of a revision, for repository information."""
        return _all(opened.reading.names(opened.revision.oid))

    def all_files(self, opened: Opened) -> list[FileEntry]:
        """The same with what lies behind each."""
        takes_long()
        files = [entry for entry in _all(opened.reading.walk(opened.revision.oid)) if entry.kind == "file"]
        return self.describe(opened, files, expand=False)

    def describe(self, opened: Opened, entries: Sequence[Entry], *, expand: bool) -> list[FileEntry]:
        """Add what pointers stand for and, with `expand`, the last commit of each entry."""
        large = self._large(opened, entries)
        if large:
            with self.repos.db.reading() as tx:
                large = dict(zip(large, self._known_as_chunks(tx, opened, list(large.values())), strict=True))
        described = [FileEntry(entry, large.get(entry.path)) for entry in entries]
        if not expand:
            return described
        commits = self._last_commits(opened, entries)
        return [replace(item, last_commit=commits.get(item.entry.path)) for item in described]

    def _last_commits(self, opened: Opened, entries: Sequence[Entry]) -> dict[str, Commit]:
        folders: dict[str, list[str]] = {}
        for entry in entries:
            folder, _, name = entry.path.rpartition("/")
            folders.setdefault(folder, []).append(name)
        found = self._history.last_changes(opened.repo.folder, opened.revision.oid, folders)
        return {
            f"{folder}/{name}" if folder else name: commit
            for folder, commits in found.items()
            for name, commit in commits.items()
        }

    def _large(self, opened: Opened, entries: Sequence[Entry]) -> dict[str, LargeFile]:
        found: dict[str, LargeFile] = {}
        for entry in entries:
            if entry.kind == "file" and lfs_pointer.SMALLEST <= entry.size <= lfs_pointer.LARGEST:
                pointer = lfs_pointer.parse(opened.reading.blob(entry.oid))
                if pointer is not None:
                    found[entry.path] = LargeFile(pointer.oid, pointer.size, entry.size)
        return found

    def _known_as_chunks(self, tx: Tx, opened: Opened, files: Sequence[LargeFile]) -> list[LargeFile]:
        """Add the Xet hash to those that are kept as chunks."""
        hashes = self._lfs.xet_hashes(tx, opened.repo.id, [large.oid for large in files])
        return [replace(large, xet_hash=hashes.get(large.oid)) for large in files]


def _all(found: Iterator[T]) -> list[T]:
    listed = list(islice(found, FEW_ENTRIES))
    if len(listed) == FEW_ENTRIES:
        takes_long()
        listed += islice(found, MOST_ENTRIES + 1 - FEW_ENTRIES)
    if len(listed) > MOST_ENTRIES:
        raise Unprocessable(
            f"This revision has more than {MOST_ENTRIES:,} files and folders, too many for one list. "
            "Page through them with the tree API."
        )
    return listed


def missing(path: str, commit: str) -> EntryNotFound:
    """EntryNotFound as clients cache it: with the commit it is true for."""
    return EntryNotFound(f'Entry "{path}" was not found.', headers={"x-repo-commit": commit})


def _file(opened: Opened, path: str) -> Entry:
    entry = opened.reading.entry(opened.revision.oid, path)
    if entry is None or entry.kind != "file":
        raise missing(path, opened.revision.oid)
    return entry


def _content(reading: Reading, entry: Entry) -> Content:
    if entry.size > SMALL_BLOB:
        takes_long()
    data = reading.blob(entry.oid)
    return Content(len(data), f'"{entry.oid}"', read=lambda start, size: data[start : start + size])
