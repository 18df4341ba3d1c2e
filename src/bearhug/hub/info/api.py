"""Repository information by id and revision."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, RepoNotFound, RevisionNotFound
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.info.service import Infos
from bearhug.hub.info.wire import asked_fields, info_json, plain_fields
from bearhug.hub.repos.wire import name_of


class InfoApi:
    """`model_info`, `dataset_info`, `space_info` and `repo_info`."""

    def __init__(self, infos: Infos, who: Who) -> None:
        self._infos = infos
        self._who = who

    def rows(self) -> list[Row]:
        refusals = (RepoNotFound, RevisionNotFound, BadRequest)
        returns = "{id, sha, siblings, tags, cardData, …}"
        return [
            Row(
                "GET",
                "/api/{types}/{ns}/{name}",
                self.info,
                "A repository as it stands on main",
                audience="reader",
                returns=returns,
                refuses=refusals,
                brief=True,
            ),
            Row(
                "GET",
                "/api/{types}/{ns}/{name}/revision/{rev}",
                self.info,
                "A repository at a revision",
                audience="reader",
                returns=returns,
                refuses=refusals,
                brief=True,
            ),
        ]

    def info(self, call: Call) -> Response:
        name = name_of(call)
        fields = asked_fields(call, name.kind, plain_fields(name.kind))
        blobs = call.flag("blobs")
        info = self._infos.one(self._who(call), name, call.params.get("rev"), fields, blobs=blobs)
        return json_answer(info_json(info, fields, security=call.flag("securityStatus")))
