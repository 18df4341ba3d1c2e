"""Histories, comparisons and folder sizes."""

from starlette.responses import Response

from bearhug.base.errors import (
    BadRequest,
    EntryNotFound,
    GatedRepo,
    RepoNotFound,
    RevisionNotFound,
    Unprocessable,
)
from bearhug.base.http.answers import json_answer, page_link, text_answer
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.history.service import History
from bearhug.hub.history.wire import commit_json, comparison_json, raw_lines, wanted_spec
from bearhug.hub.repos.wire import name_of

PAGE = 50
MOST = 1000
MOST_PAGES = 1_000_000
REFUSALS = (RepoNotFound, RevisionNotFound, EntryNotFound, GatedRepo)


class HistoryApi:
    """What clients ask of the past. Revisions come encoded or with their slashes bare."""

    def __init__(self, history: History, who: Who) -> None:
        self._history = history
        self._who = who

    def rows(self) -> list[Row]:
        one = "/api/{types}/{ns}/{name}"
        return [
            Row(
                "GET",
                f"{one}/commits/{{rev*}}",
                self.commits,
                "Commits of a revision, newest first; with path= those that changed a file or folder",
                audience="reader",
                returns="[{id, title, message, authors, date, parents, formatted}], X-Total-Count, Link",
                refuses=REFUSALS,
            ),
            Row(
                "GET",
                f"{one}/compare/{{spec*}}",
                self.compare,
                "Files that differ between base..head, base...head or a commit and its parent",
                audience="reader",
                returns="{base, head, files, truncated}; with raw=true a line a file, with patch=true a unified diff",
                refuses=(*REFUSALS, BadRequest, Unprocessable),
            ),
            Row(
                "GET",
                f"{one}/treesize/{{rev}}/{{path*}}",
                self.folder_size,
                "Bytes of all files below a folder",
                audience="reader",
                returns="{path, size}",
                refuses=(*REFUSALS, Unprocessable),
            ),
        ]

    def commits(self, call: Call) -> Response:
        page = call.number("p", 0, most=MOST_PAGES)
        found = self._history.commits(
            self._who(call),
            name_of(call),
            call.params["rev"] or "main",
            page=page,
            limit=call.number("limit", PAGE, most=MOST) or PAGE,
            path=(call.one("path") or "").strip("/"),
        )
        headers = {}
        if found.total is not None:
            headers["x-total-count"] = str(found.total)
        if found.more:
            headers["link"] = f'<{page_link(call, p=str(page + 1))}>; rel="next"'
        formatted = "formatted" in call.all("expand")
        lines = [commit_json(entered, call.base_url, formatted=formatted) for entered in found.commits]
        return json_answer(lines, headers=headers)

    def compare(self, call: Call) -> Response:
        actor, name, spec = self._who(call), name_of(call), wanted_spec(call.params["spec"])
        if call.flag("raw"):
            return text_answer(raw_lines(self._history.changes(actor, name, spec)))
        if call.flag("patch"):
            return Response(self._history.patch(actor, name, spec), media_type="text/plain; charset=utf-8")
        return json_answer(comparison_json(self._history.compare(actor, name, spec)))

    def folder_size(self, call: Call) -> Response:
        path = call.params.get("path", "").strip("/")
        size = self._history.folder_size(self._who(call), name_of(call), call.params["rev"], path)
        return json_answer({"path": f"/{path}", "size": size})
