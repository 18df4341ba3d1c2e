"""Search over everything."""

from typing import Any

from starlette.responses import Response

from bearhug.base.errors import BadRequest
from bearhug.base.html.pages import Pages
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.accounts.records import Owner
from bearhug.hub.browse.records import Results
from bearhug.hub.browse.service import Shelves
from bearhug.hub.quick_search.service import QuickSearch
from bearhug.hub.repos.records import KINDS

ROWS = 12
ROWS_OF_KIND = 30
PEOPLE = 8
MOST_PEOPLE = 100
TABS = (*KINDS, "people")


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
        chosen = call.one("type") or ""
        chosen = chosen if chosen in TABS else ""
        results, owners, actor = Results({}, {}, 0), list[Owner](), self._who(call)
        if words:
            found = self._quick.find(actor, words, ("user", "org"), limit=MOST_PEOPLE + 1)
            owners = [*found.orgs, *found.users]
            kinds = [chosen] if chosen else list(KINDS)
            try:
                results = self._shelves.found(actor, words, kinds, limit=ROWS_OF_KIND if chosen in KINDS else ROWS)
            except BadRequest as refused:
                error = refused.message
        facts: dict[str, Any] = {"words": words, "chosen": chosen, "results": results, "error": error}
        shown = [] if chosen in KINDS else owners[: MOST_PEOPLE if chosen == "people" else PEOPLE]
        people = min(len(owners), MOST_PEOPLE), len(owners) > MOST_PEOPLE
        status = 400 if error else 200
        return self._pages.render(call, "browse/search.html", status=status, owners=shown, people=people, **facts)
