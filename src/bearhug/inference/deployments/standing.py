"""How deployments stand at a moment, as their workers tell."""

import time
from collections.abc import Sequence
from typing import Any

from bearhug.hub.access.records import Actor
from bearhug.inference.deployments.records import Deployment, Live, State, Task, Wanted
from bearhug.inference.deployments.service import Deployments
from bearhug.inference.workers.records import Standing
from bearhug.inference.workers.records import State as WorkerState
from bearhug.inference.workers.supervisor import Workers

PATIENCE = 0.5
"""Seconds that all workers together have to tell of themselves before a page is shown without."""


def live(workers: Workers, found: Sequence[Deployment]) -> dict[int, Live]:
    """The standing of each, by the deployment's number."""
    standings = {one.key: one for one in workers.standings()}
    deadline = time.monotonic() + PATIENCE
    return {one.id: _live(workers, one, standings.get(one.worker), deadline) for one in found}


def others(deployments: Deployments, actor: Actor, found: Sequence[Deployment]) -> list[Standing]:
    """Models that are loaded though nobody deployed them, as far as the actor may read them."""
    deployed = {one.worker for one in found}
    loaded = [one for one in deployments.workers.standings() if one.key not in deployed]
    readable = deployments.readable(actor, {one.label for one in loaded})
    return [one for one in loaded if one.label in readable]


def _live(workers: Workers, found: Deployment, standing: Standing | None, deadline: float) -> Live:
    if found.wanted is Wanted.STOPPED:
        standing = None
    told: dict[str, Any] = {}
    if standing is not None and standing.state is WorkerState.READY and found.task is Task.TEXT:
        told = workers.aside(found.worker, {"do": "load"}, within=max(deadline - time.monotonic(), 0.01)) or {}
    ending = workers.ending(found.worker) if standing is None else None
    trouble = found.trouble or (ending.reason if ending is not None and found.wanted is Wanted.RUNNING else "")
    return Live(_state(found, standing), standing, workers.restarts(found.worker), trouble, told)


def _state(found: Deployment, standing: Standing | None) -> State:
    if found.wanted is Wanted.STOPPED:
        return State.STOPPED
    if standing is not None:
        return State.READY if standing.state is WorkerState.READY else State.LOADING
    if found.trouble:
        return State.FAILED
    return State.QUEUED if found.keep else State.IDLE
