"""A task as a worker runs it."""

import base64
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bearhug.base.errors import Unprocessable
from bearhug.inference.tasks import table
from bearhug.inference.tasks.gathering import Gathering, Wish
from bearhug.inference.tasks.parameters import checked
from bearhug.inference.tasks.source import Source
from bearhug.inference.workers.servant import Item, Order

EXPLAINED = "explain"


class TaskServant:
    """Answers `{inputs, parameters, explain}`; binary inputs come as raw bytes."""

    def __init__(self, task: str, folder: str, *, pickles: bool = False, code: bool = False) -> None:
        self._task = table.find(task).load(Source(Path(folder), pickles=pickles, code=code))
        self._batches = table.named(task) in table.TOGETHER
        self._gathering = Gathering(self._done)

    def answer(self, order: Order) -> Iterator[Item]:
        """One item: the output of the task. Calls with like parameters that wait together share a batch."""
        inputs = order.blob or order.data.get("inputs")
        if order.data.get("explain"):
            yield Item(self._gathering.ask(Wish(inputs, EXPLAINED, order.left)))
            return
        parameters = checked(self._task.__call__, order.data.get("parameters") or {})
        if order.data.get("stream"):
            yield from (Item(event) for event in self._task.stream(inputs, parameters, order.left.is_set))
            return
        kind = json.dumps(parameters, sort_keys=True) if self._batches else ""
        output = self._gathering.ask(Wish(inputs, kind, order.left, parameters))
        if not order.left.is_set():
            yield _item(output)

    def _done(self, wishes: Sequence[Wish]) -> Sequence[Any]:
        """Outputs of wishes of one kind."""
        self._task.stop = lambda: all(wish.left.is_set() for wish in wishes)
        first = wishes[0]
        if first.kind == EXPLAINED:
            return [self._explain(wish.inputs) for wish in wishes]
        if len(wishes) == 1:
            return [self._task(first.inputs, **first.parameters)]
        outputs: list[Any] = self._task.together([wish.inputs for wish in wishes], **first.parameters)
        return outputs

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
