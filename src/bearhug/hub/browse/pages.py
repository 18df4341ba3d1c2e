"""Search over everything."""

from typing import Any

from starlette.responses import Response

from bearhug.base.errors import BadRequest
from bearhug.base.html.pages import Pages
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.browse.records import Shelf
from bearhug.hub.browse.service import Shelves
from bearhug.hub.quick_search.records import Found
from bearhug.hub.quick_search.service import QuickSearch

ROWS = 12
PEOPLE = 8


class BrowsePages:
    """What is found, by kind."""

    def __init__(self, shelves: Shelves, quick: QuickSearch, pages: Pages, who: Who) -> None:
        self._quick = quick
        self._shelves = shelves
        self._pages = pages
        self._who = who

    def rows(self) -> list[Row]:
        return [Row("GET", "/search", self.search, "Search over everything", page=True, returns="HTML")]

    def search(self, call: Call) -> Response:
        words, error = (call.one("q") or "").strip()[:200], ""
        shelves: dict[str, Shelf] = {}
        found, actor = Found({}), self._who(call)
        if words:
            found = self._quick.find(actor, words, ("user", "org"), limit=PEOPLE)
            try:
                shelves = self._shelves.found(actor, words, limit=ROWS)
            except BadRequest as refused:
                error = refused.message
        facts: dict[str, Any] = {"words": words, "shelves": shelves, "error": error}
        owners = [*found.orgs, *found.users]
        return self._pages.render(call, "browse/search.html", status=400 if error else 200, owners=owners, **facts)
