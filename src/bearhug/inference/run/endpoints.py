"""GET …/health and …/info of a model's own address, as clients ask servers that have one model each."""

from typing import Any

from starlette.responses import Response

from bearhug.base.errors import BadRequest, GatedRepo, NotFound, RepoNotFound, RevisionNotFound
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.repos.records import RepoName
from bearhug.inference.models.records import Seen
from bearhug.inference.run.service import Runs
from bearhug.inference.tasks.task import MOST_INPUTS
from bearhug.inference.workers.records import State

REFUSALS = (RepoNotFound, GatedRepo, RevisionNotFound, NotFound, BadRequest)
PLACES = ("/models/{ns}/{name}", "/models/{ns}/{name}/pipeline/{task}", "/pipeline/{task}/{ns}/{name}")
IDLE = "idle"


class EndpointsApi:
    """Nothing is loaded to answer; a model that can be asked is well, for it is loaded when somebody asks it."""

    def __init__(self, runs: Runs, who: Who) -> None:
        self._runs = runs
        self._who = who

    def rows(self) -> list[Row]:
        well = "{status, state: idle, loading or ready}"
        known = "{model_id, model_sha, model_pipeline_tag, state, …}"
        options: dict[str, Any] = {"audience": "reader", "refuses": REFUSALS}
        return [
            row
            for place in PLACES
            for row in (
                Row("GET", f"{place}/health", self.health, "Whether a model can be asked", returns=well, **options),
                Row("GET", f"{place}/info", self.info, "What answers for a model", returns=known, **options),
            )
        ]

    def health(self, call: Call) -> Response:
        seen, task = self._asked(call)
        return json_answer({"status": "ok", "state": self._state(seen, task)})

    def info(self, call: Call) -> Response:
        """Fields are named as by text-generation-inference, where it has them."""
        seen, task = self._asked(call)
        told = {
            "model_id": seen.repo.full_name,
            "model_sha": seen.commit,
            "model_pipeline_tag": task,
            "library_name": seen.facts.get("library_name"),
            "parameters": (seen.facts.get("safetensors") or {}).get("total"),
            "max_concurrent_requests": self._runs.workers.limits.waiting,
            "max_client_batch_size": MOST_INPUTS,
            "state": self._state(seen, task),
        }
        return json_answer(told)

    def _asked(self, call: Call) -> tuple[Seen, str]:
        name = RepoName("model", call.params["ns"], call.params["name"])
        return self._runs.seen(self._who(call), name, call.one("revision") or "main", call.params.get("task"))

    def _state(self, seen: Seen, task: str) -> str:
        """How the worker stands, as a task or behind the OpenAI API."""
        marks = [f"{work} {seen.repo.full_name}@{seen.commit}" for work in (task, "text", "vectors")]
        states = {one.state for one in self._runs.workers.standings() if one.key.startswith(tuple(marks))}
        return next((state.value for state in (State.READY, State.LOADING) if state in states), IDLE)
