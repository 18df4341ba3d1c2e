"""Makes archives of revisions: small files out of git, large ones out of the store, a block at a time."""

import posixpath
import re
from collections.abc import Iterator
from datetime import datetime

from bearhug.base.content import Content
from bearhug.base.db import Tx
from bearhug.base.errors import EntryNotFound, Unprocessable
from bearhug.formats import lfs_pointer
from bearhug.formats.tar_stream import TarGzStream
from bearhug.formats.zip_stream import ZipStream
from bearhug.hub.access.records import Actor
from bearhug.hub.archives.records import Archive, Format
from bearhug.hub.files.service import Files, Opened
from bearhug.hub.git.records import Entry
from bearhug.hub.lfs.service import Lfs
from bearhug.hub.repos.records import RepoName

MOST_ENTRIES = 200_000
BLOCK = 1 << 20
LINK = 0o120000
EXECUTABLE = 0o100755
LONGEST_LINK = 4096
PACKED = 6
STORED = 0
SMALL = 4 << 20
"""Bytes of a file up to which packing is worth its time."""
_ODD = re.compile(r"[^\w.-]+")


class Archives:
    """Whole revisions for whoever may read them."""

    def __init__(self, files: Files, lfs: Lfs) -> None:
        self._files = files
        self._lfs = lfs

    def make(self, actor: Actor, name: RepoName, rev: str, form: Format, *, pointers: bool) -> Archive:
        """An archive of a revision; with `pointers` large files are left as git has them."""
        with self._files.repos.db.reading() as tx:
            opened = self._files.open(tx, actor, name, rev)
        commit = opened.revision.oid
        folder = f"{opened.repo.name}-{_ODD.sub('-', rev).strip('.-')[:60] or commit[:7]}"
        writer = self._zip if form is Format.ZIP else self._tar
        moment = opened.reading.commit(commit).date
        return Archive(
            f"{folder}{form.value}",
            form,
            commit,
            opened.repo.private,
            lambda: writer(opened, folder, moment, pointers=pointers),
        )

    def _zip(self, opened: Opened, folder: str, moment: datetime, *, pointers: bool) -> Iterator[bytes]:
        stream = ZipStream((moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second))
        for entry, path in _files(opened, folder):
            target = _link(opened, entry)
            if target is not None:
                yield from stream.file(path, [target.encode("utf-8", "surrogateescape")], mode=LINK | 0o777)
                continue
            _, blocks, level = self._content(opened, entry, pointers=pointers)
            yield from stream.file(path, blocks, mode=_mode(entry), level=level)
        yield stream.end()

    def _tar(self, opened: Opened, folder: str, moment: datetime, *, pointers: bool) -> Iterator[bytes]:
        seconds = int((moment - datetime(1970, 1, 1)).total_seconds())
        stream = TarGzStream(seconds)
        for entry, path in _files(opened, folder):
            target = _link(opened, entry)
            if target is not None:
                yield stream.link(path, target)
                continue
            size, blocks, level = self._content(opened, entry, pointers=pointers)
            yield from stream.file(path, size, blocks, mode=_mode(entry) & 0o777, level=level)
        yield stream.end()

    def _content(self, opened: Opened, entry: Entry, *, pointers: bool) -> tuple[int, Iterator[bytes], int]:
        """Size, bytes and how hard to pack them. Content that was never sent leaves its pointer."""
        data = None
        if lfs_pointer.SMALLEST <= entry.size <= lfs_pointer.LARGEST and not pointers:
            data = opened.reading.blob(entry.oid)
            pointer = lfs_pointer.parse(data)
            if pointer is not None:
                with self._files.repos.db.reading() as tx:
                    large = self._large(tx, opened, pointer.oid)
                if large is not None:
                    return large.size, _blocks(large), STORED
        data = opened.reading.blob(entry.oid) if data is None else data
        return len(data), iter([data]), PACKED if len(data) <= SMALL else STORED

    def _large(self, tx: Tx, opened: Opened, oid: str) -> Content | None:
        try:
            return self._lfs.content(tx, opened.repo.id, oid)
        except EntryNotFound:
            return None


def _files(opened: Opened, folder: str) -> Iterator[tuple[Entry, str]]:
    """Every file with its path in the archive; one with too many breaks off, so that nobody takes it for whole."""
    for count, entry in enumerate(opened.reading.walk(opened.revision.oid)):
        if count >= MOST_ENTRIES:
            raise Unprocessable("This revision has too many files for one archive.")
        if entry.kind == "file":
            yield entry, f"{folder}/{_safe(entry.path)}"


def _safe(path: str) -> str:
    """A path that leads nowhere else on any system, and is UTF-8; git itself lets nearly everything pass."""
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace").replace("\\", "_")
    names = ("_" if name in ("", ".", "..") else name for name in text.split("/"))
    return "/".join(names).replace("\0", "_")


def _link(opened: Opened, entry: Entry) -> str | None:
    """Where a symbolic link leads, if that is within the archive; others become small files that say so."""
    if entry.mode != LINK or entry.size > LONGEST_LINK:
        return None
    target = opened.reading.blob(entry.oid).decode("utf-8", "replace")
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(entry.path), target))
    leads_out = target.startswith("/") or "\\" in target or "\0" in target or ":" in target
    return None if leads_out or not target or joined == ".." or joined.startswith("../") else target


def _mode(entry: Entry) -> int:
    return EXECUTABLE if entry.mode == EXECUTABLE else 0o100644


def _blocks(content: Content) -> Iterator[bytes]:
    """The bytes of a content, however they are kept."""
    if content.blocks is not None and content.read is None and content.path is None:
        yield from map(bytes, content.blocks(0, content.size))
        return
    at = 0
    while at < content.size:
        block = content.read_at(at, min(BLOCK, content.size - at))
        if not block:
            return
        at += len(block)
        yield block
