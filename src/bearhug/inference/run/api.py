"""GET /api/tasks: every task, and the model that this hub does it with by default."""

from typing import Any

from starlette.responses import Response

from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.cards.vocabulary import TASKS
from bearhug.inference.run.service import Runs
from bearhug.inference.tasks.table import TASKS as OURS


class TasksApi:
    """What clients ask to learn a task's default model."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    def rows(self) -> list[Row]:
        returns = "{task: {id, label, widgetModels: [the default model], …}}"
        return [Row("GET", "/api/tasks", self.tasks, "Tasks and their default models", returns=returns)]

    def tasks(self, _call: Call) -> Response:
        defaults = self._runs.defaults()
        labels = {name: task.label for name, task in TASKS.items()}
        labels |= {name: label for name, (label, _) in OURS.items() if name not in labels}
        return json_answer({name: _told(name, label, defaults.get(name)) for name, label in labels.items()})


def _told(name: str, label: str, default: str | None) -> dict[str, Any]:
    models = [default] if default else []
    listed: dict[str, list[Any]] = {key: [] for key in ("libraries", "models", "datasets", "metrics", "spaces")}
    return {
        "id": name,
        "label": label,
        "summary": "",
        "demo": {"inputs": [], "outputs": []},
        **listed,
        "widgetModels": models,
    }
