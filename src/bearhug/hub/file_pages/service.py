"""Gathers what the pages of folders and files show, opening the repository once a page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bearhug.base.db import Tx
from bearhug.base.errors import EntryNotFound, Unprocessable
from bearhug.formats import lfs_pointer
from bearhug.formats.file_names import meant
from bearhug.hub.access.records import Actor
from bearhug.hub.file_pages.finding import Paths
from bearhug.hub.file_pages.records import Blame, BlamedPart, File, Folder, Hits, Readme, Spot
from bearhug.hub.files.records import FileEntry, LargeFile, Resolved
from bearhug.hub.files.service import Files, Opened, missing
from bearhug.hub.git.records import Entry
from bearhug.hub.history.records import Blamed, Entered
from bearhug.hub.history.service import History
from bearhug.hub.refs.service import in_kinds
from bearhug.hub.repos.records import RepoName
from bearhug.hub.storage.records import Account
from bearhug.hub.storage.service import Storage

ROWS = 100
LARGEST_README = 256 << 10
REMEMBERED = 200
FOLDER = 0o40000
SUBMODULE = 0o160000
READMES = ("readme.md", "readme.markdown", "readme.txt", "readme")
_ENTRY = re.compile(rb"([0-7]+) ([^\0]+)\0(.{20})", re.DOTALL)


@dataclass(frozen=True)
class Rooms:
    """The services that pages of files ask."""

    files: Files
    history: History
    storage: Storage


class FileViews:
    """Folders and files, ready to be drawn."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._db = rooms.files.repos.db
        self._paths = Paths()
        self._savings: dict[tuple[int, str], Account] = {}

    # folders -----------------------------------------------------------------------------------------------

    def folder(self, actor: Actor, name: RepoName, rev: str, path: str, *, page: int) -> Folder:
        """A page of a folder's entries with their last commits, the folder's own text and its size."""
        with self._db.reading() as tx:
            spot = self._spot(tx, actor, name, rev, path)
        opened = spot.opened
        folder = opened.reading.entry(spot.commit, path)
        if folder is None or folder.kind != "directory":
            raise missing(path, spot.commit)
        names = _listed(opened, folder.oid)
        pages = max((len(names) + ROWS - 1) // ROWS, 1)
        page = min(page, pages - 1)
        entries = [_entry(opened, path, *item) for item in names[page * ROWS : (page + 1) * ROWS]]
        described = self._rooms.files.describe(opened, entries, expand=True)
        newest, commits = self._newest(opened, path)
        is_front = not path and rev == "main"
        readme = None if is_front or page else _readme(opened, path, names)
        savings = self._saved(actor, name, opened, described) if not path and not page else None
        return Folder(
            spot, described, page, pages, len(names), newest, commits, self._size(opened, folder.oid), readme, savings
        )

    def _spot(self, tx: Tx, actor: Actor, name: RepoName, rev: str, path: str) -> Spot:
        opened = self._rooms.files.open(tx, actor, name, rev)
        return Spot(opened, rev, path, in_kinds(opened.reading.refs()))

    def _newest(self, opened: Opened, path: str) -> tuple[Entered | None, int | None]:
        """The last commit of what is at a path, and of the root how many there are."""
        history, tip = self._rooms.history, opened.revision.oid
        if not path:
            return history.entered(opened.reading, [tip])[0], history.length(opened.reading, tip)
        parent, _, own = meant(path).rpartition("/")
        found = history.last_commits(opened.repo.folder, tip, parent, [own]).get(own)
        return (history.entered(opened.reading, [found.oid])[0] if found else None), None

    def _size(self, opened: Opened, tree: str) -> int | None:
        try:
            return self._rooms.history.tree_size(opened.repo.folder, opened.reading, tree)
        except Unprocessable:
            return None  # too many entries to be added up; the page is of use all the same

    def _saved(self, actor: Actor, name: RepoName, opened: Opened, entries: Sequence[FileEntry]) -> Account | None:
        """What keeping chunks once spares this repository; asked once for every state of its main branch."""
        if not opened.repo.used_storage and not any(item.large for item in entries):
            return None
        key = opened.repo.id, opened.repo.head
        if key not in self._savings:
            if len(self._savings) >= REMEMBERED:
                self._savings.clear()
            self._savings[key] = self._rooms.storage.of_repo(actor, name)
        return self._savings[key]

    # files -------------------------------------------------------------------------------------------------

    def file(self, actor: Actor, name: RepoName, rev: str, path: str) -> File:
        """What is at a path, as long as it is no folder."""
        with self._db.reading() as tx:
            spot = self._spot(tx, actor, name, rev, path)
            entry = spot.opened.reading.entry(spot.commit, path)
            if entry is None or entry.kind == "directory":
                raise missing(path, spot.commit)
            found = self._found(tx, spot, entry)
        pointer = found.large if found is not None else _pointer(spot.opened, entry)
        return File(spot, entry, self._newest(spot.opened, path)[0], found, pointer)

    def _found(self, tx: Tx, spot: Spot, entry: Entry) -> Resolved | None:
        if entry.kind == "submodule":
            return None
        try:
            return self._rooms.files.found(tx, spot.opened, spot.path)
        except EntryNotFound:
            return None  # git has a pointer whose content was never sent, or was deleted

    def is_folder(self, actor: Actor, name: RepoName, rev: str, path: str) -> bool:
        """Whether a folder is at a path."""
        with self._db.reading() as tx:
            opened = self._rooms.files.open(tx, actor, name, rev)
        entry = opened.reading.entry(opened.revision.oid, path)
        return entry is not None and entry.kind == "directory"

    def blame(self, actor: Actor, name: RepoName, rev: str, path: str, *, page: int, lines: int) -> Blame:
        """A page of a text file's lines with the commits that wrote them. Unprocessable for what is no text."""
        with self._db.reading() as tx:
            spot = self._spot(tx, actor, name, rev, path)
        reading, history = spot.opened.reading, self._rooms.history
        groups = history.blamed(spot.opened.repo.folder, reading, spot.commit, path)
        entry = reading.entry(spot.commit, path)
        assert entry is not None
        total = sum(group.count for group in groups)
        pages = max((total + lines - 1) // lines, 1)
        page = min(page, pages - 1)
        parts = _within(groups, page * lines + 1, (page + 1) * lines)
        oids = list(dict.fromkeys(group.commit.oid for group, _, _ in parts))
        by = dict(zip(oids, history.entered(reading, oids), strict=True))
        ages = _ages(groups)
        drawn = [BlamedPart(first, last, by[group.commit.oid], ages[group.commit.oid]) for group, first, last in parts]
        text = reading.blob(entry.oid).decode("utf-8", "replace")
        return Blame(spot, drawn, text, page, pages, total)

    # finding -----------------------------------------------------------------------------------------------

    def find(self, actor: Actor, name: RepoName, rev: str, words: str) -> tuple[Spot, Hits]:
        """Files whose path holds every one of the words."""
        with self._db.reading() as tx:
            spot = self._spot(tx, actor, name, rev, "")
        reading = spot.opened.reading
        return spot, self._paths.find(reading.raw, reading.tree_oid(spot.commit), words)


def _within(groups: Sequence[Blamed], first: int, last: int) -> list[tuple[Blamed, int, int]]:
    """The groups that lie in a range of lines, cut to it."""
    cut = ((group, max(group.first, first), min(group.first + group.count - 1, last)) for group in groups)
    return [(group, low, high) for group, low, high in cut if low <= high]


def _ages(groups: Sequence[Blamed]) -> dict[str, int]:
    """Commits of a file in ten steps from the newest (0) to the oldest (9), evenly by their order."""
    commits = {group.commit.oid: group.commit.date for group in groups}
    ordered = sorted(commits, key=lambda oid: commits[oid], reverse=True)
    return {oid: place * 10 // len(ordered) for place, oid in enumerate(ordered)}


Listed = tuple[int, bytes, bytes]
"""Mode, name and object id of an entry as git keeps them."""


def _listed(opened: Opened, tree: str) -> list[Listed]:
    """A folder's entries without opening any: folders first, each in the order of their names."""
    raw: bytes = opened.reading.raw.odb.read(tree)[1]
    found = [(int(mode, 8), name, oid) for mode, name, oid in _ENTRY.findall(raw)]
    return sorted(found, key=lambda item: (item[0] != FOLDER, item[1].lower(), item[1]))


def _entry(opened: Opened, folder: str, mode: int, name: bytes, oid: bytes) -> Entry:
    text = name.decode("utf-8", "surrogateescape")
    path = f"{folder}/{text}" if folder else text
    if mode == FOLDER:
        return Entry(path, "directory", oid.hex(), 0, mode)
    if mode == SUBMODULE:
        return Entry(path, "submodule", oid.hex(), 0, mode)
    return Entry(path, "file", oid.hex(), opened.reading.size(oid.hex()), mode)


def _readme(opened: Opened, folder: str, names: Sequence[Listed]) -> Readme | None:
    """The text that introduces a folder, if it has one of a bearable size."""
    present = {name.decode("utf-8", "replace").lower(): item for item in names for name in [item[1]]}
    for wanted in READMES:
        item = present.get(wanted)
        if item is not None and item[0] not in (FOLDER, SUBMODULE):
            entry = _entry(opened, folder, *item)
            if entry.size <= LARGEST_README:
                return Readme(entry.path, opened.reading.blob(entry.oid).decode("utf-8", "replace"))
    return None


def _pointer(opened: Opened, entry: Entry) -> LargeFile | None:
    if entry.kind != "file" or entry.size > lfs_pointer.LARGEST:
        return None
    found = lfs_pointer.parse(opened.reading.blob(entry.oid))
    return LargeFile(found.oid, found.size, entry.size) if found else None
