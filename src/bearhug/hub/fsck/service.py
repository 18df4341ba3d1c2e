"""Walks over every repository, every stored object and every count, beside a running hub."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bearhug.base.errors import EntryNotFound
from bearhug.base.events import Bus
from bearhug.formats import lfs_pointer
from bearhug.hub.cards import jobs as cards
from bearhug.hub.fsck import store
from bearhug.hub.fsck.chunks import ChunkCheck
from bearhug.hub.fsck.records import Problem, Tally, Verdict
from bearhug.hub.git.reading import UNREADABLE, Reading
from bearhug.hub.git.records import MAIN
from bearhug.hub.git.service import Git
from bearhug.hub.lfs.service import Lfs
from bearhug.hub.objects.records import StoredObject
from bearhug.hub.recipes.service import Recipes
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.service import Repos
from bearhug.hub.transport.service import Transport
from bearhug.hub.xet.service import Xet

YOUNG = 24 * 3600.0
"""Seconds for which a file without a row may belong to somebody who is just writing it."""


@dataclass(frozen=True)
class Rooms:
    """What fsck looks into."""

    repos: Repos
    git: Git
    lfs: Lfs
    recipes: Recipes
    xet: Xet
    transport: Transport
    bus: Bus


class Fsck:
    """`deep` reads every byte: git's own full check, and the sha256 of every object."""

    def __init__(self, rooms: Rooms, *, mend: bool, deep: bool) -> None:
        self._rooms = rooms
        self._mend = mend
        self._deep = deep
        self.tally = Tally()
        self._chunks = ChunkCheck(rooms.recipes, rooms.xet, mend=mend, deep=deep)

    def run(self) -> Iterator[Problem]:
        """Every problem, as it is found."""
        yield from self._interrupted()
        folders: set[str] = set()
        for repo in self._rooms.repos.walk():
            folders.add(repo.folder)
            self.tally.repositories += 1
            yield from self._repository(repo)
        yield from self._strange_folders(folders)
        yield from self._chunks.run()
        yield from self._objects()
        yield from self._leftovers()
        yield from self._counts()

    # repositories ------------------------------------------------------------------------------------------

    def _interrupted(self) -> Iterator[Problem]:
        for folder in self._rooms.git.unsettled():
            yield self._mendable(f"repository folder {folder}", "a write was cut off here")
        if self._mend:
            self._rooms.transport.settle()

    def _repository(self, repo: Repo) -> Iterator[Problem]:
        name = f"{repo.kind} {repo.full_name}"
        if not self._rooms.git.path(repo.folder).is_dir():
            yield Problem(name, f"its folder {repo.folder}.git is gone", Verdict.LOST)
            return
        for line in self._rooms.git.check(repo.folder, deep=self._deep):
            yield Problem(name, line, Verdict.LOST)
        try:
            yield from self._content(repo, name)
        except UNREADABLE as error:
            yield Problem(name, f"it cannot be read: {error}", Verdict.LOST)

    def _content(self, repo: Repo, name: str) -> Iterator[Problem]:
        reading = self._rooms.git.read(repo.folder)
        tip = reading.ref(MAIN)
        if tip is None:
            yield Problem(name, "it has no main branch", Verdict.LOST)
        elif tip != repo.head:
            yield self._mendable(name, f"main is at {tip}, its row says {repo.head}")
            if self._mend:
                self._rooms.transport.bring_up(repo.folder)
        yield from self._pointers(repo, reading)

    def _pointers(self, repo: Repo, reading: Reading) -> Iterator[Problem]:
        """Every pointer at the tip of every reference must lead to bytes that this repository holds."""
        seen: dict[str, str] = {}
        for ref in reading.refs():
            self.tally.commits_checked += 1
            for entry in reading.walk(ref.oid):
                if entry.kind == "file" and lfs_pointer.SMALLEST <= entry.size <= lfs_pointer.LARGEST:
                    pointer = lfs_pointer.parse(reading.blob(entry.oid))
                    if pointer is not None:
                        seen.setdefault(pointer.oid, f"{ref.name}:{entry.path}")
        with self._rooms.repos.db.reading() as tx:
            missing = self._rooms.lfs.missing(tx, repo.id, seen)
        for oid in sorted(missing):
            yield Problem(f"{repo.kind} {repo.full_name}", f"{seen[oid]} has no content (sha256 {oid})", Verdict.LOST)

    def _strange_folders(self, known: set[str]) -> Iterator[Problem]:
        """A folder without a row is what a crash while creating or deleting leaves; young ones are left alone."""
        for folder in list(self._rooms.git.folders()):
            path = self._rooms.git.path(folder)
            if folder in known or time.time() - path.stat().st_mtime < YOUNG or self._rooms.repos.knows(folder):
                continue
            yield self._mendable(f"repository folder {folder}", "no repository knows it")
            if self._mend:
                self._rooms.git.discard(folder)

    # objects -----------------------------------------------------------------------------------------------

    def _objects(self) -> Iterator[Problem]:
        for page in self._rooms.lfs.objects.walk():
            for found in page:
                self.tally.objects += 1
                if not self._rooms.lfs.objects.has(found):
                    yield Problem(f"object {found.oid}", "its bytes are gone or cut short", Verdict.LOST)
                elif self._deep:
                    yield from self._hash(found)

    def _hash(self, found: StoredObject) -> Iterator[Problem]:
        digest = hashlib.sha256()
        try:
            for block in self._rooms.lfs.objects.blocks(found):
                digest.update(block)
                self.tally.bytes_hashed += len(block)
        except EntryNotFound:
            return  # deleted while we were looking
        if digest.hexdigest() != found.oid:
            yield Problem(f"object {found.oid}", "its bytes are damaged: they have another sha256", Verdict.LOST)

    def _leftovers(self) -> Iterator[Problem]:
        if not self._mend:
            return
        count = self._rooms.lfs.objects.purge_strays(time.time() - YOUNG)
        count += self._rooms.recipes.journal.sweep() + self._rooms.recipes.xorbs.bodies.sweep()
        count += self._rooms.lfs.objects.blobs.sweep() + self._rooms.git.empty_trash()
        if count:
            yield Problem("data folder", f"{count} leftovers of interrupted writes", Verdict.MENDED)

    # counts ------------------------------------------------------------------------------------------------

    def _counts(self) -> Iterator[Problem]:
        with self._rooms.repos.db.writing() as tx:
            for repo_id, count in store.wrong_likes(tx).items():
                yield self._mendable(f"repository number {repo_id}", f"its likes were not {count}")
                if self._mend:
                    store.set_likes(tx, repo_id, count)
            for repo_id in store.behind_index(tx):
                yield self._mendable(f"repository number {repo_id}", "its card index is behind its main branch")
                if self._mend:
                    self._rooms.bus.enqueue(tx, cards.INDEX, {"repo_id": repo_id}, key=f"repo:{repo_id}")
            failed = store.failed_jobs(tx)
            if failed:
                yield self._mendable("background jobs", f"{failed} failed")
                if self._mend:
                    store.retry_failed_jobs(tx)

    def _mendable(self, subject: str, text: str) -> Problem:
        return Problem(subject, text, Verdict.MENDED if self._mend else Verdict.MENDABLE)
