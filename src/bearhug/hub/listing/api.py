"""GET /api/models, /api/datasets and /api/spaces."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest
from bearhug.base.http.answers import json_answer, next_link
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.info.service import Infos
from bearhug.hub.info.wire import info_json
from bearhug.hub.listing.service import Listing
from bearhug.hub.listing.wire import cursor, listed_fields, question


class ListingApi:
    """Lists with their filters, orders and pages."""

    def __init__(self, listing: Listing, infos: Infos, who: Who) -> None:
        self._listing = listing
        self._infos = infos
        self._who = who

    def rows(self) -> list[Row]:
        return [
            Row(
                "GET",
                "/api/{types}",
                self.list,
                "Repositories that meet every filter, in the asked order",
                returns="[{id, tags, likes, downloads, …}] with Link rel=next",
                refuses=(BadRequest,),
            )
        ]

    def list(self, call: Call) -> Response:
        kind = call.params["types"]
        asked = question(call, kind)
        fields = listed_fields(call, kind)
        actor = self._who(call)
        with self._listing.db.reading() as tx:
            page = self._listing.page(tx, actor, asked)
            infos = self._infos.many(tx, page.repos, fields)
        rows = [info_json(info, fields) for info in infos]
        return json_answer(rows, headers=next_link(call, cursor(page.after)))
