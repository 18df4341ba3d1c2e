"""Proving: the sha256 of what came as chunks, computed from the chunks."""

import hashlib
import logging
from typing import Any

from bearhug.base.worker import Handle, Run
from bearhug.hub.lfs.service import Lfs
from bearhug.hub.recipes.service import Recipes
from bearhug.hub.xet.service import VERIFY, Xet

log = logging.getLogger("bearhug.xet")

REPORT_EVERY = 256 << 20


class XetJobs:
    """What workers do for files that came by Xet."""

    def __init__(self, xet: Xet, recipes: Recipes, lfs: Lfs) -> None:
        self._xet = xet
        self._recipes = recipes
        self._lfs = lfs

    def handlers(self) -> dict[str, Handle]:
        return {VERIFY: self.verify}

    def begin(self) -> None:
        """At the start: remove what dead writers left."""
        self._xet.begin_epochs()
        self._recipes.journal.sweep()
        self._recipes.xorbs.bodies.sweep()

    def verify(self, payload: dict[str, Any], run: Run) -> None:
        """Put a file together and hash it; then it is an object, and whoever claimed otherwise holds nothing."""
        file = str(payload["file"])
        with self._recipes.db.reading() as tx:
            recipe = self._recipes.get(tx, file)
        if recipe is None:
            return
        digest, done, told = hashlib.sha256(), 0, 0
        for block in self._recipes.blocks(recipe, 0, recipe.size):
            digest.update(block)
            done += len(block)
            if done - told >= REPORT_EVERY:
                told = done
                run.report(done / recipe.size, f"{done} of {recipe.size} bytes")
        with self._recipes.db.writing() as tx:
            self._recipes.prove(tx, recipe, digest.hexdigest())
            liars = self._lfs.prove(tx, recipe.hash, digest.hexdigest(), recipe.size)
        for repo_id in liars:
            log.warning("repository %s was sent file %s under an untrue sha256; it does not hold it", repo_id, file)
