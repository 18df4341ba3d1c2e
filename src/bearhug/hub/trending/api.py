"""GET /api/trending."""

from typing import Any

from starlette.responses import Response

from bearhug.base.errors import BadRequest
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.info.fields import LISTED
from bearhug.hub.info.service import Infos
from bearhug.hub.info.wire import info_json
from bearhug.hub.listing.records import Question
from bearhug.hub.listing.service import Listing
from bearhug.hub.repos.records import KINDS

SHOWN = 10
MOST = 20


class TrendingApi:
    """What people have turned to lately, for programs."""

    def __init__(self, listing: Listing, infos: Infos, who: Who) -> None:
        self._listing = listing
        self._infos = infos
        self._who = who

    def rows(self) -> list[Row]:
        about = "Repositories that people have turned to lately, of one type or of all"
        shape = "{recentlyTrending: [{repoType, repoData}]}"
        return [Row("GET", "/api/trending", self.list, about, returns=shape, refuses=(BadRequest,))]

    def list(self, call: Call) -> Response:
        wanted = call.one("type") or "all"
        if wanted not in (*KINDS, "all"):
            raise BadRequest(f'There is no type "{wanted[:50]}". There are: all, {", ".join(KINDS)}.')
        limit = call.number("limit", SHOWN, most=MOST) or SHOWN
        actor = self._who(call)
        kinds = list(KINDS) if wanted == "all" else [wanted]
        with self._listing.db.reading() as tx:
            repos = [
                repo for kind in kinds for repo in self._listing.page(tx, actor, Question(kind, limit=limit)).repos
            ]
            best = sorted(repos, key=lambda repo: repo.trending, reverse=True)[:limit]
            infos = self._infos.many(tx, best, set())
        lines: list[dict[str, Any]] = [
            {"repoType": info.repo.kind, "repoData": info_json(info, set(LISTED[info.repo.kind]))} for info in infos
        ]
        return json_answer({"recentlyTrending": lines})
