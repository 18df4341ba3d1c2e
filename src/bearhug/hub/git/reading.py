"""Reads one repository: revisions, references, commits, trees and blobs."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pygit2
from pygit2.enums import SortMode

from bearhug.base.errors import EntryNotFound, RevisionNotFound
from bearhug.formats import git_tree
from bearhug.formats.file_names import meant
from bearhug.hub.git.handles import Handle
from bearhug.hub.git.records import ZERO_OID, Commit, Entry, Ref, Revision

HEX = frozenset("0123456789abcdef")
SHORTEST_OID = 7
FULL_OID = 40
REF_SPACES = ("refs/heads/", "refs/tags/")
HIDDEN = "refs/bearhug/"
LONGEST_REF = 1000
UNREADABLE = (KeyError, pygit2.GitError)
"""What reading a damaged repository raises."""
LATEST = 253_402_300_799
"""The last second of the year 9999."""


class Reading:
    """One opened repository, for one thread and one request."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    @property
    def _repo(self) -> pygit2.Repository:
        return self._handle.repo

    def revision(self, name: str) -> Revision:
        """Find a branch, tag, full reference, or (at least seven digits of) a commit id."""
        if name == "HEAD":
            name = "main"
        for ref in _candidates(name):
            oid = self.ref(ref)
            if oid is not None:
                return Revision(oid, ref)
        oid = self._commit_named(name)
        if oid is None:
            raise RevisionNotFound(f"Invalid rev id: {name[:200]}")
        return Revision(oid)

    def ref(self, ref: str) -> str | None:
        """The commit that a full reference leads to, through annotated tags; None if there is none."""
        reference = self._repo.references.get(ref) if _is_ref_name(ref) else None
        if reference is None:
            return None
        found = reference.peel()
        return str(found.id) if isinstance(found, pygit2.Commit) else None

    def target(self, ref: str) -> str:
        """What a full reference holds, a tag object too; forty zeros if there is none."""
        reference = self._repo.references.get(ref) if _is_ref_name(ref) else None
        return ZERO_OID if reference is None else str(reference.target)

    def _commit_named(self, name: str) -> str | None:
        if not SHORTEST_OID <= len(name) <= FULL_OID or not HEX.issuperset(name):
            return None
        try:
            found = self._repo[name]
        except (KeyError, ValueError):
            return None
        return str(found.id) if isinstance(found, pygit2.Commit) else None

    def refs(self) -> list[Ref]:
        """Every reference that people may see, peeled to commits."""
        found = []
        for ref in self._repo.references:
            oid = None if ref.startswith(HIDDEN) else self.ref(ref)
            if oid is not None:
                found.append(Ref(ref, oid))
        return found

    # commits -----------------------------------------------------------------------------------------------

    def commit(self, oid: str) -> Commit:
        found = self._repo[oid]
        assert isinstance(found, pygit2.Commit)
        return _commit(found)

    def log(self, oid: str, *, first_parent: bool = True) -> Iterator[Commit]:
        """Commits from `oid` backwards, newest first."""
        walker = self._repo.walk(pygit2.Oid(hex=oid), SortMode.TOPOLOGICAL | SortMode.TIME)
        if first_parent:
            walker.simplify_first_parent()
        for commit in walker:
            yield _commit(commit)

    # trees -------------------------------------------------------------------------------------------------

    def tree_oid(self, commit: str) -> str:
        found = self._repo[commit]
        assert isinstance(found, pygit2.Commit)
        return str(found.tree_id)

    def entry(self, commit: str, path: str) -> Entry | None:
        """The entry at a path; None where nothing is. The root is a directory with an empty path."""
        if not path:
            return Entry("", "directory", self.tree_oid(commit))
        found = self._at(commit, path)
        return None if found is None else self._entry(found, path)

    def entries(self, commit: str, path: str = "") -> list[Entry]:
        """The entries of one folder in git's order; EntryNotFound if it is no folder."""
        prefix = f"{path}/" if path else ""
        return [self._entry(item, prefix + str(item.name)) for item in self._folder(commit, path)]

    def folder_names(self, commit: str, path: str = "") -> list[str]:
        """The names in one folder, however many, without a look at what they name; none if it is no folder."""
        folder = self._at(commit, path)
        raw = folder.read_raw() if isinstance(folder, pygit2.Tree) else b""
        return git_tree.names(raw, most=len(raw))

    def walk(self, commit: str, path: str = "", *, after: str = "", recursive: bool = True) -> Iterator[Entry]:
        """Entries below a folder, folders included, parents before their children.

        `after` is the full path of the last entry that is not wanted any more; what lies before it is never read.
        """
        folder = self._folder(commit, path)
        path, after = meant(path), meant(after)
        prefix = f"{path}/" if path else ""
        rest = after.removeprefix(prefix).split("/") if after.startswith(prefix) and after else []
        yield from self._below(folder, prefix, rest, recursive=recursive)

    def names(self, commit: str) -> Iterator[str]:
        """The path of every file, in the same order, without a look at the files."""
        stack = [(iter(self._tree(commit)), "")]
        while stack:
            items, prefix = stack[-1]
            for item in items:
                if isinstance(item, pygit2.Blob):
                    yield f"{prefix}{item.name}"
                elif isinstance(item, pygit2.Tree):
                    stack.append((iter(item), f"{prefix}{item.name}/"))
                    break
            else:
                stack.pop()

    def _below(self, folder: pygit2.Tree, prefix: str, rest: list[str], *, recursive: bool) -> Iterator[Entry]:
        """Without recursion, because folders may be nested deeper than Python's stack is."""
        stack = [(iter(folder), prefix, rest)]
        while stack:
            items, prefix, rest = stack[-1]
            item = next(items, None)
            if item is None:
                stack.pop()
                continue
            name = str(item.name)
            is_folder = isinstance(item, pygit2.Tree)
            if rest and _git_order(name, is_folder) < _git_order(rest[0], is_folder):
                continue
            reached = bool(rest) and name == rest[0]
            if not reached:
                yield self._entry(item, prefix + name)
            if is_folder and recursive:
                stack.append((iter(item), f"{prefix}{name}/", rest[1:] if reached else []))

    def _folder(self, commit: str, path: str) -> pygit2.Tree:
        found = self._at(commit, path)
        if not isinstance(found, pygit2.Tree):
            raise EntryNotFound(f"{path} is no folder in {commit}.")
        return found

    def _at(self, commit: str, path: str) -> pygit2.Object | None:
        tree = self._tree(commit)
        if not path:
            return tree
        if "\0" in path:
            return None  # libgit2 would read no further
        try:
            return tree[path]
        except (KeyError, ValueError):
            return self._spelled(tree, path)

    def _spelled(self, tree: pygit2.Tree, path: str) -> pygit2.Object | None:
        """What is at a path whose names are no UTF-8 and were spelled."""
        name = meant(path)
        try:
            return tree[name] if name != path else None
        except KeyError:
            return None

    def _tree(self, commit: str) -> pygit2.Tree:
        found = self._repo[commit]
        assert isinstance(found, pygit2.Commit)
        return found.tree

    def _entry(self, item: pygit2.Object, path: str) -> Entry:
        mode = int(item.filemode)
        if isinstance(item, pygit2.Tree):
            return Entry(path, "directory", str(item.id), 0, mode)
        if isinstance(item, pygit2.Blob):
            return Entry(path, "file", str(item.id), self.size(item.id), mode)
        return Entry(path, "submodule", str(item.id), 0, mode)

    # blobs -------------------------------------------------------------------------------------------------

    def size(self, oid: str | pygit2.Oid) -> int:
        """Bytes of an object, without reading it."""
        _, size = self._repo.odb.read_header(oid)
        return int(size)

    def blob(self, oid: str) -> bytes:
        """A whole blob; regular files are small by the hub's own rule."""
        found = self._repo[oid]
        assert isinstance(found, pygit2.Blob)
        return bytes(found.data)

    def file(self, commit: str, path: str, *, limit: int) -> bytes | None:
        """The content of a file of at most `limit` bytes; None if it is not there or larger."""
        entry = self.entry(commit, path)
        if entry is None or entry.kind != "file" or entry.size > limit:
            return None
        return self.blob(entry.oid)

    @property
    def raw(self) -> pygit2.Repository:
        """The libgit2 handle, for diffs and blame."""
        return self._repo


