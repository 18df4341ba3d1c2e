"""The first page of a repository: its card, or how to fill it."""

from starlette.responses import Response

from bearhug.base.errors import Forbidden, RepoNotFound, Unauthenticated
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.likes.service import Likes
from bearhug.hub.repo_pages import panels, wire
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repo_pages.records import Front, Panel
from bearhug.hub.repo_pages.shelf import Card, Shelf
from bearhug.hub.repos.wire import name_of


class FrontPage:
    """The card and what stands beside it; liking without script."""

    def __init__(self, frame: Frame, likes: Likes) -> None:
        self._frame = frame
        self._likes = likes
        self._shelf = Shelf()

    def rows(self) -> list[Row]:
        one = "/{kind}/{ns}/{name}"
        return [
            Row(
                "GET",
                one,
                self.front,
                "The page of a repository",
                audience="reader",
                page=True,
                returns="HTML",
                refuses=(RepoNotFound,),
            ),
            Row(
                "POST",
                f"{one}/like",
                self.like,
                "Like a repository, or no longer",
                audience="user",
                body="form",
                page=True,
                returns="a redirect",
                refuses=(RepoNotFound, Unauthenticated, Forbidden),
            ),
        ]

    def front(self, call: Call) -> Response:
        actor = self._frame.who(call)
        found = self._frame.fronts.front(actor, name_of(call))
        repo = found.band.repo
        card = self._shelf.card(found.card, wire.place(repo, "main")) if found.card else Card()
        return self._frame.render(
            call,
            "front.html",
            found.band,
            front=found,
            card=card,
            text=card.text,
            panels=self._panels(actor, found),
            tab="card",
        )

    def _panels(self, actor: Actor, front: Front) -> list[tuple[Panel, object]]:
        """The panels that have something to show, with it."""
        drawn = ((panel, panel.facts(actor, front)) for panel in panels.in_order(self._frame.slots.panels))
        return [(panel, facts) for panel, facts in drawn if facts is not None]

    def like(self, call: Call) -> Response:
        actor, name = self._frame.who(call), name_of(call)
        change = self._likes.remove if "unlike" in call.form() else self._likes.add
        change(actor, name)
        return redirect(wire.home(self._frame.band(call).repo), status=303)
