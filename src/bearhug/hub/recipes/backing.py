"""Objects whose bytes are chunks: what serves them to everybody who does not speak Xet."""

from collections import OrderedDict
from collections.abc import Callable, Iterator

from bearhug.base.content import Block, Content
from bearhug.base.errors import EntryNotFound
from bearhug.hub.objects.records import StoredObject
from bearhug.hub.recipes.records import Recipe
from bearhug.hub.recipes.service import Recipes

OFTEN = 2
REMEMBERED = 4096


class ChunkBacking:
    """Puts files together again while they are read."""

    def __init__(self, recipes: Recipes, want_whole: Callable[[str], None] = lambda _oid: None) -> None:
        self._recipes = recipes
        self._want_whole = want_whole
        self._reads: OrderedDict[str, int] = OrderedDict()

    def content(self, found: StoredObject) -> Content:
        """The bytes for sending. The recipe is read when they are wanted, so that asking for headers costs little."""

        def read(start: int, size: int) -> bytes:
            return b"".join(self._recipes.blocks(self._need(found), start, min(start + size, found.size)))

        def blocks(start: int, end: int) -> Iterator[Block]:
            if end - start == found.size:
                self._count(found.oid)
            return self._recipes.blocks(self._need(found), start, end)

        return Content(found.size, f'"{found.oid}"', read=read, blocks=blocks)

    def blocks(self, found: StoredObject) -> Iterator[Block]:
        """The bytes in order."""
        recipe = self._need(found)
        return self._recipes.blocks(recipe, 0, recipe.size)

    def has(self, found: StoredObject) -> bool:
        """Whether all chunks are really there."""
        with self._recipes.db.reading() as tx:
            recipe = self._recipes.get(tx, found.xet_hash or "")
            return recipe is not None and recipe.size == found.size and self._recipes.is_whole(tx, recipe)

    def _count(self, oid: str) -> None:
        """Tell of files that are read whole a second time: putting them together each time costs more than keeping."""
        count = self._reads.pop(oid, 0) + 1
        self._reads[oid] = count
        if count == OFTEN:
            self._want_whole(oid)
        while len(self._reads) > REMEMBERED:
            self._reads.popitem(last=False)

    def _need(self, found: StoredObject) -> Recipe:
        with self._recipes.db.reading() as tx:
            recipe = self._recipes.get(tx, found.xet_hash or "")
        if recipe is None:
            raise EntryNotFound("The chunks of this file are not on the hub.")
        return recipe
