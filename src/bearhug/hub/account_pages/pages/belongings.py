"""What one has: organizations and invitations to them, room that repositories take, requests for gated ones."""

from starlette.responses import Response

from bearhug.base.http.answers import redirect
from bearhug.base.http.call import LARGEST_ID, Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.account_pages.pages.desk import Desk, number, post
from bearhug.hub.account_pages.service import Belongings

ORGS, STORAGE, GATED = "/settings/organizations", "/settings/storage", "/settings/gated"
MOST_ROWS = 1_000_000


class BelongingsPages:
    """Lists, with an address for every page of them."""

    def __init__(self, belongings: Belongings, desk: Desk) -> None:
        self._belongings = belongings
        self._desk = desk

    def rows(self) -> list[Row]:
        return [
            self._desk.form(ORGS, self.orgs, "One's organizations and invitations"),
            post(ORGS, self.decide, "Accept or decline an invitation"),
            self._desk.form(STORAGE, self.storage, "What one's repositories take up"),
            self._desk.form(GATED, self.gated, "What one asked for"),
            self._desk.form("/settings/appearance", self.appearance, "Language and theme"),
        ]

    def orgs(self, call: Call, actor: Actor) -> Response:
        memberships, invitations = self._belongings.orgs(actor)
        return self._desk.render(call, "account_pages/orgs.html", memberships=memberships, invitations=invitations)

    def decide(self, call: Call) -> Response:
        actor, form = self._desk.owner(call), call.form()
        org = self._belongings.invitations.decide(actor, number(only(form, "id")), accept="accept" in form)
        return redirect(f"/{org.name}" if "accept" in form else ORGS, status=303)

    def storage(self, call: Call, actor: Actor) -> Response:
        skip = call.number("skip", 0, most=MOST_ROWS)
        return self._desk.render(
            call, "account_pages/storage.html", bill=self._belongings.storage(actor, skip=skip), skip=skip
        )

    def gated(self, call: Call, actor: Actor) -> Response:
        before = call.place("before", LARGEST_ID)
        asked, following = self._belongings.asked(actor, before=before)
        return self._desk.render(call, "account_pages/gated.html", asked=asked, following=following)

    def appearance(self, call: Call, _actor: Actor) -> Response:
        return self._desk.render(call, "account_pages/appearance.html")
