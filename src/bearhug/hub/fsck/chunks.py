"""Whether xorbs, recipes and their rows agree; rows are made again from what lies on the disk."""

from collections.abc import Iterator

from bearhug.base.errors import HubError
from bearhug.formats.xet_errors import XetFormatError
from bearhug.formats.xet_hashes import hash_to_text
from bearhug.formats.xet_merkle import merkle_root
from bearhug.formats.xet_recipes import check_recipe
from bearhug.formats.xet_shard import FileRecipe
from bearhug.formats.xet_xorb import MAX_BODY, XorbIndex, scan_xorb
from bearhug.hub.fsck.records import Problem, Verdict
from bearhug.hub.recipes.service import Recipes
from bearhug.hub.xet.service import Xet
from bearhug.hub.xorbs.records import StoredXorb


class ChunkCheck:
    """Walks over the files first, then over the rows. `deep` unpacks and hashes every chunk."""

    def __init__(self, recipes: Recipes, xet: Xet, *, mend: bool, deep: bool) -> None:
        self._recipes = recipes
        self._xorbs = recipes.xorbs
        self._xet = xet
        self._mend = mend
        self._deep = deep
        self.xorbs = 0
        self.files = 0

    def run(self) -> Iterator[Problem]:
        """Every problem. After rows were lost, clients must not go on with what they remember of them."""
        lost = list(self._bodies())
        if lost and self._mend:
            with self._xorbs.db.writing() as tx:
                self._xet.next_epoch(tx)
        yield from lost
        for row in self._xorbs.walk():
            self.xorbs += 1
            yield from self._row(row)
        yield from self._journal()

    # xorbs -------------------------------------------------------------------------------------------------

    def _bodies(self) -> Iterator[Problem]:
        """A file without a row is what a lost database leaves, or a crash between the two."""
        for digest in self._xorbs.bodies.walk():
            with self._xorbs.db.reading() as tx:
                known = bool(self._xorbs.ids_of(tx, [digest]))
            if known:
                continue
            index = self._told(digest)
            if index is None:
                yield Problem(f"xorb {hash_to_text(digest)}", "its file is damaged and no row knows it", Verdict.LOST)
                continue
            yield self._mendable(f"xorb {hash_to_text(digest)}", "no row knows it")
            if self._mend:
                self._xorbs.restore(index)

    def _told(self, digest: bytes) -> XorbIndex | None:
        """What the file says of itself, if its hashes make its name and its length fits."""
        try:
            index = self._xorbs.bodies.footer(digest)
            true = merkle_root(index.hashes, index.lengths) == digest == index.xorb_hash
        except (XetFormatError, FileNotFoundError):
            return None
        return index if true and self._xorbs.bodies.is_whole(digest, index.count, index.body_length) else None

    def _row(self, row: StoredXorb) -> Iterator[Problem]:
        name = f"xorb {hash_to_text(row.hash)}"
        if not self._xorbs.bodies.is_whole(row.hash, row.chunks, row.body_length):
            if self._is_idle(row):
                yield self._mendable(name, "its file is gone, and nobody needs it")
                return
            yield Problem(name, "its file is gone or cut short; sending its files again heals it", Verdict.LOST)
        elif self._deep and not self._is_sound(row.hash, row.body_length):
            yield Problem(name, "its chunks are damaged", Verdict.LOST)

    def _is_idle(self, row: StoredXorb) -> bool:
        """Whether no recipe needs it; then the row goes, if anything is to be mended."""
        if self._mend:
            return self._xorbs.remove(row, lambda tx, found: not self._recipes.used(tx, [found.id]))
        with self._recipes.db.reading() as tx:
            return not self._recipes.used(tx, [row.id])

    def _is_sound(self, digest: bytes, length: int) -> bool:
        try:
            return scan_xorb(self._xorbs.read(digest, 0, min(length, MAX_BODY))).xorb_hash == digest
        except (XetFormatError, HubError):
            return False

    # recipes -----------------------------------------------------------------------------------------------

    def _journal(self) -> Iterator[Problem]:
        for shard in self._recipes.journal.walk():
            try:
                files = self._recipes.journal.read(shard)
            except XetFormatError as error:
                yield Problem(f"shard {shard}", f"it is damaged: {error}", Verdict.LOST)
                continue
            for file in files:
                self.files += 1
                yield from self._file(shard, file)

    def _file(self, shard: str, file: FileRecipe) -> Iterator[Problem]:
        name = hash_to_text(file.file_hash)
        with self._recipes.db.reading() as tx:
            if self._recipes.get(tx, name) is not None:
                return
        try:
            check_recipe(file, self._xorbs.index)
        except XetFormatError:
            return  # its xorbs are gone because nobody needed it
        yield self._mendable(f"file {name}", "it is in the journal, but has no row")
        if self._mend:
            with self._recipes.db.writing() as tx:
                self._recipes.add(tx, [file], shard)
                self._xet.verify_later(tx, name)

    def _mendable(self, subject: str, text: str) -> Problem:
        return Problem(subject, text, Verdict.MENDED if self._mend else Verdict.MENDABLE)
