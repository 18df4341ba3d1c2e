"""Finds the pointers of all history, each distinct blob once, with a path that it had."""

import subprocess
from collections.abc import Iterator, Sequence

import pygit2
from pygit2.enums import ObjectType

from bearhug.formats import lfs_pointer
from bearhug.hub.git.program import command, environment
from bearhug.hub.git.reading import HIDDEN
from bearhug.hub.git.records import MAIN
from bearhug.hub.git.service import Git
from bearhug.hub.lfs_files.records import PointerBlob

MOST_NAMED_REFS = 50
"""References that are looked through one by one, so that their files can be told apart; the others go together."""


def pointers(git: Git, folder: str) -> Iterator[PointerBlob]:
    """Every pointer that some commit of some reference holds; what main holds is named after main."""
    repo = git.open(folder)
    refs = sorted((ref for ref in repo.references if not ref.startswith(HIDDEN)), key=lambda ref: (ref != MAIN, ref))
    before: list[str] = []
    for ref in refs[:MOST_NAMED_REFS]:
        yield from _between(git, folder, repo, [ref], before, ref)
        before.append(ref)
    rest = refs[MOST_NAMED_REFS:]
    if rest:
        yield from _between(git, folder, repo, rest, before, None)


def _between(
    git: Git, folder: str, repo: pygit2.Repository, refs: Sequence[str], before: Sequence[str], name: str | None
) -> Iterator[PointerBlob]:
    words = command("--git-dir", git.path(folder), "rev-list", "--objects", "--stdin")
    question = "".join(f"{ref}\n" for ref in refs) + "".join(f"^{ref}\n" for ref in before)
    done = subprocess.run(words, input=question.encode(), capture_output=True, env=environment(), check=True)
    for line in done.stdout.splitlines():
        blob, _, path = line.partition(b" ")
        pointer = _pointer(repo, blob.decode()) if path else None
        if pointer is not None:
            yield PointerBlob(blob.decode(), pointer.oid, path.decode("utf-8", "replace"), name)


def _pointer(repo: pygit2.Repository, oid: str) -> lfs_pointer.Pointer | None:
    kind, size = repo.odb.read_header(oid)
    if kind != ObjectType.BLOB or not lfs_pointer.SMALLEST <= size <= lfs_pointer.LARGEST:
        return None
    return lfs_pointer.parse(repo.odb.read(oid)[1])
