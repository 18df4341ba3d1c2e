"""The composition root: what the hub is made of, as a table of contents."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property

from bearhug.base.blobs.local import LocalBlobs
from bearhug.base.db import Database
from bearhug.base.events import Bus, sweep
from bearhug.base.html.pages import Pages
from bearhug.base.http.edge import Edge
from bearhug.base.http.router import Router
from bearhug.base.http.rows import Row
from bearhug.base.signing import Signer
from bearhug.base.worker import Handle, Worker
from bearhug.config import Config
from bearhug.hub.about.api import AboutApi
from bearhug.hub.accounts.api import AccountsApi
from bearhug.hub.accounts.passwords import Cost, Passwords
from bearhug.hub.accounts.service import Accounts
from bearhug.hub.cards.api import CardsApi
from bearhug.hub.cards.jobs import CardJobs
from bearhug.hub.cards.service import Cards
from bearhug.hub.cards.validation import card_errors
from bearhug.hub.chores.jobs import DAY, HOUR, Chore, ChoreJobs
from bearhug.hub.commits.api import CommitsApi
from bearhug.hub.commits.service import Commits
from bearhug.hub.copies.api import CopiesApi
from bearhug.hub.copies.service import Copies
from bearhug.hub.doctor.service import Place
from bearhug.hub.downloads import service as downloads
from bearhug.hub.downloads.service import Downloads
from bearhug.hub.files.api import FilesApi
from bearhug.hub.files.service import Files
from bearhug.hub.follows import service as follows
from bearhug.hub.follows.api import FollowsApi
from bearhug.hub.follows.service import Follows
from bearhug.hub.git.jobs import UPKEEP, Upkeep
from bearhug.hub.git.service import Git
from bearhug.hub.git.store import Folders
from bearhug.hub.history.api import HistoryApi
from bearhug.hub.history.service import History
from bearhug.hub.identity.api import Identity
from bearhug.hub.identity.service import Actors
from bearhug.hub.info.api import InfoApi
from bearhug.hub.info.service import Infos
from bearhug.hub.lfs.api import LfsApi
from bearhug.hub.lfs.jobs import LfsJobs
from bearhug.hub.lfs.service import Lfs
from bearhug.hub.lfs.stream import LfsStream
from bearhug.hub.lfs.tickets import Tickets
from bearhug.hub.lfs_files.api import LfsFilesApi
from bearhug.hub.lfs_files.service import LfsFiles
from bearhug.hub.likes.api import LikesApi
from bearhug.hub.likes.service import Likes
from bearhug.hub.listing.api import ListingApi
from bearhug.hub.listing.service import Listing
from bearhug.hub.locks.api import LocksApi
from bearhug.hub.locks.service import Locks
from bearhug.hub.oauth.api import OAuthApi
from bearhug.hub.oauth.service import Devices
from bearhug.hub.objects.records import XET
from bearhug.hub.objects.service import Objects
from bearhug.hub.orgs.api import OrgsApi
from bearhug.hub.orgs.service import Orgs
from bearhug.hub.packing.jobs import PackingJobs
from bearhug.hub.packing.service import Packing
from bearhug.hub.profiles.api import ProfilesApi
from bearhug.hub.profiles.service import Profiles
from bearhug.hub.recipes.backing import ChunkBacking
from bearhug.hub.recipes.journal import Journal
from bearhug.hub.recipes.service import Recipes
from bearhug.hub.recycling.jobs import RecyclingJobs
from bearhug.hub.recycling.service import Recycling
from bearhug.hub.recycling.service import Rooms as RecyclingRooms
from bearhug.hub.refs.api import RefsApi
from bearhug.hub.refs.service import Refs
from bearhug.hub.repo_pages.service import PageRooms, Sources
from bearhug.hub.repos.api import ReposApi
from bearhug.hub.repos.records import ROUTE_CHOICES
from bearhug.hub.repos.service import Repos
from bearhug.hub.search import tables as _search_tables  # noqa: F401 - its table is made with the others
from bearhug.hub.search.service import Search
from bearhug.hub.sessions.api import SessionsApi
from bearhug.hub.sessions.service import Sessions
from bearhug.hub.settings.service import Settings
from bearhug.hub.site.pages import error_page
from bearhug.hub.site.wiring import People, Site
from bearhug.hub.storage.api import StorageApi
from bearhug.hub.storage.service import Storage
from bearhug.hub.tokens.api import TokensApi
from bearhug.hub.tokens.service import Tokens
from bearhug.hub.transport.hook import Hook
from bearhug.hub.transport.judge import Judge
from bearhug.hub.transport.records import Limits
from bearhug.hub.transport.service import Transport
from bearhug.hub.transport.stream.endpoints import GitHttp
from bearhug.hub.trending.service import Trending
from bearhug.hub.weights.api import WeightsApi
from bearhug.hub.weights.service import Weights
from bearhug.hub.xet.api import XetApi
from bearhug.hub.xet.jobs import XetJobs
from bearhug.hub.xet.service import Rooms as XetRooms
from bearhug.hub.xet.service import Xet
from bearhug.hub.xet.stream import XetStream
from bearhug.hub.xet.tokens import Tokens as XetTokens
from bearhug.hub.xorbs.bodies import Bodies
from bearhug.hub.xorbs.service import Xorbs


class App:
    """A hub, put together but not yet listening. Every room is made when it is first asked for."""

    def __init__(self, config: Config) -> None:
        self.config = config
        for folder in (config.data, config.repos, config.blobs, config.tmp):
            folder.mkdir(parents=True, exist_ok=True)
        self.db = Database(config.database_url)
        self.bus = Bus()
        self.worker = Worker(self.db, self._handlers())
        self.mill = Worker(self.db, self._slow_handlers())
        self.bus.wake = self.worker.wake
        self.pages = Pages({"viewer": self.identity.viewer, "instance": self.settings.now})
        self.edge = Edge(Router(self._rows(), ROUTE_CHOICES), config.public_url, error_page(self.pages), self._life)

    @cached_property
    def site(self) -> Site:
        people = People(self.accounts, self.sessions, self.orgs, self.tokens, self.profiles, self.devices)
        sources = Sources(self.files, self.history, self.refs)
        rooms = PageRooms(self.repos, self.git, self.cards, self.likes, self.downloads, sources)
        place = Place(self.config.data, self.config.host, self.config.port, self.config.public_url)
        return Site(people, rooms, self.listing, self.settings, place, self.pages, self.identity.who)

    # people ------------------------------------------------------------------------------------------------

    @cached_property
    def settings(self) -> Settings:
        return Settings(self.db)

    @cached_property
    def passwords(self) -> Passwords:
        return Passwords(Cost(memory=self.config.password_memory))

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self.db, self.passwords, self.settings)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self.db, self.passwords, self.settings)

    @cached_property
    def orgs(self) -> Orgs:
        return Orgs(self.db, self.accounts)

    @cached_property
    def tokens(self) -> Tokens:
        return Tokens(self.db)

    @cached_property
    def identity(self) -> Identity:
        return Identity(Actors(self.db, self.settings, self.sessions, self.orgs, self.tokens))

    @cached_property
    def devices(self) -> Devices:
        return Devices(self.db, self.accounts, self.tokens)

    @cached_property
    def profiles(self) -> Profiles:
        return Profiles(self.db, self.accounts, self.orgs, self.tokens, self.repos, facts=[follows.facts])

    # repositories ------------------------------------------------------------------------------------------

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
    def xet(self) -> Xet:
        rooms = XetRooms(self.repos, self.lfs, self.xorbs, self.recipes, self.bus)
        return Xet(rooms, XetTokens(self.signer), lambda: self.settings.now().dedup_reach)

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
    def xet_jobs(self) -> XetJobs:
        return XetJobs(self.recipes, self.lfs)

    @cached_property
    def signer(self) -> Signer:
        return Signer.load(self.config.data / "secret.key")

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
    def locks(self) -> Locks:
        return Locks(self.repos)

    @cached_property
    def transport(self) -> Transport:
        limits = Limits(self.config.max_regular_file, self.config.repo_quota)
        return Transport(self.repos, self.git, Judge(self.lfs, limits), Hook(self.config.data / "hooks"))

    @cached_property
    def refs(self) -> Refs:
        return Refs(self.repos, self.git)

    @cached_property
    def history(self) -> History:
        return History(self.repos, self.git)

    @cached_property
    def likes(self) -> Likes:
        return Likes(self.repos, self.accounts)

    @cached_property
    def downloads(self) -> Downloads:
        return Downloads(self.db, self.bus)

    @cached_property
    def trending(self) -> Trending:
        return Trending(self.db)

    @cached_property
    def search(self) -> Search:
        return Search()

    @cached_property
    def listing(self) -> Listing:
        return Listing(self.db, self.search)

    @cached_property
    def cards(self) -> Cards:
        return Cards(self.repos, self.git, self.lfs, self.search)

    @cached_property
    def card_jobs(self) -> CardJobs:
        return CardJobs(self.cards, self.bus)

    @cached_property
    def files(self) -> Files:
        return Files(self.repos, self.git, self.lfs, self.history)

    @cached_property
    def commits(self) -> Commits:
        return Commits(self.repos, self.git, self.lfs, card_errors, largest=self.config.max_regular_file)

    @cached_property
    def infos(self) -> Infos:
        return Infos(self.repos, self.git, self.files, self.cards)

    @cached_property
    def chores(self) -> ChoreJobs:
        chores = [
            Chore("downloads", DAY, self.downloads.roll),
            Chore("rows", DAY, self._sweep_rows),
            Chore("trash", DAY, self.git.empty_trash),
            Chore("trending", HOUR, self.trending.score_all),
        ]
        return ChoreJobs(self.db, self.bus, chores)

    def _sweep_rows(self) -> None:
        with self.db.writing() as tx:
            sweep(tx)

    # what listens to jobs, and what answers ----------------------------------------------------------------

    def _handlers(self) -> dict[str, Handle]:
        """Job kinds and who runs them; subscriptions of kinds to events stand here too."""
        self.bus.subscribe("repo.pushed", UPKEEP)
        return {
            UPKEEP: Upkeep(self.git).tend,
            downloads.FLUSH: lambda _payload, _run: self.downloads.flush(),
            **self.lfs_jobs.handlers(),
            **self.card_jobs.handlers(),
            **self.chores.handlers(),
        }

    def _slow_handlers(self) -> dict[str, Handle]:
        """Jobs that keep a core busy for as long as files are large; they hold up no others."""
        return {
            **self.xet_jobs.handlers(),
            **self.packing_jobs.handlers(),
            **self.recycling_jobs.handlers(),
        }

    def _rows(self) -> list[Row]:
        """Every endpoint of the hub."""
        who = self.identity.who
        return [
            *AboutApi(lambda: self.edge.router.rows).rows(),
            *self.site.rows(),
            *AccountsApi(self.accounts, who).rows(),
            *SessionsApi(self.sessions, who).rows(),
            *OrgsApi(self.orgs, who).rows(),
            *TokensApi(self.tokens, who).rows(),
            *OAuthApi(self.devices).rows(),
            *FollowsApi(Follows(self.db, self.profiles), who).rows(),
            *ProfilesApi(self.profiles, who).rows(),
            *ReposApi(self.repos, who).rows(),
            *LfsApi(self.lfs, who).rows(),
            *LfsStream(self.lfs).rows(),
            *LfsFilesApi(self.lfs_files, who).rows(),
            *StorageApi(self.storage, who).rows(),
            *XetApi(self.xet, who).rows(),
            *XetStream(self.xet).rows(),
            *LocksApi(self.locks, who).rows(),
            *RefsApi(self.refs, who).rows(),
            *GitHttp(self.transport, who).rows(),
            *HistoryApi(self.history, who).rows(),
            *LikesApi(self.likes, who).rows(),
            *FilesApi(self.files, self.downloads, who, self.xet.path).rows(),
            *CommitsApi(self.commits, who).rows(),
            *InfoApi(self.infos, who).rows(),
            *ListingApi(self.listing, self.infos, who).rows(),
            *CardsApi(self.cards).rows(),
            *WeightsApi(Weights(self.files), who).rows(),
            *CopiesApi(Copies(self.repos, self.git, self.lfs), who).rows(),
        ]

    # life --------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _life(self) -> AsyncIterator[None]:
        self.transport.settle()
        self.lfs_jobs.begin()
        self.xet_jobs.begin()
        self.packing_jobs.begin()
        self.recycling_jobs.begin()
        self.chores.begin()
        self.worker.start()
        self.mill.start()
        try:
            yield
        finally:
            self.close()

    def close(self) -> None:
        """Let the job in hand end and write down what is still in memory."""
        self.worker.close()
        self.mill.close()
        self.downloads.flush()
        self.tokens.flush()
        self.db.close()


def build(config: Config) -> App:
    """Put a hub together."""
    return App(config)
