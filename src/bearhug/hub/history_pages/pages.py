"""The history of a repository: lists of commits, and what one commit changed."""

from starlette.responses import Response

from bearhug.base.errors import NotFound
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.file_pages.wire import REFUSALS
from bearhug.hub.files.wire import revision_and_path
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repo_pages.service import Sources
from bearhug.hub.repos.wire import name_of

ROWS = 50
MOST_PAGES = 1_000_000
MOST_LINES = 5000


class CommitPages:
    """Histories of a branch, a folder or a file, and single commits."""

    def __init__(self, frame: Frame, sources: Sources) -> None:
        self._frame = frame
        self._sources = sources

    def rows(self) -> list[Row]:
        one = "/{kind}/{ns}/{name}"
        return [
            Row(
                "GET",
                f"{one}/commits/{{rev}}/{{path*}}",
                self.commits,
                "The history of a branch, a folder or a file",
                audience="reader",
                page=True,
                returns="HTML",
                refuses=REFUSALS,
            ),
            Row(
                "GET",
                f"{one}/commit/{{oid}}",
                self.commit,
                "What a commit changed",
                audience="reader",
                page=True,
                returns="HTML",
                refuses=(*REFUSALS, NotFound),
            ),
        ]

    def commits(self, call: Call) -> Response:
        actor, name = self._frame.who(call), name_of(call)
        rev, path = revision_and_path(call)
        page = call.number("p", 0, most=MOST_PAGES)
        band = self._frame.band(call)
        found = self._sources.history.commits(actor, name, rev, page=page, limit=ROWS, path=path.strip("/"))
        return self._frame.render(
            call,
            "history_pages/commits.html",
            band,
            found=found,
            page=page,
            refs=self._sources.refs.list(actor, name, pulls=False),
            rev=rev,
            path=path.strip("/"),
            view="commits",
            tab="commits",
        )

    def commit(self, call: Call) -> Response:
        band = self._frame.band(call)
        entered, comparison = self._sources.history.commit(self._frame.who(call), name_of(call), call.params["oid"])
        return self._frame.render(
            call,
            "history_pages/commit.html",
            band,
            entered=entered,
            comparison=comparison,
            most_lines=MOST_LINES,
            tab="commits",
        )
