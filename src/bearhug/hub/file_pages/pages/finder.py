"""Going to a file by some words of its path."""

from starlette.responses import Response

from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.file_pages.service import FileViews
from bearhug.hub.file_pages.wire import REFUSALS
from bearhug.hub.files.wire import revision_and_path
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repos.wire import name_of

LONGEST = 200


class FinderPage:
    """A list of files that becomes shorter with every word."""

    def __init__(self, frame: Frame, views: FileViews) -> None:
        self._frame = frame
        self._views = views

    def rows(self) -> list[Row]:
        summary = "Find a file by words of its path"
        path = "/{kind}/{ns}/{name}/find/{rev}/{path*}"
        return [Row("GET", path, self.find, summary, audience="reader", page=True, returns="HTML", refuses=REFUSALS)]

    def find(self, call: Call) -> Response:
        rev, _ = revision_and_path(call)
        words = (call.one("words") or "")[:LONGEST]
        band = self._frame.band(call)
        spot, hits = self._views.find(self._frame.who(call), name_of(call), rev, words)
        return self._frame.render(
            call,
            "file_pages/find.html",
            band,
            hits=hits,
            words=words,
            refs=spot.refs,
            rev=rev,
            path="",
            view="tree",
            tab="files",
        )
