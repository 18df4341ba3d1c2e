"""Deployments by HTTP: list, read, create, change, start, stop, delete, and how they are doing."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Conflict, Forbidden, HubError, NotFound, RepoNotFound, Unauthenticated
from bearhug.base.http.answers import json_answer, ok, text_answer
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.access.who import Who
from bearhug.inference.deployments import standing, wire
from bearhug.inference.deployments.records import Deployment
from bearhug.inference.deployments.service import Deployments

HOME = "/api/deployments"
ONE = f"{HOME}/{{id}}"
LARGEST_NUMBER = 2**31 - 1
SHUT: tuple[type[HubError], ...] = (NotFound, Unauthenticated, Forbidden)
SHAPE = "{id, name, model, engine, wanted, state, load: {running, waiting, tokensPerSecond, …}, …}"


class DeploymentsApi:
    """What programs steer deployments with."""

    def __init__(self, deployments: Deployments, who: Who) -> None:
        self._deployments = deployments
        self._who = who

    def rows(self) -> list[Row]:
        asked = (BadRequest, RepoNotFound, *SHUT)
        log = "What the worker of a deployment wrote"
        return [
            Row("GET", HOME, self.listing, "Deployments that you may call", "reader", returns=f"[{SHAPE}]"),
            Row("POST", HOME, self.create, "Deploy a model", "writer", "json", SHAPE, (*asked, Conflict)),
            Row("GET", ONE, self.read, "One deployment", "reader", returns=SHAPE, refuses=(NotFound,)),
            Row("PATCH", ONE, self.change, "Run a deployment in another way", "writer", "json", SHAPE, asked),
            Row("DELETE", ONE, self.remove, "Forget a deployment", "writer", refuses=SHUT),
            Row("POST", f"{ONE}/start", self.start, "Load a deployment", "writer", returns=SHAPE, refuses=SHUT),
            Row("POST", f"{ONE}/stop", self.stop, "Stop a deployment", "writer", returns=SHAPE, refuses=SHUT),
            Row("GET", f"{ONE}/logs", self.log, log, "writer", returns="text", refuses=SHUT),
            Row("GET", f"{ONE}/load", self.load, "How loaded a deployment is", "reader", refuses=(NotFound,)),
        ]

    def listing(self, call: Call) -> Response:
        actor = self._who(call)
        found = self._deployments.listing(actor, model=(call.one("model") or "")[:300])
        lives = standing.live(self._deployments.workers, found)
        steering = self._deployments.may_steer
        return json_answer([wire.deployment_json(one, lives[one.id], steering=steering(actor, one)) for one in found])

    def create(self, call: Call) -> Response:
        actor = self._who(call)
        return self._told(actor, self._deployments.create(actor, wire.wish(call.json())), status=201)

    def read(self, call: Call) -> Response:
        actor = self._who(call)
        return self._told(actor, self._deployments.get(actor, number(call)))

    def change(self, call: Call) -> Response:
        actor = self._who(call)
        found = self._deployments.get(actor, number(call))
        return self._told(actor, self._deployments.change(actor, found.id, wire.changed(call.json(), found)))

    def remove(self, call: Call) -> Response:
        self._deployments.remove(self._who(call), number(call))
        return ok()

    def start(self, call: Call) -> Response:
        actor = self._who(call)
        return self._told(actor, self._deployments.start(actor, number(call)))

    def stop(self, call: Call) -> Response:
        actor = self._who(call)
        return self._told(actor, self._deployments.stop(actor, number(call)))

    def log(self, call: Call) -> Response:
        return text_answer(self._deployments.log(self._who(call), number(call)))

    def load(self, call: Call) -> Response:
        found = self._deployments.get(self._who(call), number(call))
        return json_answer(wire.load_json(standing.live(self._deployments.workers, [found])[found.id]))

    def _told(self, actor: Actor, found: Deployment, *, status: int = 200) -> Response:
        live = standing.live(self._deployments.workers, [found])[found.id]
        steering = self._deployments.may_steer(actor, found)
        return json_answer(wire.deployment_json(found, live, steering=steering), status=status)


def number(call: Call) -> int:
    """The deployment that an address names."""
    text = call.params["id"]
    if not (text.isascii() and text.isdigit()) or len(text) > 10 or int(text) > LARGEST_NUMBER:
        raise NotFound("There is no such deployment.")
    return int(text)
