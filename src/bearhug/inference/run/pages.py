"""The page of a model's widget: for readers without script, and where scripts get its pieces from."""

from typing import Any

from starlette.responses import Response

from bearhug.base.errors import NotFound, RepoNotFound
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repo_pages.records import Band
from bearhug.inference.run.forms import MOST_EXAMPLES
from bearhug.inference.run.widget import Widget, widget_of

PATH = "/{ns}/{name}/widget"


class WidgetPages:
    """GET the widget, with one of the card's examples in it."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame

    def rows(self) -> list[Row]:
        """One page."""
        about = "The page on which a model is tried"
        refuses = (RepoNotFound, NotFound)
        return [Row("GET", PATH, self.page, about, audience="reader", page=True, returns="HTML", refuses=refuses)]

    def page(self, call: Call) -> Response:
        """The example that the query names."""
        band = self.band(call)
        return self.render(call, band, self.widget(band, chosen=call.number("example", 0, most=MOST_EXAMPLES)))

    def band(self, call: Call) -> Band:
        """The model's band; its address names no kind."""
        call.params.setdefault("kind", "model")
        return self.frame.band(call)

    def widget(self, band: Band, **more: Any) -> Widget:
        """The widget of the model, or NotFound."""
        found = widget_of(band.repo.full_name, band.facts, **more)
        if found is None:
            raise NotFound("This model has no task that can be tried here.")
        return found

    def render(self, call: Call, band: Band, widget: Widget, *, status: int = 200) -> Response:
        """The whole page, or the widget alone for a script."""
        if call.header("x-fragment") == "widget":
            return self.frame.pages.render(call, "run/widget.html", status=status, widget=widget)
        return self.frame.render(call, "run/page.html", band, status=status, widget=widget, tab="card")
