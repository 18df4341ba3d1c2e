"""What clients are told of chunks that need not be sent again: only such as files consist of that they may read."""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from bearhug.base.db import Tx
from bearhug.formats.arrays import NDArray, np
from bearhug.formats.xet_hashes import HASH_LENGTH
from bearhug.formats.xet_shard import RECORD_LENGTH, ShardFooter
from bearhug.formats.xet_xorb import XorbIndex
from bearhug.hub.lfs.service import Lfs
from bearhug.hub.recipes.records import Recipe
from bearhug.hub.recipes.service import Recipes
from bearhug.hub.settings.records import Reach
from bearhug.hub.xet.records import ChunkLists, Visit
from bearhug.hub.xet.sessions import Session

MOST_CHUNKS = (20 << 20) // RECORD_LENGTH
"""In one answer: 20 MiB, which speak of some 28 GB of data."""
MOST_FILES = 2000
MOST_TERMS = 200_000
FOREIGN_DAYS = 3
"""For how long chunks of other repositories may be remembered."""


class Knowledge:
    """Answers deduplication queries. The first of a session gets all that the repository has, newest first."""

    def __init__(self, recipes: Recipes, lfs: Lfs) -> None:
        self._recipes = recipes
        self._lfs = lfs

    def answer(
        self, visit: Visit, session: Session, chunk_hash: bytes, reach: Reach, *, first: bool
    ) -> ChunkLists | None:
        """What to tell about a chunk; None for nothing.

        Clients ask about what they do not know, so they are told again if they ask again, up to a limit.
        """
        with self._recipes.db.reading() as tx:
            files = self._own(tx, visit) if first else self._hits(tx, visit, chunk_hash, Reach.REPOSITORY)
            about = ShardFooter(created=int(time.time()))
            if not files and reach is not Reach.REPOSITORY:
                files, about = self._hits(tx, visit, chunk_hash, reach), _foreign()
        lists = self._lists(files, session.told if session.repeats > MOST_CHUNKS else ())
        if not lists:
            return None
        session.note(lists)
        self._let_name(visit, lists)
        return ChunkLists(lists, about)

    def _own(self, tx: Tx, visit: Visit) -> list[Recipe]:
        """What the repository consists of, newest first."""
        hashes = self._lfs.files_in_chunks(tx, visit.repo_id, limit=MOST_FILES)
        found = {recipe.hash: recipe for recipe in self._recipes.many(tx, hashes)}
        return [found[digest] for digest in dict.fromkeys(hashes) if digest in found]

    def _hits(self, tx: Tx, visit: Visit, chunk_hash: bytes, reach: Reach) -> list[Recipe]:
        """Files with this chunk that the client may read."""
        candidates = {
            recipe.hash: recipe
            for xorb_id in self._recipes.xorbs.marked(tx, chunk_hash)
            for recipe in self._recipes.with_xorb(tx, xorb_id, limit=20)
        }
        return [recipe for recipe in candidates.values() if self._may_read(tx, visit, recipe, reach)]

    def _may_read(self, tx: Tx, visit: Visit, recipe: Recipe, reach: Reach) -> bool:
        for repo in self._lfs.readers(tx, recipe.hash):
            if repo.id == visit.repo_id:
                return True
            is_open = not (repo.private or repo.gated or repo.disabled)
            same_owner = repo.owner_id == visit.owner_id
            if reach is Reach.INSTANCE and is_open:
                return True
            if reach is not Reach.REPOSITORY and same_owner and (is_open or visit.ticket.insider):
                return True
        return False

    def _lists(self, files: Iterable[Recipe], told: Collection[bytes]) -> list[XorbIndex]:
        """The xorbs of files as far as these files consist of them; other chunks in them stay unnamed."""
        used: dict[bytes, NDArray[np.bool_]] = {}
        room, terms = MOST_CHUNKS, 0
        for recipe in files:
            terms += len(recipe.terms)
            if terms > MOST_TERMS:
                break
            for xorb_hash, _, _, start, end in recipe.terms.tolist():
                if xorb_hash in told:
                    continue
                if xorb_hash not in used:
                    count = self._recipes.xorbs.need(xorb_hash).count
                    if count > room:
                        continue
                    room -= count
                    used[xorb_hash] = np.zeros(count, np.bool_)
                used[xorb_hash][start:end] = True
        return [_only(self._recipes.xorbs.need(xorb_hash), mask) for xorb_hash, mask in used.items()]

    def _let_name(self, visit: Visit, lists: Sequence[XorbIndex]) -> None:
        """What a client was told of, it may use; also after the file is gone from which it was."""
        hashes = [index.xorb_hash for index in lists]
        with self._recipes.db.reading() as tx:
            ids = set(self._recipes.xorbs.ids_of(tx, hashes).values())
            ids -= self._recipes.xorbs.known_to(tx, visit.knowers, ids)
        if ids:
            with self._recipes.db.writing() as tx:
                self._recipes.xorbs.tell(tx, visit.knowers, ids)


def _only(index: XorbIndex, mask: NDArray[np.bool_]) -> XorbIndex:
    if mask.all():
        return index
    hashes = np.frombuffer(index.hashes, np.uint8).reshape(-1, HASH_LENGTH).copy()
    hashes[~mask] = 0
    return replace(index, hashes=hashes.tobytes())


def _foreign() -> ShardFooter:
    """Chunks of other repositories are named under a key of their own, and not for long."""
    created = int(time.time())
    return ShardFooter(secrets.token_bytes(HASH_LENGTH), created, created + FOREIGN_DAYS * 86400)
