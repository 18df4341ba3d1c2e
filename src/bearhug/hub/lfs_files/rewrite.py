"""Rewrites history without certain blobs. Commits that never had one keep their ids; the others keep all but their
tree, parents and signatures."""

import hashlib
import os
import re
import subprocess
import tempfile
import zlib
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO

import pygit2
from pygit2.enums import ObjectType, SortMode

from bearhug.base.errors import HubError
from bearhug.hub.git.program import command, environment
from bearhug.hub.git.reading import HIDDEN

_ENTRY = re.compile(rb"([0-7]+) ([^\0]+)\0(.{20})", re.DOTALL)
_SIGNATURE = re.compile(rb"^(?:gpgsig|gpgsig-sha256|mergetag) .*\n(?: .*\n)*", re.MULTILINE)
_TAG_SIGNATURE = re.compile(rb"^-----BEGIN (?:PGP|SSH) SIGNATURE-----\n.*\Z", re.MULTILINE | re.DOTALL)
_FOLDER = b"40000"
_KINDS = {"commit": 1, "tree": 2, "tag": 4}


class Rewriting:
    """One pass over a bare repository. New objects go into one pack; references are the caller's to move."""

    def __init__(self, path: Path, blobs: Collection[str]) -> None:
        self._path = path
        self._repo = pygit2.Repository(str(path))
        self._unwanted = {bytes.fromhex(blob) for blob in blobs}
        self._trees: dict[bytes, bytes | None] = {}
        self._commits: dict[str, str] = {}

    def run(self) -> list[tuple[str, str, str]]:
        """`(reference, old, new)` for every reference whose history changes."""
        with tempfile.TemporaryFile(dir=self._path) as file:
            self._pack = _Pack(file)
            self._rewrite_commits()
            moves = [(ref, str(old), self._moved(str(old))) for ref, old in self._tips().items()]
            if self._pack.count:
                self._store(self._pack.finish())
        return [(ref, old, new) for ref, old, new in moves if old != new]

    def _tips(self) -> dict[str, pygit2.Oid]:
        found = {}
        for ref in self._repo.references:
            target = self._repo.references[ref].target
            if not ref.startswith(HIDDEN) and isinstance(target, pygit2.Oid):
                found[ref] = target
        return found

    # commits and tags --------------------------------------------------------------------------------------

    def _rewrite_commits(self) -> None:
        walker = self._repo.walk(None, SortMode.TOPOLOGICAL | SortMode.REVERSE)
        for ref in self._tips():
            peeled = self._repo.references[ref].peel()
            if isinstance(peeled, pygit2.Commit):
                walker.push(peeled.id)
        for commit in walker:
            tree = self._tree(commit.tree_id.raw)
            parents = [self._commits[str(parent)] for parent in commit.parent_ids]
            if tree == commit.tree_id.raw and parents == [str(parent) for parent in commit.parent_ids]:
                self._commits[str(commit.id)] = str(commit.id)
            else:
                self._commits[str(commit.id)] = self._write_commit(commit, tree, parents)

    def _write_commit(self, commit: pygit2.Commit, tree: bytes | None, parents: list[str]) -> str:
        root = tree if tree is not None else self._pack.add("tree", b"")
        header, _, message = commit.read_raw().partition(b"\n\n")
        lines = [f"tree {root.hex()}".encode(), *(f"parent {parent}".encode() for parent in parents)]
        kept = _SIGNATURE.sub(b"", header[header.index(b"author ") :] + b"\n")
        return self._pack.add("commit", b"\n".join(lines) + b"\n" + kept + b"\n" + message).hex()

    def _moved(self, oid: str) -> str:
        """What stands for an object now: a commit, or a tag of one."""
        known = self._commits.get(oid)
        found = self._repo[oid] if known is None else None
        if not isinstance(found, pygit2.Tag):
            return known or oid
        target = str(found.target)
        moved = self._moved(target)
        if moved == target:
            return oid
        text = found.read_raw().replace(f"object {target}".encode(), f"object {moved}".encode(), 1)
        return self._pack.add("tag", _TAG_SIGNATURE.sub(b"", text)).hex()

    # trees -------------------------------------------------------------------------------------------------

    def _tree(self, oid: bytes) -> bytes | None:
        """The tree without the unwanted blobs; None when nothing is left of it."""
        if oid not in self._trees:
            self._trees[oid] = self._rewritten(oid)
        return self._trees[oid]

    def _rewritten(self, oid: bytes) -> bytes | None:
        kind, content = self._repo.odb.read(oid.hex())
        assert kind == ObjectType.TREE
        kept: list[bytes] = []
        changed = False
        for match in _ENTRY.finditer(content):
            mode, name, target = match.groups()
            left: bytes | None = target
            if mode == _FOLDER:
                left = self._tree(target)
            elif target in self._unwanted:
                left = None
            changed = changed or left != target
            if left is not None:
                kept.append(mode + b" " + name + b"\0" + left)
        if not changed:
            return oid
        return self._pack.add("tree", b"".join(kept)) if kept else None

    # storing -----------------------------------------------------------------------------------------------

    def _store(self, file: BinaryIO) -> None:
        words = command("--git-dir", self._path, "index-pack", "--stdin")
        done = subprocess.run(words, stdin=file, capture_output=True, env=environment(), check=False)
        if done.returncode != 0:
            raise HubError(f"git could not take the new history: {done.stderr.decode(errors='replace')[:500]}")


class _Pack:
    """A pack of whole objects (gitformat-pack), written to a file; each object once."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._seen: set[bytes] = set()
        file.write(_pack_header(0))

    @property
    def count(self) -> int:
        return len(self._seen)

    def add(self, kind: str, content: bytes) -> bytes:
        """Take an object; its id."""
        oid = hashlib.sha1(b"%s %d\0%s" % (kind.encode(), len(content), content), usedforsecurity=False).digest()
        if oid not in self._seen:
            self._seen.add(oid)
            self._file.write(_entry_header(_KINDS[kind], len(content)) + zlib.compress(content))
        return oid

    def finish(self) -> BinaryIO:
        """The file from its beginning, with the number of objects and the checksum in place."""
        self._file.seek(0)
        self._file.write(_pack_header(self.count))
        self._file.flush()
        self._file.seek(0)
        digest = hashlib.sha1(usedforsecurity=False)
        while block := self._file.read(1 << 20):
            digest.update(block)
        self._file.write(digest.digest())
        self._file.flush()
        os.lseek(self._file.fileno(), 0, os.SEEK_SET)
        return self._file


def _pack_header(count: int) -> bytes:
    return b"PACK" + (2).to_bytes(4, "big") + count.to_bytes(4, "big")


def _entry_header(kind: int, size: int) -> bytes:
    """Type and length: four bits of the length first, then seven at a time."""
    out = bytearray([kind << 4 | size & 15])
    size >>= 4
    while size:
        out[-1] |= 0x80
        out.append(size & 0x7F)
        size >>= 7
    return bytes(out)
