"""Rooms that keep bytes: git folders, objects, chunks and what tends them."""

from functools import cached_property

from bearhug.base.blobs.local import LocalBlobs
from bearhug.base.signing import Signer
from bearhug.hub.git.service import Git
from bearhug.hub.git.store import Folders
from bearhug.hub.lfs.jobs import LfsJobs
from bearhug.hub.lfs.service import Lfs
from bearhug.hub.lfs.tickets import Tickets
from bearhug.hub.lfs_files.service import LfsFiles
from bearhug.hub.locks.service import Locks
from bearhug.hub.objects.records import XET
from bearhug.hub.objects.service import Objects
from bearhug.hub.packing.jobs import PackingJobs
from bearhug.hub.packing.service import Packing
from bearhug.hub.recipes.backing import ChunkBacking
from bearhug.hub.recipes.journal import Journal
from bearhug.hub.recipes.service import Recipes
from bearhug.hub.recycling.jobs import RecyclingJobs
from bearhug.hub.recycling.service import Recycling
from bearhug.hub.recycling.service import Rooms as RecyclingRooms
from bearhug.hub.repos.service import Repos
from bearhug.hub.sessions.resets import Resets
from bearhug.hub.storage.service import Storage
from bearhug.hub.xet.jobs import XetJobs
from bearhug.hub.xet.service import Rooms as XetRooms
from bearhug.hub.xet.service import Xet
from bearhug.hub.xet.tokens import Tokens as XetTokens
from bearhug.hub.xorbs.bodies import Bodies
from bearhug.hub.xorbs.service import Xorbs
from bearhug.parts.people import People


class Stores(People):
    """Where the contents of repositories lie."""

    @cached_property
    def git(self) -> Git:
        data = self.config.data
        return Git(Folders(self.config.repos, data / "pending", data / "trash"))

    @cached_property
    def repos(self) -> Repos:
        return Repos(self.db, self.bus, self.accounts, self.git)

    @cached_property
    def objects(self) -> Objects:
        blobs = LocalBlobs(self.config.blobs, accel_prefix=self.config.accel_prefix)
        return Objects(self.db, blobs, {XET: ChunkBacking(self.recipes, self._want_whole)})

    def _want_whole(self, oid: str) -> None:
        self.packing_jobs.want_whole(oid)

    @cached_property
    def xorbs(self) -> Xorbs:
        return Xorbs(self.db, Bodies(self.config.xorbs))

    @cached_property
    def recipes(self) -> Recipes:
        return Recipes(self.xorbs, Journal(self.config.shards))

    @cached_property
    def signer(self) -> Signer:
        return Signer.load(self.config.data / "secret.key")

    @cached_property
    def resets(self) -> Resets:
        return Resets(self.db, self.passwords, self.signer)

    @cached_property
    def lfs(self) -> Lfs:
        return Lfs(self.repos, self.objects, Tickets(self.signer), quota=self.config.repo_quota)

    @cached_property
    def lfs_jobs(self) -> LfsJobs:
        return LfsJobs(self.lfs, self.bus)

    @cached_property
    def lfs_files(self) -> LfsFiles:
        return LfsFiles(self.repos, self.git, self.lfs, self.bus)

    @cached_property
    def xet(self) -> Xet:
        rooms = XetRooms(self.repos, self.lfs, self.xorbs, self.recipes, self.bus)
        return Xet(rooms, XetTokens(self.signer), lambda: self.settings.now().dedup_reach)

    @cached_property
    def xet_jobs(self) -> XetJobs:
        return XetJobs(self.xet, self.recipes, self.lfs)

    @cached_property
    def packing(self) -> Packing:
        return Packing(self.lfs, self.recipes, budget=self.config.file_cache)

    @cached_property
    def packing_jobs(self) -> PackingJobs:
        return PackingJobs(self.packing, self.bus, lambda: self.settings.now().pack_files)

    @cached_property
    def recycling(self) -> Recycling:
        return Recycling(RecyclingRooms(self.repos, self.git, self.lfs, self.recipes, self.xet))

    @cached_property
    def recycling_jobs(self) -> RecyclingJobs:
        return RecyclingJobs(self.recycling, self.bus)

    @cached_property
    def storage(self) -> Storage:
        return Storage(self.lfs, self.recipes, self.accounts)

    @cached_property
    def locks(self) -> Locks:
        return Locks(self.repos)
