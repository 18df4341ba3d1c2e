"""Takes recipes that are true, reads files by them, and lets go of those that nobody needs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime

from bearhug.base import clock
from bearhug.base.content import Block
from bearhug.base.db import Tx
from bearhug.base.errors import Conflict
from bearhug.formats.arrays import np
from bearhug.formats.xet_hashes import HASH_LENGTH, hash_to_text
from bearhug.formats.xet_part import Part
from bearhug.formats.xet_shard import FileRecipe
from bearhug.hub.recipes import store
from bearhug.hub.recipes.journal import Journal
from bearhug.hub.recipes.records import Piece, Recipe
from bearhug.hub.xorbs.service import Xorbs

BATCH = 24
"""Chunks that are read and unpacked at a time, at most 3 MiB, which the allocator keeps."""
PAGE = 200

Held = Callable[[Tx, Collection[str]], set[str]]
"""`held(tx, hashes)`: those of the files that some object or repository needs."""


class Recipes:
    """Files by their Xet hash. The journal is written before the rows."""

    def __init__(self, xorbs: Xorbs, journal: Journal) -> None:
        self.xorbs = xorbs
        self.journal = journal
        self.db = xorbs.db

    # taking in ---------------------------------------------------------------------------------------------

    def add(self, tx: Tx, files: Sequence[FileRecipe], shard: str, *, proved: bool = False) -> list[Recipe]:
        """Write the rows of recipes that were checked. One that is there already stays unless its bytes are lost.

        `proved` says that the hub computed their sha256 itself.
        """
        needed = {digest for file in files for digest in file.terms["xorb_hash"].tolist()}
        ids = self.xorbs.ids_of(tx, needed)
        if len(ids) < len(needed):
            raise Conflict("A part of what was sent has been removed meanwhile. Send it again.")
        self.xorbs.touch(tx, ids.values())
        return [self._add_one(tx, file, shard, ids, proved=proved) for file in files]

    def _add_one(self, tx: Tx, file: FileRecipe, shard: str, ids: dict[bytes, int], *, proved: bool) -> Recipe:
        name, moment = hash_to_text(file.file_hash), clock.now()
        sha256 = file.sha256.hex() if proved and file.sha256 else None
        present = store.get(tx, name)
        if present is not None and self.is_whole(tx, present):
            store.touch(tx, present.id, moment)
            self.xorbs.touch(tx, store.xorb_ids(tx, present.id))
            if sha256 and not present.sha256:
                store.prove(tx, present.id, sha256)
            return store.get(tx, name) or present
        made = Recipe(0, name, file.size, sha256 or (present.sha256 if present else None), file.terms)
        recipe_id = store.save(tx, made, shard, moment)
        store.set_xorbs(tx, recipe_id, {ids[digest] for digest in made.xorbs})
        if len(file.terms):
            self._mark_first(tx, made, ids)
        return store.get(tx, name) or made

    def _mark_first(self, tx: Tx, made: Recipe, ids: dict[bytes, int]) -> None:
        """Clients ask about the first chunk of a file."""
        xorb_hash, _, _, start, _ = made.terms[0].tolist()
        index = self.xorbs.need(xorb_hash)
        self.xorbs.mark(tx, {(ids[xorb_hash], index.hashes[start * HASH_LENGTH : (start + 1) * HASH_LENGTH])})

    def prove(self, tx: Tx, recipe: Recipe, sha256: str) -> None:
        """The hub has computed the sha256 itself."""
        store.prove(tx, recipe.id, sha256)

    # looking -----------------------------------------------------------------------------------------------

    def get(self, tx: Tx, file_hash: str) -> Recipe | None:
        return store.get(tx, file_hash)

    def many(self, tx: Tx, hashes: Collection[str]) -> list[Recipe]:
        """Those that are there."""
        return store.many(tx, hashes)

    def with_xorb(self, tx: Tx, xorb_id: int, *, limit: int) -> list[Recipe]:
        """Recipes that need a xorb, newest first."""
        return store.with_xorb(tx, xorb_id, limit=limit)

    def sharing(self, tx: Tx, recipes: Collection[Recipe]) -> set[str]:
        """The hashes of recipes that need a xorb which one of these needs, these included."""
        return store.sharing(tx, [recipe.id for recipe in recipes])

    def is_whole(self, tx: Tx, recipe: Recipe) -> bool:
        """Whether everything it needs lies on the disk at its full length."""
        return self.xorbs.are_whole(tx, recipe.xorbs)

    def pieces(self, recipe: Recipe, start: int, end: int) -> Iterator[Piece]:
        """The chunks that have bytes of [start, end), a piece for each term, cut to whole chunks."""
        for at, xorb_hash, first, after in recipe.terms_within(start, end):
            index = self.xorbs.need(xorb_hash)
            borders = index.raw_offsets[first : after + 1] - index.raw_offsets[first] + at
            low = int(np.searchsorted(borders, start, "right")) - 1 if start > at else 0
            high = int(np.searchsorted(borders, end, "left"))
            high = min(high, after - first)
            length = int(borders[high] - borders[low])
            yield Piece(xorb_hash, first + low, first + high, int(borders[low]), length)

    def blocks(self, recipe: Recipe, start: int, end: int) -> Iterator[Block]:
        """The bytes [start, end) of a file, some MiB at a time."""
        for piece in self.pieces(recipe, start, end):
            at = piece.at
            for first in range(piece.start, piece.end, BATCH):
                block = self._decode(piece.xorb, first, min(first + BATCH, piece.end))
                after = at + len(block)
                yield block if start <= at and after <= end else block[max(start - at, 0) : end - at]
                at = after

    def _decode(self, xorb_hash: bytes, first: int, after: int) -> memoryview:
        index = self.xorbs.need(xorb_hash)
        part = Part(index, first, after)
        return part.unpack(self.xorbs.read_into(xorb_hash, int(index.offsets[first]), part.rooms))

    def walk(self, *, before: datetime | None = None) -> Iterator[Recipe]:
        """Every recipe (or those not needed anew since `before`), in short transactions."""
        after = 0
        while True:
            with self.db.reading() as tx:
                found = store.page(tx, after, limit=PAGE, before=before)
            if not found:
                return
            yield from found
            after = found[-1].id

    # letting go --------------------------------------------------------------------------------------------

    def used(self, tx: Tx, xorb_ids: Collection[int]) -> set[int]:
        """Those of the xorbs that some recipe needs."""
        return store.used(tx, xorb_ids)

    def drop(self, recipe: Recipe, held: Held) -> bool:
        """Remove a recipe that nobody needs, and its shard with the last one in it."""
        with self.db.writing() as tx:
            if held(tx, [recipe.hash]):
                return False
            shard = store.remove(tx, recipe.id)
        if shard is not None:
            self.journal.remove(shard)
        return True
