"""A furnished hub whose workers say what they heard, in place of models."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hub.conftest import box, database, furnished, server  # noqa: F401
from tests.hubbox import HubBox
from tests.inference.workers.test_workers import PRELUDE
from tests.people import ADA, BOB, Person
from tests.repowork import commit, make

from bearhug.hub.access.records import Actor
from bearhug.hub.repos.records import Repo
from bearhug.hub.settings.service import Settings
from bearhug.inference.deployments.planning import Plans
from bearhug.inference.deployments.records import Deployment, Task
from bearhug.inference.engine.plans import Options
from bearhug.inference.environments.service import Environments
from bearhug.inference.models.service import Models
from bearhug.inference.workers.records import Plan

MIB = 1 << 20
CARD = "---\npipeline_tag: text-generation\n---\n"
COMMAND = (sys.executable, "-I", "-c", PRELUDE, str(Path(__file__).parent.parent / "workers"))


class Echoes(Plans):
    """Plans whose workers have no model; some are `broken`, some want more `memory` than others."""

    def __init__(self, models: Models, environments: Environments, settings: Settings) -> None:
        super().__init__(models, environments, settings)
        self.broken: set[str] = set()
        self.memory: dict[str, int] = {}

    def of(self, actor: Actor, found: Deployment, rev: str = "") -> Plan:
        plan = super().of(actor, found, rev)
        return self._echo(plan)

    def at(self, actor: Actor, repo: Repo, rev: str, task: Task, options: Options, title: str) -> Plan:
        return self._echo(super().at(actor, repo, rev, task, options, title))

    def _echo(self, plan: Plan) -> Plan:
        word = "broken" if plan.label in self.broken else ""
        memory = self.memory.get(plan.label, 50 * MIB)
        return Plan(plan.key, plan.label, "servants:Echo", {"word": word}, memory, 4, command=COMMAND)


@pytest.fixture
def hub(box: HubBox) -> HubBox:  # noqa: F811
    """ada's public model, her private one, and one of the lab in which bob writes."""
    for name, more in (("chat", {}), ("secret", {"private": True}), ("team", {"organization": "lab"})):
        repo = make(box, name, **more)
        commit(box, repo, {"README.md": CARD, "config.json": "{}"})
    return box


@pytest.fixture
def echoes(hub: HubBox) -> Iterator[Echoes]:
    """The same hub with workers that start at once."""
    app = hub.app
    made = Echoes(app.models, app.environments, app.settings)
    app.deployments._plans = made
    yield made
    app.workers.close()


def deploy(hub: HubBox, model: str = "ada/chat", person: Person = ADA, **more: object) -> int:
    """A new deployment's number."""
    answer = hub.post(person, "/api/deployments", json={"model": model, **more})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def administrator(hub: HubBox) -> Person:
    """bob, who from now on administers the hub."""
    hub.app.accounts.make_admin(BOB.name)
    return BOB
