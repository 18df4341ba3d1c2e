"""What every task is: made from a model's parts, called with inputs and parameters, explained step by step."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Self

from bearhug.base.errors import BadRequest
from bearhug.inference.tasks.gathering import MOST_TOGETHER
from bearhug.inference.tasks.parts import Parts, load
from bearhug.inference.tasks.source import Source

MOST_INPUTS = 1000
LONGEST_TEXT = 1_000_000
HALF = re.compile("[\ud800-\udfff]")
"""What JSON can say and Unicode cannot."""

Stop = Callable[[], bool]


def never() -> bool:
    """Nobody ever leaves."""
    return False


class Task:
    """Calling it gives JSON-able output of the task's published form; a list of inputs gives a list of outputs."""

    heads: ClassVar[tuple[str, ...]]
    needs: ClassVar[tuple[str, ...]] = ("tokenizer",)
    most_together: ClassVar[int] = MOST_TOGETHER

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.model = parts.model
        self.tokenizer = parts.tokenizer
        self.config = parts.model.config
        self.stop: Stop = never

    @classmethod
    def load(cls, source: Source) -> Self:
        """The task on the model in a folder."""
        return cls(load(source, cls.heads, cls.needs))

    def together(self, many: Sequence[Any], **parameters: Any) -> list[Any]:
        """Outputs for the inputs of several callers, in one go; only tasks of `table.TOGETHER` are asked for this."""
        this: Any = self
        flat = [one for inputs in many for one in (inputs if isinstance(inputs, list) else [inputs])]
        outputs = iter(this(flat, **parameters))
        return [[next(outputs) for _ in one] if isinstance(one, list) else next(outputs) for one in many]

    def readings(self, inputs: Any) -> int:
        """How many texts of a call the model reads, each as often as the others; for tasks of `table.TOGETHER`."""
        return len(inputs) if isinstance(inputs, list) else 1

    def alike(self, parameters: Mapping[str, Any]) -> str:
        """Calls of the same word may be done together; empty is alone. For tasks of `table.TOGETHER`."""
        return json.dumps(parameters, sort_keys=True)

    def labels(self) -> list[str]:
        """Names of the model's classes in the order of its outputs."""
        names = self.config.id2label
        return [str(names[index]) for index in range(len(names))]


def texts_of(inputs: Any, what: str = "a text") -> list[str]:
    """The inputs as a list of texts that are not empty."""
    texts = inputs if isinstance(inputs, list) else [inputs]
    if not texts or len(texts) > MOST_INPUTS:
        raise BadRequest(f"Send {what}, or a list of 1 to {MOST_INPUTS}.")
    for text in texts:
        text_of(text, what)
    return texts


def text_of(text: Any, what: str = "a text") -> str:
    """One text that is not empty."""
    if not isinstance(text, str):
        raise BadRequest(f"The inputs must be {what}, not {_kind(text)}.")
    if not text.strip():
        raise BadRequest("The text is empty.")
    if len(text) > LONGEST_TEXT:
        raise BadRequest(f"The text is longer than {LONGEST_TEXT:,} characters.")
    if HALF.search(text):
        raise BadRequest("The text holds half a character (a lone surrogate), which cannot be read.")
    return text


def field_of(inputs: Any, *names: str) -> Any:
    """A field of an object, under the first of its names that is there."""
    if not isinstance(inputs, dict):
        raise BadRequest(f'The inputs must be an object with "{names[0]}".')
    found = next((inputs[name] for name in names if name in inputs), None)
    if found is None:
        raise BadRequest(f'"{names[0]}" is missing from the inputs.')
    return found


def like_inputs(inputs: Any, outputs: Sequence[Any]) -> Any:
    """A list for a list, one for one."""
    return list(outputs) if isinstance(inputs, list) else outputs[0]


def _kind(value: Any) -> str:
    names = {type(None): "nothing", dict: "an object", list: "a list", bytes: "binary data", bool: "true or false"}
    return names.get(type(value), "a number")
