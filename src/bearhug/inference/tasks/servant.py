"""A task as a worker runs it."""

import base64
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bearhug.base.errors import Unprocessable
from bearhug.inference.tasks import table
from bearhug.inference.tasks.adapter import whole
from bearhug.inference.tasks.gathering import Gathering, Wish
from bearhug.inference.tasks.parameters import checked
from bearhug.inference.tasks.source import Source
from bearhug.inference.tasks.tally import tallied
from bearhug.inference.workers.servant import Item, Order

EXPLAINED = "explain"


class TaskServant:
    """Answers `{inputs, parameters, explain}`; binary inputs come as raw bytes."""

    def __init__(self, task: str, folder: str, *, pickles: bool = False, code: bool = False) -> None:
        self._task = table.find(task).load(Source(whole(Path(folder), pickles=pickles), pickles=pickles, code=code))
        self._batches = table.named(task) in table.TOGETHER
        self._gathering = Gathering(self._done, self._task.most_together)
        self._model = threading.Lock()

    def answer(self, order: Order) -> Iterator[Item]:
        """One item: the output of the task. Calls with like parameters that wait together share a batch."""
        inputs = order.blob or order.data.get("inputs")
        if order.data.get("explain"):
            yield Item(self._gathering.ask(Wish(inputs, EXPLAINED, order.left)))
            return
        parameters = checked(self._task.__call__, order.data.get("parameters") or {})
        if order.data.get("stream"):
            yield from self._streamed(inputs, parameters, order)
            return
        kind = self._task.alike(parameters) if self._batches else ""
        wish = Wish(inputs, kind, order.left, parameters)
        output = self._gathering.ask(wish)
        order.used.read, order.used.written = wish.read, wish.written
        if not order.left.is_set():
            yield _item(output)

    def _done(self, wishes: Sequence[Wish]) -> Sequence[Any]:
        """Outputs of wishes of one kind; what each of them read and wrote is noted in it."""
        with self._model:
            return self._outputs(wishes)

    def _outputs(self, wishes: Sequence[Wish]) -> Sequence[Any]:
        self._task.stop = lambda: all(wish.left.is_set() for wish in wishes)
        first = wishes[0]
        if first.kind == EXPLAINED:
            return [self._explain(wish.inputs) for wish in wishes]
        with tallied() as tally:
            if len(wishes) == 1:
                output: Any = self._task(first.inputs, **first.parameters)
                first.read, first.written = sum(tally.read), sum(tally.wrote)
                return [output]
            outputs: Sequence[Any] = self._task.together([wish.inputs for wish in wishes], **first.parameters)
        shares = tally.shares([self._task.readings(one.inputs) for one in wishes])
        for wish, (read, written) in zip(wishes, shares, strict=True):
            wish.read, wish.written = read, written
        return outputs

    def _streamed(self, inputs: Any, parameters: dict[str, Any], order: Order) -> Iterator[Item]:
        """How many tokens were read, as `{prompt}`, then the events."""
        with self._model, tallied() as tally:
            for event in self._task.stream(inputs, parameters, order.left.is_set):
                if order.used.written == 0:
                    yield Item({"prompt": sum(tally.read)})
                order.used.written += 1
                yield Item(event)

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
