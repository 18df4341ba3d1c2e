"""Whether the hub is ready, what it answers to, and the questions of clients that need no answer."""

from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.metadata import version

from starlette.responses import Response

from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.openapi import document
from bearhug.base.http.rows import Row
from bearhug.hub.repos.records import ROUTE_CHOICES

A_DAY = {"cache-control": "public, max-age=86400"}


class AboutApi:
    """`every` gives all endpoints of the hub, once they are put together."""

    def __init__(self, every: Callable[[], Sequence[Row]]) -> None:
        self._every = every

    def rows(self) -> list[Row]:
        return [
            Row("GET", "/health", self.health, "Answers when the hub is ready"),
            Row(
                "GET",
                "/.well-known/openapi.json",
                self.openapi,
                "Every endpoint for programs",
                returns="an OpenAPI 3.1 document",
            ),
            Row(
                "GET", "/api/telemetry/{topic*}", self.telemetry, "Taken from clients and forgotten", returns="nothing"
            ),
            Row(
                "GET",
                "/api/agent-harnesses",
                self.agent_harnesses,
                "The coding agents that clients should name; this hub asks for none",
                returns="{standardEnvVars, harnesses}",
            ),
        ]

    def health(self, _call: Call) -> Response:
        return json_answer({"status": "ok"})

    def openapi(self, _call: Call) -> Response:
        return json_answer(self._document)

    @cached_property
    def _document(self) -> dict[str, object]:
        return document(self._every(), title="Bearhug", version=version("bearhug"), choices=ROUTE_CHOICES)

    def telemetry(self, _call: Call) -> Response:
        return Response(b"", 204)

    def agent_harnesses(self, _call: Call) -> Response:
        return json_answer({"standardEnvVars": [], "harnesses": {}}, headers=A_DAY)
