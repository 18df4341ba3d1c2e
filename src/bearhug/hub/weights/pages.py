"""The table of a model's tensors."""

from collections import Counter

from starlette.responses import Response

from bearhug.base.errors import EntryNotFound, GatedRepo, RepoNotFound, RevisionNotFound, Unprocessable
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.files.wire import revision_and_path
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repos.wire import name_of
from bearhug.hub.weights.listing import Listing

ROWS = 100
MOST_PAGES = 10_000
REFUSALS = (RepoNotFound, RevisionNotFound, EntryNotFound, GatedRepo, Unprocessable)


class WeightPages:
    """Name, type, shape and bytes of each tensor, a hundred to a page, some of them by name."""

    def __init__(self, frame: Frame, listing: Listing) -> None:
        self._frame = frame
        self._listing = listing

    def rows(self) -> list[Row]:
        path, summary = "/{kind}/{ns}/{name}/tensors/{rev}/{path*}", "The tensors of a model"
        return [Row("GET", path, self.tensors, summary, audience="reader", page=True, returns="HTML", refuses=REFUSALS)]

    def tensors(self, call: Call) -> Response:
        rev, path = revision_and_path(call)
        band = self._frame.band(call)
        found = self._listing.tensors(self._frame.who(call), name_of(call), rev, path.strip("/"))
        asked = (call.one("q") or "")[:200]
        rows = [row for row in found.rows if asked.lower() in row.name.lower()]
        page = call.number("p", 0, most=MOST_PAGES)
        elements = Counter[str]()
        for row in found.rows:
            elements[row.dtype] += row.elements
        return self._frame.render(
            call,
            "weights/tensors.html",
            band,
            found=found,
            rows=rows[page * ROWS : (page + 1) * ROWS],
            count=len(rows),
            more=len(rows) > (page + 1) * ROWS,
            page=page,
            asked=asked,
            elements=elements.most_common(),
            size=sum(row.size or 0 for row in found.rows),
            rev=rev,
            tab="card",
        )
