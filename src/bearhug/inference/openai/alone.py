"""The gateway without a hub: one model, its own address, one key for all."""

import hmac
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from bearhug.base.errors import NotFound, Unauthenticated
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.edge import Edge
from bearhug.base.http.router import Router
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import ANONYMOUS, Actor
from bearhug.inference.deployments.planning import VECTORS
from bearhug.inference.engine import plans
from bearhug.inference.engine.plans import Local, Options
from bearhug.inference.environments.service import Environments
from bearhug.inference.openai.api import OpenAiApi
from bearhug.inference.openai.service import Spoken, Voices
from bearhug.inference.openai.stream import OpenAiStream
from bearhug.inference.usage.ledger import unlimited
from bearhug.inference.workers.records import Plan
from bearhug.inference.workers.supervisor import Workers

BEARER = "bearer "
Life = Callable[[], AbstractAsyncContextManager[None]]


@dataclass(frozen=True)
class OneVoice:
    """A model under one name."""

    name: str
    model: Local
    options: Options
    environments: Environments
    workers: Workers
    since: datetime

    def plan(self, actor: Actor, model: str) -> Plan:
        """The only plan; `actor` was let in by the key already."""
        self.one(actor, model)
        return plans.plan(self.options, self.environments, key=self.name, label=self.name, model=self.model)

    def embedder(self, actor: Actor, model: str) -> Plan:
        self.one(actor, model)
        memory = plans.LIBRARIES + int(self.model.weights * plans.BYTES_PER_WEIGHT["fp32"])
        return Plan(f"vectors {self.name}", self.name, VECTORS, {"folder": str(self.model.folder)}, memory)

    def spoken(self, _actor: Actor) -> list[Spoken]:
        return [Spoken(self.name, self.since)]

    def one(self, _actor: Actor, model: str) -> Spoken:
        if model != self.name:
            raise NotFound(f'There is no model "{model}" here. This server speaks for "{self.name}".')
        return Spoken(self.name, self.since)


def edge(voice: Voices, key: str | None, life: Life) -> Edge:
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
