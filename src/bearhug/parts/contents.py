"""Rooms about what repositories hold: files, history, cards, lists."""

from functools import cached_property

from bearhug.base.events import sweep
from bearhug.hub.admin.pages.rows import Desks
from bearhug.hub.admin.service import Administration
from bearhug.hub.admin.service import Rooms as AdminRooms
from bearhug.hub.admin.survey import Survey
from bearhug.hub.cards.jobs import CardJobs
from bearhug.hub.cards.service import Cards
from bearhug.hub.cards.validation import card_errors
from bearhug.hub.chores.jobs import DAY, HOUR, Chore, ChoreJobs
from bearhug.hub.commits.service import Commits
from bearhug.hub.downloads.service import Downloads
from bearhug.hub.files.service import Files
from bearhug.hub.follows import service as follows
from bearhug.hub.follows.service import Follows
from bearhug.hub.gates.service import Gates
from bearhug.hub.history.service import History
from bearhug.hub.info.service import Infos
from bearhug.hub.likes.service import Likes
from bearhug.hub.listing.service import Listing
from bearhug.hub.metrics.service import Metrics
from bearhug.hub.previews.service import Previews
from bearhug.hub.profiles.service import Profiles
from bearhug.hub.quick_search.service import QuickSearch
from bearhug.hub.refs.service import Refs
from bearhug.hub.search.service import Search
from bearhug.hub.transport.hook import Hook
from bearhug.hub.transport.judge import Judge
from bearhug.hub.transport.records import Limits
from bearhug.hub.transport.service import Transport
from bearhug.hub.trending.service import Trending
from bearhug.parts.stores import Stores


class Contents(Stores):
    """What is in repositories, and what is said of them."""

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
    def quick_search(self) -> QuickSearch:
        return QuickSearch(self.db, self.listing, self.search)

    @cached_property
    def cards(self) -> Cards:
        return Cards(self.repos, self.git, self.lfs, self.search)

    @cached_property
    def card_jobs(self) -> CardJobs:
        return CardJobs(self.cards, self.bus)

    @cached_property
    def gates(self) -> Gates:
        return Gates(self.repos, self.accounts, self.cards)

    @cached_property
    def files(self) -> Files:
        return Files(self.repos, self.git, self.lfs, self.history, self.packing_jobs.await_chunks)

    @cached_property
    def commits(self) -> Commits:
        return Commits(self.repos, self.git, self.lfs, card_errors, largest=self.config.max_regular_file)

    @cached_property
    def infos(self) -> Infos:
        return Infos(self.repos, self.git, self.files, self.cards)

    @cached_property
    def previews(self) -> Previews:
        return Previews()

    @cached_property
    def profiles(self) -> Profiles:
        return Profiles(self.db, self.accounts, self.orgs, self.tokens, self.repos, facts=[follows.facts])

    @cached_property
    def follows(self) -> Follows:
        return Follows(self.db, self.profiles)

    @cached_property
    def desks(self) -> Desks:
        rooms = AdminRooms(
            self.accounts, self.sessions, self.resets, self.profiles, self.orgs, self.repos, self.settings, self.bus
        )
        return Desks(Administration(self.db, rooms), self.survey)

    @cached_property
    def survey(self) -> Survey:
        return Survey(self.db, self.storage, self.recycling)

    @cached_property
    def metrics(self) -> Metrics:
        return Metrics(self.survey, self.storage, self.config.data)

    @cached_property
    def chores(self) -> ChoreJobs:
        return ChoreJobs(self.db, self.bus, self.what_recurs())

    def what_recurs(self) -> list[Chore]:
        """Chores; wings add theirs."""
        return [
            Chore("downloads", DAY, self.downloads.roll),
            Chore("rows", DAY, self._sweep_rows),
            Chore("trash", DAY, self.git.empty_trash),
            Chore("trending", HOUR, self.trending.score_all),
        ]

    def _sweep_rows(self) -> None:
        with self.db.writing() as tx:
            sweep(tx)
