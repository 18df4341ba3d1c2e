"""GET /models, /datasets and /spaces for people."""

from dataclasses import replace

from starlette.responses import Response

from bearhug.base.errors import BadRequest
from bearhug.base.html.pages import Pages
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.listing.records import Question
from bearhug.hub.listing.wire import question, read_cursor
from bearhug.hub.lists import foreign, wire
from bearhug.hub.lists.records import Facet, Sheet, Tally
from bearhug.hub.lists.service import Lists

ROWS = 30
SHOWN = 8
MOST = 600
SORTS = ("trending_score", "downloads", "likes", "created_at", "last_modified")
SORTS_OF_MODELS = (*SORTS, "most_params", "least_params")


class ListsPages:
    """Every state of a list has an address; filters are links, the searches are forms."""

    def __init__(self, lists: Lists, pages: Pages, who: Who) -> None:
        self._lists = lists
        self._pages = pages
        self._who = who

    def rows(self) -> list[Row]:
        return [
            Row("GET", f"/{kind}", self.listing, f"The list of {words}", page=True, returns="HTML")
            for kind, words in (("models", "models"), ("datasets", "datasets"), ("spaces", "Spaces"))
        ]

    def listing(self, call: Call) -> Response:
        kind, actor = call.path.strip("/").removesuffix("s"), self._who(call)
        if own := foreign.own_address(call, kind):
            return redirect(own)
        sheet, tally, error, asked = Sheet([]), Tally(0, {}), "", Question(kind)
        try:
            backwards = bool(call.one("before"))
            asked = replace(_question(call, kind), limit=ROWS)
            tally = self._lists.tally(actor, asked)
            sheet = self._lists.sheet(actor, replace(asked, ids=tally.ids), backwards=backwards)
        except BadRequest as refused:
            error = refused.message
        is_whole = call.one("all") in wire.FACETS[kind]
        found = wire.facets(kind, tally, MOST if is_whole else SHOWN)
        address = _Addresses(call, kind, found)
        template = "lists/all.html" if is_whole else "lists/list.html"
        return self._pages.render(
            call,
            template,
            status=400 if error else 200,
            kind=kind,
            sheet=sheet,
            tally=tally,
            error=error,
            facets=found,
            address=address,
            sorts=SORTS_OF_MODELS if kind == "model" else SORTS,
            following=wire.beyond(call.path, address.state, "cursor", sheet.last, asked.sort) if sheet.last else "",
            preceding=wire.beyond(call.path, address.state, "before", sheet.first, asked.sort) if sheet.first else "",
        )


class _Addresses:
    """What templates ask of the present address."""

    def __init__(self, call: Call, kind: str, found: list[Facet]) -> None:
        self._path = call.path
        self._labels = wire.labels(found)
        self._kind = kind
        self.state = wire.state(call)

    def toggled(self, key: str, value: str) -> str:
        return wire.toggled(self._path, self.state, key, value)

    def changed(self, key: str, value: str = "") -> str:
        return wire.changed(self._path, self.state, key, value)

    def chips(self) -> list[tuple[str, str, str, str]]:
        """Facet, label, key and value of everything that narrows the list."""
        kept = [pair for pair in self.state if pair[0] not in ("sort", "all")]
        return [(*wire.chip(self._kind, pair, self._labels), *pair) for pair in kept]


def _question(call: Call, kind: str) -> Question:
    """The question of the address; a page that ends before a row is asked for from that row."""
    asked = question(call, kind)
    before = call.one("before")
    return replace(asked, after=read_cursor(before)) if before else asked
