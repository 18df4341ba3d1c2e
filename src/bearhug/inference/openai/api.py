"""GET /v1/models: what the gateway speaks for."""

from typing import Any

from starlette.responses import Response

from bearhug.base.errors import HubError, NotFound, RepoNotFound
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.inference.openai import wire
from bearhug.inference.openai.service import Spoken, Voices


class OpenAiApi:
    """The list of models, as OpenAI's clients read it."""

    def __init__(self, gateway: Voices, who: Who) -> None:
        self._gateway = gateway
        self._who = who

    def rows(self) -> list[Row]:
        refuses = (NotFound, RepoNotFound)
        return [
            Row("GET", "/v1/models", self.models, "Language models that this hub speaks for", audience="reader"),
            Row("GET", "/v1/models/{model*}", self.model, "One of them", audience="reader", refuses=refuses),
        ]

    def models(self, call: Call) -> Response:
        found = self._gateway.spoken(self._who(call))
        return json_answer({"object": "list", "data": [_told(one) for one in found]})

    def model(self, call: Call) -> Response:
        try:
            return json_answer(_told(self._gateway.one(self._who(call), call.params["model"])))
        except HubError as error:
            return json_answer(wire.error(error), status=error.http_status, headers=error.headers)


def _told(found: Spoken) -> dict[str, Any]:
    return {
        "id": found.name,
        "object": "model",
        "created": int(found.created.timestamp()),
        "owned_by": found.name.partition("/")[0],
        "root": found.name,
    }
