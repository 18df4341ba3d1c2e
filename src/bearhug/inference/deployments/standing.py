"""How deployments stand at a moment, as their workers tell."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from bearhug.hub.access.records import Actor
from bearhug.inference.deployments.planning import WORDS
from bearhug.inference.deployments.records import Deployment, Live, Loaded, State, Task, Wanted
from bearhug.inference.deployments.service import Deployments
from bearhug.inference.engine.plans import REMOTE, TEXT, VLLM
from bearhug.inference.workers.records import Standing
from bearhug.inference.workers.records import State as WorkerState
from bearhug.inference.workers.supervisor import Workers

ENGINES = {VLLM: "vllm", REMOTE: "remote"}
"""Engines of servants that have one each; a servant of texts tells its own, every other one runs on transformers."""
PATIENCE = 0.5
"""Seconds that all workers together have to tell of themselves before a page is shown without."""


def live(workers: Workers, found: Sequence[Deployment]) -> dict[int, Live]:
    """The standing of each, by the deployment's number."""
    standings = {one.key: one for one in workers.standings()}
    deadline = time.monotonic() + PATIENCE
    return {one.id: _live(workers, one, standings.get(one.worker), deadline) for one in found}


def others(deployments: Deployments, actor: Actor, found: Sequence[Deployment]) -> list[Loaded]:
    """Models that are loaded though nobody deployed them, as far as the actor may read them."""
    deployed = {one.worker for one in found}
    loaded = [one for one in deployments.workers.standings() if one.key not in deployed]
    readable = deployments.readable(actor, {one.label for one in loaded})
    deadline = time.monotonic() + PATIENCE
    mine = [one for one in loaded if one.label in readable]
    return [Loaded(one, engine(one, _told(deployments.workers, one, deadline))) for one in mine]


def _live(workers: Workers, found: Deployment, standing: Standing | None, deadline: float) -> Live:
    if found.wanted is Wanted.STOPPED:
        standing = None
    told = _told(workers, standing, deadline) if standing is not None else {}
    kind = engine(standing, told) if standing is not None else ""
    ending = workers.ending(found.worker) if standing is None else None
    trouble = found.trouble or (ending.reason if ending is not None and found.wanted is Wanted.RUNNING else "")
    return Live(_state(found, standing), standing, workers.restarts(found.worker), trouble, kind, told)


def _told(workers: Workers, standing: Standing, deadline: float) -> dict[str, Any]:
    """What a worker tells of itself, where it is one that does."""
    tells = standing.work == WORDS[Task.TEXT] or standing.servant in ENGINES
    if standing.state is not WorkerState.READY or not tells:
        return {}
    return workers.aside(standing.key, {"do": "load"}, within=max(deadline - time.monotonic(), 0.01)) or {}


def engine(standing: Standing, told: Mapping[str, Any]) -> str:
    """The engine that a worker runs; empty until one that chooses has chosen."""
    unsaid = "" if standing.servant == TEXT else ENGINES.get(standing.servant, "transformers")
    return str(told.get("engine") or unsaid)


def _state(found: Deployment, standing: Standing | None) -> State:
    if found.wanted is Wanted.STOPPED:
        return State.STOPPED
    if standing is not None:
        return State.READY if standing.state is WorkerState.READY else State.LOADING
    if found.trouble:
        return State.FAILED
    return State.QUEUED if found.keep else State.IDLE