def _git_order(name: str, is_folder: bool) -> bytes:
    """Git sorts a folder as if its name ended with a slash."""
    return (f"{name}/" if is_folder else name).encode("utf-8", "surrogateescape")


def _candidates(name: str) -> list[str]:
    if name.startswith("refs/"):
        return [name] if not name.startswith(HIDDEN) else []
    return [space + name for space in REF_SPACES]


def _is_ref_name(ref: str) -> bool:
    """Whether libgit2 may be asked for it: it stops reading at NUL and stumbles over long names."""
    if "\0" in ref or len(ref.encode("utf-8", "replace")) > LONGEST_REF:
        return False
    try:
        return bool(pygit2.reference_is_valid_name(ref))
    except ValueError:
        return False


def _commit(commit: pygit2.Commit) -> Commit:
    encoding = commit.message_encoding or "utf-8"
    message = _text(commit.raw_message, encoding)
    author = commit.author
    return Commit(
        oid=str(commit.id),
        title=message.partition("\n")[0].strip(),
        message=message,
        author=_text(author.raw_name, encoding),
        email=_text(author.raw_email, encoding),
        date=_moment(commit.commit_time),
        parents=tuple(str(parent) for parent in commit.parent_ids),
        tree=str(commit.tree_id),
    )


def _text(raw: bytes, encoding: str) -> str:
    """Text of a pushed commit, which may name an encoding that nobody has heard of, or hold what is none."""
    try:
        text = raw.decode(encoding, "replace")
    except (LookupError, ValueError):
        text = raw.decode("utf-8", "replace")
    return text.encode("utf-8", "replace").decode("utf-8")


def _moment(seconds: int) -> datetime:
    """UTC of a commit's time, held within the years that a date can have."""
    return datetime.fromtimestamp(min(max(seconds, 0), LATEST), UTC).replace(tzinfo=None)
