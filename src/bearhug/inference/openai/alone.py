"""The gateway without a hub: one model, its own address, one key for all."""

import hmac
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.responses import Response

from bearhug.base.errors import NotFound, Unauthenticated
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.edge import Edge
from bearhug.base.http.router import Router
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import ANONYMOUS, Actor
from bearhug.inference.deployments.planning import VECTORS as EMBEDDER
from bearhug.inference.engine.plans import LARGEST_GRAPH, WIDTH
from bearhug.inference.engine.plans import TEXT as SERVANT
from bearhug.inference.openai.api import OpenAiApi
from bearhug.inference.openai.service import Spoken
from bearhug.inference.openai.stream import OpenAiStream
from bearhug.inference.usage.ledger import unlimited
from bearhug.inference.workers.records import Plan
from bearhug.inference.workers.supervisor import Workers

BEARER = "bearer "
Life = Callable[[], AbstractAsyncContextManager[None]]


@dataclass(frozen=True)
class OneVoice:
    """A folder's model under one name. `options` are those of the engine."""

    name: str
    folder: Path
    graphs: Path
    options: dict[str, Any]
    workers: Workers
    since: datetime

    def plan(self, actor: Actor, model: str) -> Plan:
        """The only plan; `actor` was let in by the key already."""
        self.one(actor, model)
        options = {"folder": str(self.folder), "graphs": str(self.graphs), **self.options}
        size = sum(path.stat().st_size for path in self.folder.glob("*.safetensors"))
        return Plan(self.name, self.name, SERVANT, options, size * 2, WIDTH, largest_file=LARGEST_GRAPH)

    def embedder(self, actor: Actor, model: str) -> Plan:
        self.one(actor, model)
        size = sum(path.stat().st_size for path in self.folder.glob("*.safetensors"))
        return Plan(f"vectors {self.name}", self.name, EMBEDDER, {"folder": str(self.folder)}, size * 2)

    def spoken(self, _actor: Actor) -> list[Spoken]:
        return [Spoken(self.name, self.since)]

    def one(self, _actor: Actor, model: str) -> Spoken:
        if model != self.name:
            raise NotFound(f'There is no model "{model}" here. This server speaks for "{self.name}".')
        return Spoken(self.name, self.since)


def edge(voice: OneVoice, key: str | None, life: Life) -> Edge:
    """The server's application; with a `key` nobody is answered who does not send it."""

    def who(call: Call) -> Actor:
        given = call.header("authorization")
        sent = given[len(BEARER) :] if given.lower().startswith(BEARER) else ""
        if key is not None and not hmac.compare_digest(sent.encode(), key.encode()):
            raise Unauthenticated("This server wants its API key as a Bearer token.")
        return ANONYMOUS

    def health(_call: Call) -> Response:
        return json_answer({"status": "ok"})

    rows = [
        *OpenAiApi(voice, who).rows(),
        *OpenAiStream(voice, who, unlimited()).rows(),
        Row("GET", "/health", health, "Is it there?"),
    ]
    return Edge(Router(rows, {}), lifespan=life)


def voice_of(name: str, folder: Path, graphs: Path, options: dict[str, Any], workers: Workers) -> OneVoice:
    return OneVoice(name, folder, graphs, options, workers, datetime.now(UTC))
