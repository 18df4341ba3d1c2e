"""Everybody's page of an owner."""

from starlette.responses import Response

from bearhug.base.errors import NotFound, Unauthenticated
from bearhug.base.html import markdown
from bearhug.base.html.pages import Pages
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.access.rules import may_administer
from bearhug.hub.access.who import Who
from bearhug.hub.accounts.records import Owner
from bearhug.hub.browse.service import Shelves
from bearhug.hub.feed.records import Activity
from bearhug.hub.feed.service import Feed
from bearhug.hub.likes.service import Likes
from bearhug.hub.profiles.service import Profiles

ROWS = 12
MOST_MEMBERS = 48
MOST_LIKES = 50
MOST_NEWS = 12
TABS = ("activity", "likes")


class OwnerPages:
    """Users with their organizations and likes; organizations with their card and members."""

    def __init__(self, shelves: Shelves, profiles: Profiles, likes: Likes, pages: Pages, who: Who) -> None:
        self._shelves = shelves
        self._feed = Feed(shelves.db)
        self._profiles = profiles
        self._likes = likes
        self._pages = pages
        self._who = who

    def rows(self) -> list[Row]:
        about = "A user or an organization and their repositories"
        return [Row("GET", "/{ns}", self.owner, about, page=True, returns="HTML", refuses=(NotFound, Unauthenticated))]

    def owner(self, call: Call) -> Response:
        actor = self._who(call)
        owner = self._profiles.owner(actor, call.params["ns"])
        return self._org(call, actor, owner) if owner.is_org else self._user(call, actor, owner)

    def _user(self, call: Call, actor: Actor, owner: Owner) -> Response:
        tab = call.one("tab") if call.one("tab") in TABS else ""
        liked = self._likes.of_user(actor, owner.name, after=0, limit=MOST_LIKES)[0] if tab == "likes" else []
        shelves = self._shelves.by_kind(actor, limit=ROWS, author=owner.name) if not tab else {}
        return self._pages.render(
            call,
            "owner_pages/user.html",
            owner=owner,
            seen=self._profiles.user(actor, owner.name),
            about=_about(owner),
            shelves=shelves,
            liked=liked,
            news=self._news(actor, owner) if tab == "activity" else [],
            tab=tab,
            is_self=actor.user_id == owner.id,
        )

    def _news(self, actor: Actor, owner: Owner) -> list[Activity]:
        with self._feed.db.reading() as tx:
            return self._feed.of_one(tx, actor, owner.id, owner.name, limit=MOST_NEWS)

    def _org(self, call: Call, actor: Actor, owner: Owner) -> Response:
        return self._pages.render(
            call,
            "owner_pages/org.html",
            owner=owner,
            seen=self._profiles.org(actor, owner.name),
            about=_about(owner),
            members=self._profiles.members(actor, owner.name, after="", limit=MOST_MEMBERS),
            shelves=self._shelves.by_kind(actor, limit=ROWS, author=owner.name),
            own_role=actor.orgs.get(owner.id),
            administers=may_administer(actor, owner.id, owner.name, is_org=True),
        )


def _about(owner: Owner) -> markdown.Text | None:
    """What somebody says of themselves; relative addresses lead to what they own."""
    here = markdown.Place(f"/{owner.name}/", f"/{owner.name}/")
    return markdown.render(owner.bio, here) if owner.bio.strip() else None
