"""The way of what is deleted, so that no client is ever left with a wrong memory of what the hub has.

A link that no history reaches goes; then the object and its recipe that nobody links; then the xorbs that no recipe
needs are condemned, and a new epoch makes clients forget them; days later those that are still idle are removed.
Each station waits, and whoever needs a thing meanwhile saves it.
"""

import logging
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bearhug.base import clock
from bearhug.base.db import Tx
from bearhug.formats.xet_hashes import hash_to_text
from bearhug.hub.git.service import Git
from bearhug.hub.lfs.service import Lfs
from bearhug.hub.recipes.service import Recipes
from bearhug.hub.recycling import reach
from bearhug.hub.recycling.records import Discard, Step
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.service import Repos
from bearhug.hub.xet.service import Xet
from bearhug.hub.xorbs.records import StoredXorb

log = logging.getLogger("bearhug.recycling")

UNREACHED = timedelta(days=7)
"""How long a committed file stays that no history reaches: a push in the making, a branch deleted by mistake."""
UNNEEDED = timedelta(days=1)
UNUSED = timedelta(days=7)
"""How long xorbs wait for the shard that needs them: uploads of many files take days."""
CONDEMNED = timedelta(hours=48)
"""Between the new epoch and the removal: sessions that began before it must have ended."""
PAGE = 500


@dataclass(frozen=True)
class Rooms:
    """Where things are let go of."""

    repos: Repos
    git: Git
    lfs: Lfs
    recipes: Recipes
    xet: Xet


class Recycling:
    """One round takes everything a step further that has waited long enough."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self.db = rooms.repos.db

    def round(self, *, mend: bool) -> Iterator[Discard]:
        """What goes a step further; without `mend` it is only told."""
        moment = clock.now()
        for repo in self._rooms.repos.walk():
            yield from self._unlink(repo, moment - UNREACHED, mend=mend)
        yield from self._forget_objects(mend=mend)
        yield from self._forget_recipes(moment - UNNEEDED, mend=mend)
        yield from self._remove(moment - CONDEMNED, mend=mend)
        yield from self._condemn(moment - UNUSED, mend=mend)

    # links -------------------------------------------------------------------------------------------------

    def _unlink(self, repo: Repo, before: datetime, *, mend: bool) -> Iterator[Discard]:
        if not self._has_old_links(repo, before):
            return
        try:
            if mend:
                reach.forget_old_moves(self._rooms.git, repo.folder)
            reached = reach.reached(self._rooms.git, repo.folder)
        except (OSError, subprocess.CalledProcessError):
            log.exception("the history of %s cannot be read; nothing of it is given up", repo.full_name)
            return
        after = ""
        while True:
            with self.db.reading() as tx:
                links = self._rooms.lfs.committed(tx, repo.id, after=after, limit=PAGE)
            if not links:
                return
            after = links[-1].oid
            gone = [link for link in links if link.oid not in reached and (link.committed_at or before) < before]
            for link in gone:
                yield Discard(Step.UNLINK, f"{repo.full_name} {link.oid}", "no history reaches it", link.size)
            if gone and mend:
                with self.db.writing() as tx:
                    self._rooms.lfs.unlink(tx, repo.id, [link.oid for link in gone])

    def _has_old_links(self, repo: Repo, before: datetime) -> bool:
        with self.db.reading() as tx:
            return self._rooms.lfs.has_committed(tx, repo.id, before)

    # objects and recipes -----------------------------------------------------------------------------------

    def _forget_objects(self, *, mend: bool) -> Iterator[Discard]:
        for found in self._rooms.lfs.unheld():
            size = found.size if found.backing == "file" or found.whole else 0
            yield Discard(Step.FORGET, f"object {found.oid}", "no repository holds it", size)
        if mend:
            self._rooms.lfs.collect()

    def _forget_recipes(self, before: datetime, *, mend: bool) -> Iterator[Discard]:
        for recipe in self._rooms.recipes.walk(before=before):
            with self.db.reading() as tx:
                needed = self._rooms.lfs.needed(tx, [recipe.hash])
            if not needed and (not mend or self._rooms.recipes.drop(recipe, self._rooms.lfs.needed)):
                yield Discard(Step.FORGET, f"file {recipe.hash}", "no object consists of it", 0)

    # xorbs -------------------------------------------------------------------------------------------------

    def _condemn(self, before: datetime, *, mend: bool) -> Iterator[Discard]:
        """Clients of the new epoch do not know these xorbs; those of the old one have two days to end."""
        idle = [xorb for xorb in self._idle() if xorb.condemned_at is None and xorb.seen_at < before]
        if idle and mend:
            with self.db.writing() as tx:
                self._rooms.recipes.xorbs.condemn(tx, [xorb.id for xorb in idle])
                self._rooms.xet.next_epoch(tx)
        for xorb in idle:
            yield Discard(Step.CONDEMN, _name(xorb), "no file needs it", xorb.body_length)

    def _remove(self, before: datetime, *, mend: bool) -> Iterator[Discard]:
        def is_idle(tx: Tx, found: StoredXorb) -> bool:
            waited = found.condemned_at is not None and found.condemned_at < before
            return waited and not self._rooms.recipes.used(tx, [found.id])

        for xorb in self._idle():
            if xorb.condemned_at is None or xorb.condemned_at >= before:
                continue
            if not mend or self._rooms.recipes.xorbs.remove(xorb, is_idle):
                yield Discard(Step.REMOVE, _name(xorb), "it was condemned two days ago", xorb.body_length)

    def _idle(self) -> Iterator[StoredXorb]:
        """Xorbs that no recipe needs."""
        page: list[StoredXorb] = []
        for xorb in self._rooms.recipes.xorbs.walk():
            page.append(xorb)
            if len(page) == PAGE:
                yield from self._unused(page)
                page = []
        yield from self._unused(page)

    def _unused(self, page: list[StoredXorb]) -> list[StoredXorb]:
        with self.db.reading() as tx:
            used = self._rooms.recipes.used(tx, [xorb.id for xorb in page])
        return [xorb for xorb in page if xorb.id not in used]


def _name(xorb: StoredXorb) -> str:
    return f"xorb {hash_to_text(xorb.hash)}"
