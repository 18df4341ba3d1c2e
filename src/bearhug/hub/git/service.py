"""What other rooms ask of git: make and open repositories, find revisions, read trees and blobs, move references."""

import secrets
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import pygit2
from pygit2.enums import ObjectType

from bearhug.base.errors import Conflict, RevisionNotFound, StaleParent
from bearhug.hub.git.importer import Importer
from bearhug.hub.git.program import command, environment
from bearhug.hub.git.reading import Reading
from bearhug.hub.git.records import MAIN, ZERO_OID, Author
from bearhug.hub.git.store import Folders, Hold, mirror_objects


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

    def read(self, folder: str) -> Reading:
        """Open for reading, for one thread."""
        return Reading(self._folders.lend(folder))

    def open(self, folder: str) -> pygit2.Repository:
        """The libgit2 handle itself, for one thread that goes through all of a repository."""
        return self._folders.open(folder)

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
