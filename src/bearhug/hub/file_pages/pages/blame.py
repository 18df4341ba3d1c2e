"""Who wrote which line of a file, and when."""

from markupsafe import Markup
from starlette.responses import Response

from bearhug.base.errors import Unprocessable
from bearhug.base.html import code
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.file_pages.service import FileViews
from bearhug.hub.file_pages.wire import MOST_PAGES, REFUSALS
from bearhug.hub.files.wire import revision_and_path
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repos.wire import name_of

LINES = 1000


class BlamePage:
    """A thousand lines to a page, those of one commit in a row together."""

    def __init__(self, frame: Frame, views: FileViews) -> None:
        self._frame = frame
        self._views = views

    def rows(self) -> list[Row]:
        summary = "Who wrote which line of a file"
        path = "/{kind}/{ns}/{name}/blame/{rev}/{path*}"
        refuses = (*REFUSALS, Unprocessable)
        return [Row("GET", path, self.blame, summary, audience="reader", page=True, returns="HTML", refuses=refuses)]

    def blame(self, call: Call) -> Response:
        rev, path = revision_and_path(call)
        band = self._frame.band(call)
        page = call.number("p", 0, most=MOST_PAGES)
        found = self._views.blame(self._frame.who(call), name_of(call), rev, path, page=page, lines=LINES)
        coloured = [Markup(line) for line in code.lines(found.text, path.rpartition("/")[2])]  # noqa: S704 - escaped
        return self._frame.render(
            call,
            "file_pages/blame.html",
            band,
            blame=found,
            lines=coloured,
            spot=found.spot,
            refs=found.spot.refs,
            rev=rev,
            path=path,
            view="blame",
            tab="files",
        )
