"""Lists of models, datasets and Spaces, and search over all of them."""

from dataclasses import replace

from starlette.responses import Response

from bearhug.base.errors import BadRequest
from bearhug.base.html.pages import Pages
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.browse import wire
from bearhug.hub.browse.records import Shelf
from bearhug.hub.browse.service import Shelves
from bearhug.hub.listing.wire import cursor, question

ROWS = 30
ROWS_OF_OWNER = 12
SHOWN_PILLS = 10
MOST_PILLS = 80
SORTS = ("trending_score", "downloads", "likes", "created_at", "last_modified")


class BrowsePages:
    """Every state of a list has an address; filters are links, the search is a form."""

    def __init__(self, shelves: Shelves, pages: Pages, who: Who) -> None:
        self._shelves = shelves
        self._pages = pages
        self._who = who

    def rows(self) -> list[Row]:
        def page(path: str, summary: str) -> Row:
            answer = self.search if path == "/search" else self.listing
            return Row("GET", path, answer, summary, page=True, returns="HTML")

        return [
            page("/models", "The list of models"),
            page("/datasets", "The list of datasets"),
            page("/spaces", "The list of Spaces"),
            page("/search", "Search over everything"),
        ]

    def listing(self, call: Call) -> Response:
        kind = call.path.strip("/").removesuffix("s")
        actor, shelf, error = self._who(call), Shelf([]), ""
        try:
            shelf = self._shelves.shelf(actor, replace(question(call, kind), limit=ROWS))
        except BadRequest as refused:
            error = refused.message
        after = cursor(shelf.after)
        facets = wire.facets(kind, self._shelves.tag_counts(kind)) if actor.may_read_public else {}
        return self._pages.render(
            call,
            "browse/list.html",
            status=400 if error else 200,
            kind=kind,
            shelf=shelf,
            error=error,
            facets=facets,
            chosen=[value for key, value in wire.state(call) if key == "filter"],
            state=wire.state(call),
            sort=call.one("sort") or SORTS[0],
            sorts=SORTS,
            toggled=lambda tag: wire.toggled(call, tag),
            without=lambda key: wire.without(call, key),
            following=wire.page_at(call, after) if after else "",
            shown_pills=SHOWN_PILLS,
            most_pills=MOST_PILLS,
        )

    def search(self, call: Call) -> Response:
        words, error = (call.one("q") or "").strip()[:200], ""
        shelves: dict[str, Shelf] = {}
        if words:
            try:
                shelves = self._shelves.by_kind(self._who(call), limit=ROWS_OF_OWNER, search=words)
            except BadRequest as refused:
                error = refused.message
        status = 400 if error else 200
        return self._pages.render(call, "browse/search.html", status=status, words=words, shelves=shelves, error=error)
