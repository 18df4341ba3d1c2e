"""Accounts by HTTP."""

from starlette.responses import Response

from bearhug.base.errors import GatedRepo, NotFound, RepoNotFound
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.repos.wire import name_of
from bearhug.hub.storage.service import Storage
from bearhug.hub.storage.wire import account_json

FIELDS = "{logical, stored, shared, saved} in bytes"


class StorageApi:
    """What takes how much room."""

    def __init__(self, storage: Storage, who: Who) -> None:
        self._storage = storage
        self._who = who

    def rows(self) -> list[Row]:
        return [
            Row(
                "GET",
                "/api/{types}/{ns}/{name}/storage",
                self.of_repo,
                "What the large files of a repository take up, share and save",
                audience="reader",
                returns=FIELDS,
                refuses=(RepoNotFound, GatedRepo),
            ),
            Row(
                "GET",
                "/api/storage/{ns}",
                self.of_owner,
                "What the large files of a user or an organization take up, share and save",
                audience="reader",
                returns=FIELDS,
                refuses=(NotFound,),
            ),
        ]

    def of_repo(self, call: Call) -> Response:
        return json_answer(account_json(self._storage.of_repo(self._who(call), name_of(call))))

    def of_owner(self, call: Call) -> Response:
        return json_answer(account_json(self._storage.of_owner(self._who(call), call.params["ns"])))
