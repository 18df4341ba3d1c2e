"""From a model's name to a worker that answers for it."""

from collections.abc import Mapping
from typing import Any

from bearhug.base.errors import BadRequest
from bearhug.hub.access.records import Actor
from bearhug.hub.repos.records import RepoName
from bearhug.hub.settings.service import Settings
from bearhug.inference.models.records import Checkout, Seen
from bearhug.inference.models.selection import PICKLED, SAFE
from bearhug.inference.models.service import Models
from bearhug.inference.tasks import table
from bearhug.inference.tasks.source import refusal
from bearhug.inference.workers.records import Plan
from bearhug.inference.workers.supervisor import Workers

SERVANT = "bearhug.inference.tasks.servant:TaskServant"
LARGEST_EXAMPLE = 32 << 20
LIBRARIES = 600 << 20
"""Bytes that a worker holds before it has a model."""
WIDTH = 32
BYTES_OF = {"F64": 4, "F32": 4, "F16": 4, "BF16": 4, "I64": 8, "I32": 4, "I8": 1, "U8": 1}


class Runs:
    """Plans for tasks on models; the workers carry them out."""

    def __init__(self, models: Models, settings: Settings, workers: Workers) -> None:
        self._models = models
        self._settings = settings
        self.workers = workers

    def plan(self, actor: Actor, name: RepoName, rev: str, task: str | None = None) -> Plan:
        """What a worker must load to do a task (else the one that the card names) with a model at a revision."""
        found = self._models.checkout(actor, name, rev, SAFE)
        wanted = self.task(found.facts, task)
        pickles = _owner_allows_pickles(found.facts)
        if pickles:
            found = self._models.checkout(actor, name, rev, PICKLED)
        elif not any(found.folder.rglob("*.safetensors")) and (left := self._models.pickles(actor, name, rev)):
            raise refusal(left[0])
        code = found.repo.full_name.lower() in self._settings.now().trusted_code.lower().replace(",", " ").split()
        options = {"task": wanted, "folder": str(found.folder), "pickles": pickles, "code": code}
        key = f"{wanted} {found.repo.full_name}@{found.version}"
        memory, width = _memory(found), _width(wanted)
        largest = Plan.largest_file + (2 * found.size if found.base else 0)
        return Plan(key, found.repo.full_name, SERVANT, options, memory, width, largest_file=largest)

    def seen(self, actor: Actor, name: RepoName, rev: str, task: str | None = None) -> tuple[Seen, str]:
        """A model that the actor may ask, and the task that it would do; nothing is loaded or laid out."""
        found = self._models.seen(actor, name, rev)
        return found, self.task(found.facts, task)

    def example(self, actor: Actor, name: RepoName, path: str) -> bytes:
        """A picture or sound of the model's own repository, as its card gives it for an example."""
        return self._models.file(actor, name, path, most=LARGEST_EXAMPLE)

    def task(self, facts: Mapping[str, Any], asked: str | None = None) -> str:
        """The task's name in the table."""
        named = asked or facts.get("pipeline_tag")
        if not named:
            raise BadRequest(
                "Nothing says which task this model does. Put pipeline_tag into its card, or ask /pipeline/TASK/MODEL."
            )
        return table.named(named)

    def defaults(self) -> dict[str, str]:
        """The model that a task is done with where nobody names one."""
        pairs = (pair.partition("=") for pair in self._settings.now().default_models.replace(",", " ").split())
        return {task: model for task, sign, model in pairs if sign and task in table.TASKS}


def _width(task: str) -> int:
    """How many calls a worker has in hand: those that it can do in one batch."""
    return WIDTH if task in table.TOGETHER else 1


def _owner_allows_pickles(facts: Mapping[str, Any]) -> bool:
    said = (facts.get("card_data") or {}).get("inference")
    return isinstance(said, dict) and said.get("pickles") is True


def _memory(found: Checkout) -> int:
    """Bytes that a worker of this model will hold: weights are read as float32."""
    counts = (found.facts.get("safetensors") or {}).get("parameters") or {}
    weights = sum(count * BYTES_OF.get(dtype, 4) for dtype, count in counts.items())
    return LIBRARIES + int((weights or found.size) * 1.1)
