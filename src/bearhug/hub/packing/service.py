"""Turns whole files into chunks, and keeps some of them whole as long as they are wanted often."""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence

from bearhug.base.content import Block
from bearhug.base.db import Tx
from bearhug.formats.xet_packer import FilePacker
from bearhug.formats.xet_shard import FileRecipe
from bearhug.formats.xet_xorb import ByteSink, XorbIndex
from bearhug.hub.lfs.service import Lfs
from bearhug.hub.objects.records import FILE, XET, StoredObject
from bearhug.hub.packing.known import KnownChunks
from bearhug.hub.recipes.records import Recipe
from bearhug.hub.recipes.service import Recipes
from bearhug.hub.xorbs.spool import Spool

log = logging.getLogger("bearhug.packing")

BATCH_BYTES = 8 << 30
BATCH_FILES = 500
"""What is packed together; small files share xorbs."""
MOST_FILES = 500
LARGEST_SHARE = 4
"""One file may take a quarter of the room for whole files."""

Say = Callable[[float, str], None]


class Packing:
    """Files of one repository are packed against what it has, and against what any file has that begins alike."""

    def __init__(self, lfs: Lfs, recipes: Recipes, *, budget: int) -> None:
        self._lfs = lfs
        self._recipes = recipes
        self._budget = budget
        self.db = recipes.db

    def pack(self, repo_id: int, say: Say) -> int:
        """Pack what a repository has committed as whole files; how many. Stopped, it goes on with the next call."""
        done, damaged = 0, set[str]()
        while batch := self._batch(repo_id, damaged):
            total, packed = sum(found.size for found in batch), 0
            with _Bodies(self._recipes, self._owners(repo_id)) as bodies:
                known = KnownChunks(self._own(repo_id), self._related)
                packer = FilePacker(bodies.open, bodies.seal, known.find)
                for found in batch:
                    known.begin_file()
                    packer.add_file(self._told(found, packed, total, say))
                    packed += found.size
                damaged |= self._keep(batch, packer.close())
            done += len(batch)
        self.trim()
        return done

    def _told(self, found: StoredObject, before: int, total: int, say: Say) -> Iterator[Block]:
        done = before
        for block in self._lfs.objects.blocks(found):
            yield block
            done += len(block)
            say(done / total, f"{done} of {total} bytes")

    def _batch(self, repo_id: int, damaged: Collection[str]) -> list[StoredObject]:
        """Files that are whole, until they are many or large together."""
        with self.db.reading() as tx:
            found = self._lfs.whole_files(tx, repo_id, limit=BATCH_FILES + len(damaged))
        batch: list[StoredObject] = []
        for item in (item for item in found if item.oid not in damaged):
            if batch and sum(other.size for other in batch) + item.size > BATCH_BYTES:
                break
            batch.append(item)
        return batch

    def _keep(self, batch: Sequence[StoredObject], files: Sequence[FileRecipe]) -> set[str]:
        """Write the journal, then the rows; what turned out to be damaged is left as it is, for fsck to tell of."""
        named = {found.oid: file for found, file in zip(batch, files, strict=True) if _oid(file) == found.oid}
        damaged = {found.oid for found in batch} - named.keys()
        if damaged:
            log.error("stored files are damaged: %s", ", ".join(sorted(damaged)))
        if named:
            shard = self._recipes.journal.write(list(named.values()))
            with self.db.writing() as tx:
                for oid, recipe in zip(
                    named, self._recipes.add(tx, [*named.values()], shard, proved=True), strict=True
                ):
                    self._lfs.prove(tx, recipe.hash, oid, recipe.size)
        return damaged

    # what is known -----------------------------------------------------------------------------------------

    def _owners(self, repo_id: int) -> list[int]:
        with self.db.reading() as tx:
            repo = self._lfs.repos.get(tx, repo_id)
        return [repo.owner_id] if repo else []

    def _own(self, repo_id: int) -> Iterator[XorbIndex]:
        with self.db.reading() as tx:
            hashes = self._lfs.files_in_chunks(tx, repo_id, limit=MOST_FILES)
            found = {recipe.hash: recipe for recipe in self._recipes.many(tx, hashes)}
        yield from self._indexes([found[digest] for digest in dict.fromkeys(hashes) if digest in found])

    def _related(self, chunk_hash: bytes) -> Iterator[XorbIndex]:
        with self.db.reading() as tx:
            xorb_ids = self._recipes.xorbs.marked(tx, chunk_hash)
            found = [recipe for xorb_id in xorb_ids for recipe in self._recipes.with_xorb(tx, xorb_id, limit=4)]
        yield from self._indexes(found)

    def _indexes(self, recipes: Sequence[Recipe]) -> Iterator[XorbIndex]:
        for recipe in recipes:
            for digest in recipe.xorbs:
                index = self._recipes.xorbs.index(digest)
                if index is not None:
                    yield index

    # whole files beside chunks -----------------------------------------------------------------------------

    def cache(self, oid: str) -> None:
        """Keep a whole file beside its chunks, because it is read often."""
        with self.db.reading() as tx:
            found = self._lfs.objects.get(tx, oid)
        if found is None or found.backing == FILE or found.size > self._budget // LARGEST_SHARE:
            return
        self._lfs.objects.make_whole(found)
        self.trim()

    def trim(self) -> int:
        """Remove whole files beside chunks until the rest fits its budget; the bytes freed."""
        return self._lfs.objects.trim_whole(XET, self._budget)

    def unpacked(self, tx: Tx, repo_id: int) -> list[StoredObject]:
        """What a repository has committed and is still whole files, the first of them."""
        return self._lfs.whole_files(tx, repo_id, limit=BATCH_FILES)

    def waiting(self, tx: Tx) -> list[int]:
        """Repositories that have whole files."""
        return self._lfs.repos_with_whole_files(tx)


def _oid(file: FileRecipe) -> str:
    return file.sha256.hex() if file.sha256 else ""


class _Bodies:
    """Places for xorbs in the making; those that were not sealed are gone at the end."""

    def __init__(self, recipes: Recipes, owner_ids: Collection[int]) -> None:
        self._xorbs = recipes.xorbs
        self._owner_ids = owner_ids
        self._open: dict[int, Spool] = {}

    def __enter__(self) -> "_Bodies":
        return self

    def __exit__(self, *_error: object) -> None:
        for spool in self._open.values():
            spool.close()

    def open(self) -> Spool:
        spool = self._xorbs.bodies.receive()
        self._open[id(spool)] = spool
        return spool

    def seal(self, body: ByteSink, index: XorbIndex) -> None:
        spool = self._open.pop(id(body))
        with spool:
            self._xorbs.keep_made(spool, index, self._owner_ids)
