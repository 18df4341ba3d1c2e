"""GET /api/quicksearch."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.quick_search.service import LONGEST, QuickSearch
from bearhug.hub.quick_search.wire import TYPES, found_json

SHOWN = 5
MOST = 20


class QuickSearchApi:
    """What the field in the header asks."""

    def __init__(self, quick: QuickSearch, who: Who) -> None:
        self._quick = quick
        self._who = who

    def rows(self) -> list[Row]:
        about = "Repositories, users and organisations whose name begins with some letters, a few of each"
        shape = "{models: [{_id, id}], modelsCount, datasets, spaces, users, orgs, q}"
        return [Row("GET", "/api/quicksearch", self.find, about, returns=shape, refuses=(BadRequest,))]

    def find(self, call: Call) -> Response:
        words = (call.one("q") or "")[:LONGEST]
        asked = set(call.all("type")) or set(TYPES)
        unknown = asked - set(TYPES)
        if unknown:
            raise BadRequest(f'There is no type "{min(unknown)[:50]}". There are: {", ".join(TYPES)}.')
        limit = call.number("limit", SHOWN, most=MOST) or SHOWN
        found = self._quick.find(self._who(call), words, asked, limit=limit)
        return json_answer(found_json(found, words, call.base_url), headers={"cache-control": "private, max-age=5"})
