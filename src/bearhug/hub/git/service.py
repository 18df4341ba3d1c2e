"""What other rooms ask of git: make and open repositories, find revisions, read trees and blobs, move references."""

import secrets
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pygit2
from pygit2.enums import ObjectType, SortMode

from bearhug.base.errors import Conflict, EntryNotFound, RevisionNotFound, StaleParent
from bearhug.hub.git.importer import Importer
from bearhug.hub.git.program import command, environment
from bearhug.hub.git.records import MAIN, ZERO_OID, Author, Commit, Entry, Ref, Revision
from bearhug.hub.git.store import Folders, Hold, mirror_objects

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


def author_of(name: str) -> Author:
    return Author(name or "bearhug", f"{name or 'bearhug'}@users.noreply.bearhug")


class Git:
    """Bare repositories by folder name."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders

    # whole repositories ------------------------------------------------------------------------------------

    def create(self, folder: str, files: Mapping[str, bytes], author: str) -> str:
        """Make a repository with one commit on main; return the commit's id."""
        path = self._folders.make(folder)
        repo = pygit2.Repository(str(path))
        builder = repo.TreeBuilder()
        for name, content in files.items():
            builder.insert(name, repo.create_blob(content), pygit2.enums.FileMode.BLOB)
        who = author_of(author)
        signature = pygit2.Signature(who.name, who.email)
        return str(repo.create_commit(MAIN, signature, signature, "initial commit", builder.write(), []))

    def copy(self, source: str, target: str) -> str:
        """A second repository with all branches and tags; objects are hard links. Returns the commit of main.

        Pull requests and what the hub keeps for itself stay behind. RevisionNotFound without a main branch.
        """
        path = self._folders.make(target)
        wanted = ["refs/heads/*:refs/heads/*", "refs/tags/*:refs/tags/*"]
        with self.lock(source):
            mirror_objects(self._folders.path(source) / "objects", path / "objects")
            words = command("--git-dir", path, "fetch", "--quiet", self._folders.path(source), *wanted)
            subprocess.run(words, capture_output=True, env=environment(), check=True)
        head = self.read(target).ref(MAIN)
        if head is None:
            raise RevisionNotFound("The repository has no main branch to copy.")
        return head

    def discard(self, folder: str) -> None:
        self._folders.discard(folder)

    def empty_trash(self) -> int:
        """Remove what a crash left of deleted repositories; how many there were."""
        return self._folders.empty_trash()

    def path(self, folder: str) -> Path:
        return self._folders.path(folder)

    def read(self, folder: str) -> "Reading":
        """Open for reading. A handle belongs to one thread."""
        return Reading(self._folders.open(folder))

    # writing -----------------------------------------------------------------------------------------------

    def importer(self, folder: str) -> Importer:
        return Importer(self._folders.path(folder))

    def lock(self, folder: str) -> AbstractContextManager[None]:
        return self._folders.lock(folder)

    def hold(self, folder: str) -> Hold:
        """The lock as a thing that programs can inherit; take it and close it."""
        return self._folders.hold(folder)

    def packing(self, folder: str) -> AbstractContextManager[None]:
        """Keeps packs from being moved; commits and pushes go on meanwhile."""
        return self._folders.packing(folder)

    def writing(self, folder: str) -> AbstractContextManager[None]:
        """Surround "move references, then write rows" with this, inside the lock."""
        return self._folders.writing(folder)

    def is_unsettled(self, folder: str) -> bool:
        """Whether a write to this repository was interrupted. Only the holder of the lock can tell."""
        return self._folders.is_unsettled(folder)

    def unsettled(self) -> list[str]:
        return self._folders.unsettled()

    def settle(self, folder: str) -> None:
        self._folders.settle(folder)

    def drop_stale_locks(self, folder: str) -> None:
        """Remove lock files of a writer that was killed. Only for the holder of the lock."""
        self._folders.drop_stale_locks(folder)

    def folders(self) -> Iterator[str]:
        return self._folders.folders()

    def move_ref(self, folder: str, ref: str, new: str, *, old: str | None) -> None:
        """Set a reference under the lock; `old` is what it must be now (None: must not exist)."""
        repo = self._folders.open(folder)
        present = repo.references.get(ref)
        if (str(present.target) if present is not None else None) != old:
            raise StaleParent
        if new == ZERO_OID:
            if present is not None:
                present.delete()
        elif present is None:
            _refuse_overlap(repo, ref)
            repo.references.create(ref, new)
        else:
            present.set_target(new, "bearhug")

    def tag(self, folder: str, name: str, target: str, *, message: str | None, author: str) -> None:
        """An annotated tag where there is a message, else a light one."""
        repo = self._folders.open(folder)
        if message:
            who = author_of(author)
            signature = pygit2.Signature(who.name, who.email)
            repo.create_tag(name, pygit2.Oid(hex=target), ObjectType.COMMIT, signature, message)
        else:
            repo.references.create(f"refs/tags/{name}", target)

    def commit_tree(self, folder: str, tree: str, parents: list[str], author: Author, message: str) -> str:
        """A commit of an existing tree, on no reference."""
        repo = self._folders.open(folder)
        signature = pygit2.Signature(author.name, author.email, int(time.time()), 0)
        oids = [pygit2.Oid(hex=parent) for parent in parents]
        return str(repo.create_commit(None, signature, signature, message, pygit2.Oid(hex=tree), oids))

    def empty_tree(self, folder: str) -> str:
        """The tree without entries, for a commit without files."""
        return str(self._folders.open(folder).TreeBuilder().write())

    def check(self, folder: str, *, deep: bool) -> list[str]:
        """What `git fsck` complains of: missing or (with `deep`) damaged objects; a line each."""
        options = ["--no-dangling", "--no-progress", *([] if deep else ["--connectivity-only"])]
        words = command("--git-dir", self._folders.path(folder), "fsck", *options)
        done = subprocess.run(words, capture_output=True, text=True, errors="replace", env=environment(), check=False)
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line and not line.startswith("notice:")]
        return lines if done.returncode else []

    def new_folder(self) -> str:
        return secrets.token_hex(12)


def _refuse_overlap(repo: pygit2.Repository, ref: str) -> None:
    """`a` and `a/b` cannot both be branches: they would be a file and a folder."""
    for other in repo.references:
        if other.startswith(f"{ref}/") or ref.startswith(f"{other}/"):
            raise Conflict(f"Reference {ref} cannot be created because {other} exists")


class Reading:
    """One opened repository, for one thread and one request."""

    def __init__(self, repo: pygit2.Repository) -> None:
        self._repo = repo

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

    def walk(self, commit: str, path: str = "", *, after: str = "", recursive: bool = True) -> Iterator[Entry]:
        """Entries below a folder, folders included, parents before their children.

        `after` is the full path of the last entry that is not wanted any more; what lies before it is never read.
        """
        folder = self._folder(commit, path)
        prefix = f"{path}/" if path else ""
        rest = after.removeprefix(prefix).split("/") if after.startswith(prefix) and after else []
        yield from self._below(folder, prefix, rest, recursive=recursive)

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
