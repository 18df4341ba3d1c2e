"""Gathers what workers say into an answer, whole or piece by piece."""

from collections.abc import Mapping
from typing import Any

from bearhug.inference.openai import wire
from bearhug.inference.openai.records import Usage, Wishes


class Tally:
    """The choices of one request as they grow, and the tokens that they cost."""

    def __init__(self, envelope: wire.Envelope, wishes: Wishes) -> None:
        self._envelope, self._wishes = envelope, wishes
        self._choices = [wire.Choice(index) for index in range(wishes.count * len(wishes.orders))]
        self.usage = Usage()

    @property
    def tells_usage(self) -> bool:
        return self._wishes.streaming is not None and self._wishes.streaming.usage

    def openings(self) -> list[dict[str, Any]]:
        """The chunks that a stream begins with."""
        form = self._envelope.form
        found = [opening for one in self._choices if (opening := form.first(one.index)) is not None]
        return [self._envelope.chunk([opening]) for opening in found]

    def hear(self, place: int, said: Mapping[str, Any]) -> dict[str, Any] | None:
        """Take in what was said to the prompt at `place`; the chunk of a stream that tells it."""
        if "prompt" in said:
            self.usage.prompt += said["prompt"]
            return None
        self.usage.completion += said["tokens"]
        choice = self._choices[place * self._wishes.count + said["index"]]
        part = self._envelope.form.part(choice.index, said, len(choice.text))
        choice.add(said)
        is_silent = not said["text"] and "finish" not in said and "logprobs" not in said
        return None if is_silent else self._envelope.chunk([part])

    def last(self) -> dict[str, Any]:
        """The chunk that counts tokens."""
        return self._envelope.chunk([], self.usage)

    def answer(self) -> dict[str, Any]:
        return self._envelope.answer(self._choices, self.usage)
