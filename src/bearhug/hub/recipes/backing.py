"""Objects whose bytes are chunks: what serves them to everybody who does not speak Xet."""

from collections.abc import Iterator

from bearhug.base.content import Content
from bearhug.base.errors import EntryNotFound
from bearhug.hub.objects.records import StoredObject
from bearhug.hub.recipes.records import Recipe
from bearhug.hub.recipes.service import Recipes


class ChunkBacking:
    """Puts files together again while they are read."""

    def __init__(self, recipes: Recipes) -> None:
        self._recipes = recipes

    def content(self, found: StoredObject) -> Content:
        """The bytes for sending. The recipe is read when they are wanted, so that asking for headers costs little."""

        def read(start: int, size: int) -> bytes:
            return b"".join(self._recipes.blocks(self._need(found), start, min(start + size, found.size)))

        def blocks(start: int, end: int) -> Iterator[bytes]:
            return self._recipes.blocks(self._need(found), start, end)

        return Content(found.size, f'"{found.oid}"', read=read, blocks=blocks)

    def blocks(self, found: StoredObject) -> Iterator[bytes]:
        """The bytes in order."""
        recipe = self._need(found)
        return self._recipes.blocks(recipe, 0, recipe.size)

    def has(self, found: StoredObject) -> bool:
        """Whether all chunks are really there."""
        with self._recipes.db.reading() as tx:
            recipe = self._recipes.get(tx, found.xet_hash or "")
            return recipe is not None and recipe.size == found.size and self._recipes.is_whole(tx, recipe)

    def _need(self, found: StoredObject) -> Recipe:
        with self._recipes.db.reading() as tx:
            recipe = self._recipes.get(tx, found.xet_hash or "")
        if recipe is None:
            raise EntryNotFound("The chunks of this file are not on the hub.")
        return recipe
