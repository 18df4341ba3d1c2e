"""Which large files the history of a repository still reaches."""

import subprocess
from collections.abc import Iterator

import pygit2
from pygit2.enums import ObjectType

from bearhug.formats import lfs_pointer
from bearhug.hub.git.program import command, environment
from bearhug.hub.git.service import Git

REMEMBERED_DAYS = 30
"""For how long what was overwritten on a branch can still be had back."""


def forget_old_moves(git: Git, folder: str) -> None:
    """Drop what the log of references says of commits that nothing else reaches, once it is a month old."""
    words = ("reflog", "expire", f"--expire-unreachable={REMEMBERED_DAYS}.days.ago", "--expire=never", "--all")
    with git.lock(folder):
        _git(git, folder, *words)


def reached(git: Git, folder: str) -> set[str]:
    """The sha256 of every pointer that a commit of any reference, or of its log, holds; hidden references too."""
    repo = git.open(folder)
    small = f"--filter=blob:limit={lfs_pointer.LARGEST + 1}"
    listed = _git(git, folder, "rev-list", "--objects", "--all", "--reflog", small)
    return set(_pointers(repo, listed))


def _pointers(repo: pygit2.Repository, listed: bytes) -> Iterator[str]:
    for line in listed.splitlines():
        name, _, path = line.partition(b" ")
        kind, size = repo.odb.read_header(name.decode()) if path else (ObjectType.TREE, 0)
        if kind == ObjectType.BLOB and lfs_pointer.SMALLEST <= size <= lfs_pointer.LARGEST:
            pointer = lfs_pointer.parse(repo.odb.read(name.decode())[1])
            if pointer is not None:
                yield pointer.oid


def _git(git: Git, folder: str, *words: str) -> bytes:
    line = command("--git-dir", git.path(folder), *words)
    return subprocess.run(line, capture_output=True, env=environment(), check=True).stdout
