"""Everybody's page of an owner."""

from typing import Any

from starlette.responses import Response

from bearhug.base.errors import BadRequest, NotFound, Unauthenticated
from bearhug.base.html import markdown
from bearhug.base.html.pages import Pages
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.access.rules import may_administer
from bearhug.hub.access.who import Who
from bearhug.hub.accounts.records import Owner
from bearhug.hub.browse.records import Shelf
from bearhug.hub.browse.service import Shelves
from bearhug.hub.feed.records import Activity
from bearhug.hub.feed.service import Feed
from bearhug.hub.likes.service import Likes
from bearhug.hub.listing.records import SORTS, Question
from bearhug.hub.listing.wire import cursor, read_cursor
from bearhug.hub.profiles.service import Profiles
from bearhug.hub.repos.records import KINDS

ROWS = 12
ROWS_OF_KIND = 24
LONGEST_NAME = 200
ORDERS = ("last_modified", "trending_score", "downloads", "likes", "created_at")
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
        return self._pages.render(
            call,
            "owner_pages/user.html",
            owner=owner,
            seen=self._profiles.user(actor, owner.name),
            about=_about(owner),
            **(self._repos(call, actor, owner) if not tab else {}),
            liked=liked,
            news=self._news(actor, owner) if tab == "activity" else [],
            tab=tab,
            is_self=actor.user_id == owner.id,
        )

    def _repos(self, call: Call, actor: Actor, owner: Owner) -> dict[str, Any]:
        """Some of each kind, or page after page of the one that the address names."""
        facts: dict[str, Any] = {"kind": "", "shelves": {}, "error": "", "orders": ORDERS, "following": ""}
        if call.one("kind") not in KINDS:
            return facts | {"shelves": self._shelves.by_kind(actor, limit=ROWS, author=owner.name)}
        kind, shelf = call.one("kind") or "", Shelf([])
        try:
            shelf = self._shelves.one(actor, _question(call, owner, kind))
        except BadRequest as refused:
            facts["error"] = refused.message
        return facts | {"kind": kind, "shelves": {kind: shelf}, "following": cursor(shelf.after) or ""}

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
            **self._repos(call, actor, owner),
            own_role=actor.orgs.get(owner.id),
            administers=may_administer(actor, owner.id, owner.name, is_org=True),
        )


def _question(call: Call, owner: Owner, kind: str) -> Question:
    """One kind of an owner: those with a part of a name, in the order that is asked for."""
    name, order = (call.one("name") or "").strip()[:LONGEST_NAME], call.one("sort")
    sort = SORTS[order if order in ORDERS else ORDERS[0]]
    after = read_cursor(call.one("cursor"))
    return Question(kind, owner.name, names=(name,) if name else (), sort=sort, limit=ROWS_OF_KIND, after=after)


def _about(owner: Owner) -> markdown.Text | None:
    """What somebody says of themselves; relative addresses lead to what they own."""
    here = markdown.Place(f"/{owner.name}/", f"/{owner.name}/")
    return markdown.render(owner.bio, here) if owner.bio.strip() else None
