"""The objects of a push while they still lie apart: which are new, how large they are, what they change."""

import os
import subprocess
from collections.abc import Collection, Iterator
from functools import cached_property
from pathlib import Path

import pygit2

from bearhug.formats import git_tree
from bearhug.formats.git_tree import Kind
from bearhug.hub.git.importer import quote_path
from bearhug.hub.git.program import command, environment
from bearhug.hub.git.records import MAIN
from bearhug.hub.transport.arrivals import Arrivals
from bearhug.hub.transport.records import Folder, Update

MOST_ENTRIES = 1_000_000
DEEPEST = 100
MOST_STEPS = 100
"""Commits that are gone back, to find where a new branch sprang from."""

_Pair = tuple[str, bytes | None, bytes]
"""A folder's path, its old and its new tree."""


class TooManyFiles(Exception):
    """The trees of this push unfold to more entries than anybody can look through."""


class Delivery:
    """A repository together with the quarantine of one push. Belongs to one thread."""

    def __init__(self, path: Path, quarantine: Path) -> None:
        self._path = path
        self._quarantine = quarantine
        self._before = pygit2.Repository(str(path))
        self._repo = pygit2.Repository(str(path))
        self._repo.odb.add_disk_alternate(str(quarantine))
        self.arrivals = Arrivals(quarantine)
        self._seen = 0

    # objects -----------------------------------------------------------------------------------------------

    def was_there(self, oid: str) -> bool:
        """Whether the repository had this object before the push."""
        return oid in self._before

    def size(self, oid: str) -> int:
        return int(self._repo.odb.read_header(oid)[1])

    def read(self, oid: str) -> bytes:
        """The whole blob; ask for its size first."""
        return bytes(self._repo.odb.read(oid)[1])

    def weight(self) -> int:
        """Bytes that the push takes on disk."""
        return sum(
            os.lstat(Path(folder, name)).st_size for folder, _, names in os.walk(self._quarantine) for name in names
        )

    def names(self, oids: Collection[str], updates: Collection[Update]) -> dict[str, str]:
        """A path for each of these blobs, as the new commits know it; slow, for messages."""
        wanted = [update.new for update in updates if not update.deletes]
        env = environment(GIT_ALTERNATE_OBJECT_DIRECTORIES=os.fsdecode(quote_path(str(self._quarantine))))
        listing = subprocess.run(
            command("--git-dir", self._path, "rev-list", "--objects", "--stdin", "--not", "--all"),
            input="".join(f"{oid}\n" for oid in wanted).encode(),
            env=env,
            capture_output=True,
            check=False,
        ).stdout
        pairs = (line.decode("utf-8", "replace").partition(" ") for line in listing.splitlines())
        found = {oid: path for oid, _, path in pairs if oid in oids}
        return {oid: found.get(oid) or f"blob {oid}" for oid in oids}

    # trees -------------------------------------------------------------------------------------------------

    def tip_file(self, update: Update, path: str, *, limit: int) -> bytes | None:
        """A file of the new tip; None if it is not there or larger."""
        tree = self._tree(update.new)
        found = tree[path] if tree is not None and path in tree else None
        if not isinstance(found, pygit2.Blob) or self.size(str(found.id)) > limit:
            return None
        return bytes(found.data)

    def changes(self, update: Update) -> Iterator[Folder]:
        """What the new tip has that the old one has not, folder by folder."""
        new, old = self._tree(update.new), self._tree(self._base(update))
        waiting: list[_Pair] = [("", old and old.id.raw, new.id.raw)] if new is not None else []
        while waiting:
            folder, deeper = self._compare(*waiting.pop())
            yield folder
            waiting += deeper

    def _compare(self, path: str, old: bytes | None, new: bytes) -> tuple[Folder, list[_Pair]]:
        before = {} if old is None else {name: (mode, oid) for mode, name, oid in self._entries(old)}
        entries = self._entries(new)
        self._count(len(entries), path)
        names = git_tree.texts([name for _, name, _ in entries])
        added: list[str] = []
        changed: dict[str, bytes] = {}
        deeper: list[_Pair] = []
        for name, (mode, raw, oid) in zip(names, entries, strict=True):
            was = before.get(raw)
            if was is None:
                added.append(name)
            elif was[1] == oid:
                continue
            kind = git_tree.kind(mode)
            if kind is Kind.FILE:
                changed[name] = oid
            elif kind is Kind.FOLDER:
                under = was[1] if was is not None and git_tree.kind(was[0]) is Kind.FOLDER else None
                deeper.append((f"{path}{name}/", under, oid))
        return Folder(path, names, added, changed), deeper

    def _entries(self, tree: bytes) -> list[git_tree.Entry]:
        try:
            return git_tree.entries(self._repo.odb.read(pygit2.Oid(raw=tree))[1], most=MOST_ENTRIES)
        except ValueError as error:
            raise TooManyFiles from error

    def _count(self, entries: int, path: str) -> None:
        self._seen += entries
        if self._seen > MOST_ENTRIES or path.count("/") > DEEPEST:
            raise TooManyFiles

    def _base(self, update: Update) -> str | None:
        """What a tip is compared with: the old one; for a new reference, the tip that it sprang from, or main."""
        if not update.creates:
            return update.old
        found = self._repo.get(update.new)
        for _ in range(MOST_STEPS):
            if not isinstance(found, pygit2.Commit):
                break
            if str(found.id) in self._tips:
                return str(found.id)
            found = self._repo.get(found.parent_ids[0]) if found.parent_ids else None
        main = self._before.references.get(MAIN)
        return str(main.target) if main is not None else None

    @cached_property
    def _tips(self) -> frozenset[str]:
        return frozenset(str(ref.target) for ref in self._before.references.iterator())

    def _tree(self, oid: str | None) -> pygit2.Tree | None:
        """The tree of a commit, through annotated tags; None where no commit is."""
        if oid is None or oid not in self._repo:
            return None
        try:
            commit = self._repo[oid].peel(pygit2.Commit)
        except (pygit2.GitError, ValueError):
            return None
        return commit.tree if isinstance(commit, pygit2.Commit) else None
