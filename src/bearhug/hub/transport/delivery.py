"""The objects of a push while they still lie apart: which are new, how large they are, what they change."""

import os
import subprocess
from collections.abc import Collection, Iterator
from pathlib import Path

import pygit2
from pygit2.enums import ObjectType

from bearhug.hub.git.importer import quote_path
from bearhug.hub.git.program import command, environment
from bearhug.hub.git.records import MAIN
from bearhug.hub.transport.records import Changed, Folder, Update

MOST_ENTRIES = 1_000_000
DEEPEST = 100


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
        self._came = pygit2.Odb(str(quarantine))
        self._seen = 0

    # objects -----------------------------------------------------------------------------------------------

    def blobs(self) -> Iterator[tuple[pygit2.Oid, int]]:
        """Every blob that was sent with its size; a few may have been there before."""
        header = self._came.read_header
        for oid in self._came:
            kind, size = header(oid)
            if kind is ObjectType.BLOB:
                yield oid, size

    def was_there(self, oid: str) -> bool:
        """Whether the repository had this object before the push."""
        return oid in self._before

    def size(self, oid: str) -> int:
        return int(self._repo.odb.read_header(oid)[1])

    def read(self, oid: str | pygit2.Oid) -> bytes:
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
        """What the new tip has that the old one (for a new reference: main) has not, folder by folder."""
        new = self._tree(update.new)
        old = self._tree(self._tip_of_main() if update.creates else update.old)
        waiting = [("", old, new)] if new is not None else []
        while waiting:
            path, old, new = waiting.pop()
            folder, deeper = self._compare(path, old, new)
            yield folder
            waiting += deeper

    def _compare(
        self, path: str, old: pygit2.Tree | None, new: pygit2.Tree
    ) -> tuple[Folder, list[tuple[str, pygit2.Tree | None, pygit2.Tree]]]:
        before = {} if old is None else {entry.name: entry for entry in old}
        names, added, changed, deeper = [], [], [], []
        for entry in new:
            name = str(entry.name)
            names.append(name)
            was = before.get(name)
            if was is None:
                added.append(name)
            elif was.id == entry.id:
                continue
            if isinstance(entry, pygit2.Tree):
                deeper.append((f"{path}{name}/", was if isinstance(was, pygit2.Tree) else None, entry))
            elif isinstance(entry, pygit2.Blob):
                changed.append(Changed(path + name, str(entry.id)))
        self._count(len(names), path)
        return Folder(path, tuple(names), tuple(added), tuple(changed)), deeper

    def _count(self, entries: int, path: str) -> None:
        self._seen += entries
        if self._seen > MOST_ENTRIES or path.count("/") > DEEPEST:
            raise TooManyFiles

    def _tip_of_main(self) -> str | None:
        main = self._before.references.get(MAIN)
        return str(main.target) if main is not None else None

    def _tree(self, oid: str | None) -> pygit2.Tree | None:
        """The tree of a commit, through annotated tags; None where no commit is."""
        if oid is None or oid not in self._repo:
            return None
        try:
            commit = self._repo[oid].peel(pygit2.Commit)
        except (pygit2.GitError, ValueError):
            return None
        return commit.tree if isinstance(commit, pygit2.Commit) else None
