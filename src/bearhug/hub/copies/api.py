"""POST duplicate."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Conflict, Forbidden, GatedRepo, RepoNotFound
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.copies.service import Copies
from bearhug.hub.repos.service import RepoExists
from bearhug.hub.repos.wire import created_answer, full_name, name_of, wants_private


class CopiesApi:
    """Duplicating repositories by HTTP."""

    def __init__(self, copies: Copies, who: Who) -> None:
        self._copies = copies
        self._who = who

    def rows(self) -> list[Row]:
        return [
            Row(
                "POST",
                "/api/{types}/{ns}/{name}/duplicate",
                self.duplicate,
                "Duplicate a repository: all branches and tags, shared contents",
                audience="user",
                body="json",
                returns="{url}; where it exists 409 with its url",
                refuses=(RepoNotFound, GatedRepo, Forbidden, Conflict, BadRequest),
            )
        ]

    def duplicate(self, call: Call) -> Response:
        data = call.json()
        actor, source = self._who(call), name_of(call)
        wanted = str(data.get("repository") or f"{actor.name}/{source.name}")
        target = full_name(wanted, source.kind)
        try:
            copy = self._copies.duplicate(actor, source, target, private=wants_private(data))
        except RepoExists as exists:
            raise RepoExists(exists.repo, call.base_url) from exists
        return json_answer({**created_answer(copy, call.base_url), "filesCopyPending": False})
