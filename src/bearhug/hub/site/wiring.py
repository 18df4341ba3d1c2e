"""Every page of the hub, put together from the services that it shows."""

from dataclasses import dataclass

from bearhug.base.html.diagrams import DiagramFrame
from bearhug.base.html.pages import Pages
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.admin.pages.rows import Desks, admin_rows
from bearhug.hub.branch_pages.pages import BranchPages
from bearhug.hub.branch_pages.service import RefViews
from bearhug.hub.browse.pages import BrowsePages
from bearhug.hub.browse.service import Shelves
from bearhug.hub.doctor.service import Doctor, Place
from bearhug.hub.editing.move_pages import MovePages
from bearhug.hub.editing.pages import DeletePages, EditPages
from bearhug.hub.editing.service import Editing, EditRooms
from bearhug.hub.feed.service import Feed
from bearhug.hub.file_pages.pages.rows import file_page_rows
from bearhug.hub.file_pages.service import FileViews
from bearhug.hub.file_pages.service import Rooms as FileRooms
from bearhug.hub.first_run.pages import FirstRunPages
from bearhug.hub.follows.pages import FollowsPages
from bearhug.hub.history_pages.pages import HistoryPages
from bearhug.hub.listing.service import Listing
from bearhug.hub.lists.pages import ListsPages
from bearhug.hub.lists.service import Lists
from bearhug.hub.oauth.pages import DevicePages
from bearhug.hub.previews.pages import PreviewPages
from bearhug.hub.quick_search.service import QuickSearch
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repo_pages.pages.rows import repo_page_rows
from bearhug.hub.repo_pages.records import Slots
from bearhug.hub.repo_pages.service import Fronts, PageRooms
from bearhug.hub.sessions.pages import SessionsPages
from bearhug.hub.sessions.reset_pages import ResetPages
from bearhug.hub.settings.service import Settings
from bearhug.hub.site.pages import SitePages
from bearhug.hub.site.people import People, PeoplePages
from bearhug.hub.site.repo_forms import RepoForms
from bearhug.hub.uploads.stream import upload_rows
from bearhug.hub.weights.listing import Listing as Tensors
from bearhug.hub.weights.pages import WeightPages


@dataclass(frozen=True)
class Catalogue:
    """Services that find repositories."""

    listing: Listing
    quick: QuickSearch


@dataclass(frozen=True)
class Site:
    """The pages; `rooms` are the services about repositories."""

    people: People
    rooms: PageRooms
    catalogue: Catalogue
    desks: Desks
    settings: Settings
    place: Place
    own: PeoplePages
    forms: RepoForms
    pages: Pages
    who: Who
    slots: Slots

    def rows(self) -> list[Row]:
        """The endpoints of all pages."""
        people, rooms, pages, who = self.people, self.rooms, self.pages, self.who
        sources = rooms.sources
        shelves = Shelves(rooms.repos.db, self.catalogue.listing, rooms.cards)
        editing = Editing(EditRooms(sources.commits, sources.history, sources.refs))
        frame = Frame(Fronts(rooms), pages, who, self.slots)
        return [
            *pages.statics.rows(),
            *DiagramFrame(pages.statics).rows(),
            *FirstRunPages(people.first_run, people.sessions, pages).rows(),
            *SitePages(shelves, Feed(rooms.repos.db), people.profiles, pages, who, people.first_run.is_needed).rows(),
            *SessionsPages(people.sessions, people.accounts, self.settings, pages, people.first_run.is_needed).rows(),
            *ResetPages(people.resets, people.sessions, self.settings, pages).rows(),
            *DevicePages(people.devices, pages, who).rows(),
            *FollowsPages(people.follows, pages, who).rows(),
            *ListsPages(Lists(rooms.repos.db, self.catalogue.listing, rooms.cards), pages, who).rows(),
            *BrowsePages(shelves, self.catalogue.quick, pages, who).rows(),
            *EditPages(frame, editing).rows(),
            *EditPages(frame, editing, new=True).rows(),
            *DeletePages(frame, editing).rows(),
            *MovePages(frame, editing).rows(),
            *BranchPages(frame, RefViews(sources.history), sources.refs).rows(),
            *repo_page_rows(frame, rooms.likes),
            *self.forms.rows(frame),
            *WeightPages(frame, Tensors(sources.files)).rows(),
            *file_page_rows(frame, FileViews(FileRooms(sources.files, sources.history, sources.storage))),
            *HistoryPages(frame, sources).rows(),
            *PreviewPages(pages).rows(),
            *upload_rows(frame, sources.refs, sources.commits, self.place.data / "tmp"),
            *self.own.rows(shelves, pages, who),
            *admin_rows(self.desks, self.settings, Doctor(rooms.repos.db, self.place), pages, who),
        ]
