"""A task as a worker runs it."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bearhug.base.errors import Unprocessable
from bearhug.inference.tasks import table
from bearhug.inference.tasks.parameters import checked
from bearhug.inference.tasks.source import Source
from bearhug.inference.workers.servant import Item, Order


class TaskServant:
    """Answers `{inputs, parameters, explain}`; binary inputs come as raw bytes."""

    def __init__(self, task: str, folder: str, *, pickles: bool = False, code: bool = False) -> None:
        self._task = table.find(task).load(Source(Path(folder), pickles=pickles, code=code))

    def answer(self, order: Order) -> Iterator[Item]:
        """One item: the output of the task."""
        self._task.stop = order.left.is_set
        inputs = order.blob or order.data.get("inputs")
        if order.data.get("explain"):
            yield Item(self._explain(inputs))
            return
        parameters = checked(self._task.__call__, order.data.get("parameters") or {})
        if order.data.get("stream"):
            yield from (Item(event) for event in self._task.stream(inputs, parameters, order.left.is_set))
            return
        yield _item(self._task(inputs, **parameters))

    def _explain(self, inputs: Any) -> Any:
        explain = getattr(self._task, "explain", None)
        if explain is None:
            raise Unprocessable("The steps of this task cannot be shown.")
        return explain(inputs)


def _item(found: Any) -> Item:
    """An output that is one picture goes as its bytes."""
    if isinstance(found, dict) and set(found) == {"image"}:
        return Item({"content_type": "image/png"}, base64.b64decode(found["image"]))
    return Item(found)
