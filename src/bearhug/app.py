"""The composition root: what listens, what answers and what is shown; the rooms themselves stand in `parts/`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property

from bearhug.base.html.pages import Pages
from bearhug.base.html.places import OF_THE_HUB, Place
from bearhug.base.http.edge import Edge
from bearhug.base.http.router import Router
from bearhug.base.http.rows import Row
from bearhug.base.worker import Handle, Worker
from bearhug.config import Config
from bearhug.hub.about.absent import absent
from bearhug.hub.about.api import AboutApi
from bearhug.hub.account_pages.pages.desk import Desk as OwnDesk
from bearhug.hub.accounts.api import AccountsApi
from bearhug.hub.admin.pages.desk import Desk as AdminDesk
from bearhug.hub.archives.api import ArchivesApi
from bearhug.hub.archives.service import Archives
from bearhug.hub.cards.api import CardsApi
from bearhug.hub.commits.api import CommitsApi
from bearhug.hub.copies.api import CopiesApi
from bearhug.hub.copies.service import Copies
from bearhug.hub.doctor.service import Place as Whereabouts
from bearhug.hub.downloads import service as downloads
from bearhug.hub.files.api import FilesApi
from bearhug.hub.follows.api import FollowsApi
from bearhug.hub.gates.api import GatesApi
from bearhug.hub.git.jobs import UPKEEP, Upkeep
from bearhug.hub.history.api import HistoryApi
from bearhug.hub.info.api import InfoApi
from bearhug.hub.lfs.api import LfsApi
from bearhug.hub.lfs.stream import LfsStream
from bearhug.hub.lfs_files.api import LfsFilesApi
from bearhug.hub.likes.api import LikesApi
from bearhug.hub.listing.api import ListingApi
from bearhug.hub.locks.api import LocksApi
from bearhug.hub.metrics.api import MetricsApi
from bearhug.hub.oauth.api import OAuthApi
from bearhug.hub.orgs.api import OrgsApi
from bearhug.hub.orgs.invitations_api import InvitationsApi
from bearhug.hub.previews.slots import preview_slots
from bearhug.hub.profiles.api import ProfilesApi
from bearhug.hub.quick_search.api import QuickSearchApi
from bearhug.hub.refs.api import RefsApi
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repo_pages.records import Slots
from bearhug.hub.repo_pages.service import Fronts, PageRooms, Sources
from bearhug.hub.repo_settings.panel import gate_panel
from bearhug.hub.repos.api import ReposApi
from bearhug.hub.repos.records import ROUTE_CHOICES
from bearhug.hub.search import tables as _search_tables  # noqa: F401 - its table is made with the others
from bearhug.hub.sessions.api import SessionsApi
from bearhug.hub.site.pages import error_page
from bearhug.hub.site.people import People, PeoplePages
from bearhug.hub.site.repo_forms import RepoForms
from bearhug.hub.site.wiring import Catalogue, Site
from bearhug.hub.storage.api import StorageApi
from bearhug.hub.tokens.api import TokensApi
from bearhug.hub.transport.stream.endpoints import GitHttp
from bearhug.hub.trending.api import TrendingApi
from bearhug.hub.weights.api import WeightsApi
from bearhug.hub.weights.service import Weights
from bearhug.hub.xet.api import XetApi
from bearhug.hub.xet.stream import XetStream
from bearhug.inference.chat.pages import ChatPages
from bearhug.inference.chat.service import Chats
from bearhug.inference.chat.service import tab as chat_tab
from bearhug.inference.chat.stream import ChatStream
from bearhug.inference.cutouts.pages import CutoutPages
from bearhug.inference.cutouts.stream import CutoutStream
from bearhug.inference.deployments.api import DeploymentsApi
from bearhug.inference.deployments.pages import DeploymentPages
from bearhug.inference.deployments.panel import panel as deployments_panel
from bearhug.inference.openai.api import OpenAiApi
from bearhug.inference.openai.stream import OpenAiStream
from bearhug.inference.run.api import TasksApi
from bearhug.inference.run.endpoints import EndpointsApi
from bearhug.inference.run.pages import WidgetPages
from bearhug.inference.run.stream import RunStream, WidgetStream
from bearhug.inference.run.widget import panel as widget_panel
from bearhug.inference.usage.api import UsageApi
from bearhug.inference.usage.pages import UsagePages
from bearhug.inference.workers.figures import figures
from bearhug.parts.inference import Inference


class App(Inference):
    """A hub, put together but not yet listening."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.worker = Worker(self.db, self._handlers())
        self.mill = Worker(self.db, self._slow_handlers())
        self.bus.wake = self._wake
        self.pages = Pages({"viewer": self.identity.viewer, "instance": self.settings.now, "places": self.places})
        router, announced = Router(self._rows(), ROUTE_CHOICES), lambda: self.settings.known().public_url
        page = error_page(self.pages)
        self.edge = Edge(router, config.public_url, page, self._life, announced, self.db.is_sqlite, absent)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Where every page leads; wings add theirs."""
        return (*OF_THE_HUB, Place("Talk", "chat", "/chat"), Place("Deployments", "serve", "/deployments", tucked=True))

    @cached_property
    def slots(self) -> Slots:
        """Tabs and panels that wings show on the pages of a repository."""
        panels = (gate_panel(self.gates), widget_panel(), deployments_panel(self.deployments))
        return Slots(tabs=(chat_tab(),), panels=panels, previews=preview_slots(self.previews))

    @cached_property
    def site(self) -> Site:
        people = People(
            self.accounts,
            self.sessions,
            self.orgs,
            self.tokens,
            self.profiles,
            self.devices,
            self.follows,
            self.first_run,
            self.invitations,
            self.resets,
        )
        sources = Sources(self.files, self.history, self.refs, self.storage, self.commits)
        rooms = PageRooms(self.repos, self.git, self.cards, self.likes, self.downloads, sources)
        place = Whereabouts(self.config.data, self.config.host, self.config.port, self.config.public_url)
        own = PeoplePages(people, self.repos, self.storage, self.gates, self.likes)
        who, slots = self.identity.who, self.slots
        lists = Catalogue(self.listing, self.quick_search)
        return Site(
            people, rooms, lists, self.desks, self.settings, place, own, self.repo_forms, self.pages, who, slots
        )

    @cached_property
    def repo_forms(self) -> RepoForms:
        return RepoForms(
            self.repos,
            self.refs,
            self.gates,
            self.lfs_files,
            self.storage,
            Copies(self.repos, self.git, self.lfs),
            self.profiles,
        )

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
        frame = Frame(Fronts(self.site.rooms), self.pages, who, self.slots)
        widgets = WidgetPages(frame)
        speech = OpenAiStream(self.gateway, who, self.usage.ledger)
        chats = ChatPages(frame, Chats(self.gateway))
        cutouts = CutoutPages(self.cutouts, self.pages, who)
        return [
            *AboutApi(lambda: self.edge.router.rows).rows(),
            *self.site.rows(),
            *AccountsApi(self.accounts, who).rows(),
            *SessionsApi(self.sessions, who).rows(),
            *OrgsApi(self.orgs, who).rows(),
            *InvitationsApi(self.invitations, who).rows(),
            *TokensApi(self.tokens, who).rows(),
            *OAuthApi(self.devices).rows(),
            *FollowsApi(self.follows, who).rows(),
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
            *GatesApi(self.gates, who).rows(),
            *FilesApi(self.files, self.downloads, who, self.xet.path).rows(),
            *CommitsApi(self.commits, who).rows(),
            *ArchivesApi(Archives(self.files, self.lfs), who).rows(),
            *InfoApi(self.infos, who).rows(),
            *ListingApi(self.listing, self.infos, who).rows(),
            *TrendingApi(self.listing, self.infos, who).rows(),
            *QuickSearchApi(self.quick_search, who).rows(),
            *CardsApi(self.cards).rows(),
            *WeightsApi(Weights(self.files), who).rows(),
            *CopiesApi(Copies(self.repos, self.git, self.lfs), who).rows(),
            *TasksApi(self.runs).rows(),
            *EndpointsApi(self.runs, who).rows(),
            *RunStream(self.runs, who, self.usage.ledger).rows(),
            *speech.rows_of_models(),
            *widgets.rows(),
            *WidgetStream(self.runs, widgets, self.usage.ledger).rows(),
            *UsageApi(self.usage, who).rows(),
            *self._usage_pages().rows(),
            *cutouts.rows(),
            *CutoutStream(self.cutouts, cutouts, who, self.usage.ledger).rows(),
            *MetricsApi(self.metrics, lambda: self.edge.tally, [lambda: figures(self.workers.standings())], who).rows(),
            *DeploymentsApi(self.deployments, who).rows(),
            *DeploymentPages(self.deployments, self.pages, who).rows(),
            *OpenAiApi(self.gateway, who).rows(),
            *speech.rows(),
            *chats.rows(),
            *ChatStream(chats, speech).rows(),
        ]

    def _usage_pages(self) -> UsagePages:
        who = self.identity.who
        desk = AdminDesk(self.desks.administration, self.pages, who)
        return UsagePages(self.usage, OwnDesk(self.pages, who), desk)

    def _wake(self) -> None:
        self.worker.wake()
        self.mill.wake()

    # life --------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _life(self) -> AsyncIterator[None]:
        self.transport.settle()
        self.lfs_jobs.begin()
        self.xet_jobs.begin()
        self.packing_jobs.begin()
        self.recycling_jobs.begin()
        self.chores.begin()
        self.usage.start()
        self.worker.start()
        self.mill.start()
        self.keeper.begin()
        try:
            yield
        finally:
            self.close()

    def close(self) -> None:
        """Let the job in hand end and write down what is still in memory."""
        self.worker.close()
        self.mill.close()
        self.keeper.close()
        self.workers.close()
        self.usage.close()
        self.downloads.flush()
        self.tokens.flush()
        self.db.close()


def build(config: Config) -> App:
    """Put a hub together."""
    return App(config)
