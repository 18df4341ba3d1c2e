"""The page on which pictures are cut out."""

from collections.abc import Sequence

from starlette.responses import Response

from bearhug.base.html.pages import Pages
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.inference.cutouts.records import Cut
from bearhug.inference.cutouts.service import Cutouts

PATH = "/tools/background-removal"
LARGEST = 64 << 20
MOST_AT_ONCE = 12
"""Pictures of a form that is sent without script; with script each goes by itself."""


class CutoutPages:
    """GET the page; what the form brings is shown on it too."""

    def __init__(self, cutouts: Cutouts, pages: Pages, who: Who) -> None:
        self._cutouts = cutouts
        self._pages = pages
        self._who = who

    def rows(self) -> list[Row]:
        """One page."""
        return [Row("GET", PATH, self.page, "The page that removes backgrounds", page=True, returns="HTML")]

    def page(self, call: Call) -> Response:
        """The form, with the model that the query names chosen."""
        return self.show(call, call.one("model"), ())

    def show(
        self, call: Call, model: str | None, cuts: Sequence[Cut], *, error: str = "", status: int = 200
    ) -> Response:
        """The form, and what came of the pictures that were sent."""
        actor = self._who(call)
        choice = self._cutouts.choice(actor)
        return self._pages.render(
            call,
            "cutouts/page.html",
            status=status,
            choice=choice,
            chosen=model if model and model in choice else choice.first,
            cuts=cuts,
            error=error,
            owner="you" if actor.is_anonymous else actor.name,
            url=call.base_url,
            largest=LARGEST,
            most=MOST_AT_ONCE,
        )

    def problem(self, call: Call, error: str, status: int) -> Response:
        """Why there is no picture, in the reader's language, for the page's script."""
        return self._pages.render(call, "cutouts/problem.html", status=status, error=error)
