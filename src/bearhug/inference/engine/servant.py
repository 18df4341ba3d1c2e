"""What the worker of a language model runs: words on the outside, an engine within."""

import os
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bearhug.base.errors import BadRequest, Unprocessable
from bearhug.inference.engine import choosing
from bearhug.inference.engine.loop import Loop
from bearhug.inference.engine.sampling import Sampling
from bearhug.inference.engine.speech import Speech
from bearhug.inference.engine.words import Words
from bearhug.inference.tasks.adapter import whole
from bearhug.inference.tasks.form import Form
from bearhug.inference.tasks.source import Source
from bearhug.inference.workers.servant import Item, Order

BROKEN = 70
"""The exit code of a worker whose engine broke down (EX_SOFTWARE)."""


class TextServant:
    """Answers orders `{"do": …}`: generate, tokenize, detokenize, load."""

    def __init__(self, **options: Any) -> None:
        source = Source(whole(Path(options["folder"])), bool(options.get("pickles")), bool(options.get("code")))
        self._words = Words(source, choosing.words_of(source, options))
        engine, self._name = choosing.choose(source, self._words, options)
        generation = source.document("generation_config.json")
        self._ends = self._words.ends(source.document("config.json"), generation)
        self._abilities = engine.abilities
        self._loop = Loop(engine, lambda: os._exit(BROKEN))

    def answer(self, order: Order) -> Iterator[Item]:
        data = order.data
        match data.get("do"):
            case "generate":
                yield from self._generate(data, order.left)
            case "tokenize":
                ids = self._prompt(data)
                yield Item({"ids": ids, "pieces": self._words.pieces(ids), "context": self._abilities.context})
            case "detokenize":
                yield Item({"text": self._words.decode(_ids(data["ids"]), special=True)})
            case "load":
                yield Item(self._told())
            case other:
                raise BadRequest(f"There is nothing called {other} to do here.")

    def _generate(self, data: Mapping[str, Any], left: threading.Event) -> Iterator[Item]:
        ids = self._prompt(data)
        sampling = self._sampling(data["sampling"], len(ids))
        yield Item({"prompt": len(ids)})
        speeches = [Speech(self._words, index, data) for index in range(sampling.count)]
        for piece in self._loop.pieces(ids, sampling, left):
            for said in speeches[piece.index].hear(piece):
                yield Item(said)
            if all(speech.ended for speech in speeches):
                return  # every sequence met one of its stop words, whatever the engine still has in mind

    def _prompt(self, data: Mapping[str, Any]) -> list[int]:
        if "ids" in data:
            return _ids(data["ids"])
        if "messages" in data:
            return self._words.conversation(data["messages"], **data.get("template", {}))
        ids = self._words.encode(data.get("text", ""), special=bool(data.get("special", True)))
        start = self._words.start
        return ids or ([start] if start is not None else list(self._ends[:1]))

    def _sampling(self, wishes: Mapping[str, Any], length: int) -> Sampling:
        """The wishes with the model's own ends; refused where they cannot be met."""
        room = self._abilities.context - length
        if length == 0:
            raise BadRequest("The prompt is empty.")
        if room < 1:
            raise BadRequest(
                f"This model's maximum context length is {self._abilities.context} tokens, and the prompt has "
                f"{length}. Shorten it."
            )
        asked = wishes.get("max_tokens")
        if asked is not None and asked > room:
            raise BadRequest(
                f"This model's maximum context length is {self._abilities.context} tokens. The prompt has {length}, "
                f"so at most {room} more can be asked for, not {asked}."
            )
        ends = () if wishes.get("ignore_end") else (*self._ends, *wishes.get("stop_ids", ()))
        sampling = Sampling.from_json({**wishes, "max_tokens": asked or room, "stop_ids": ends})
        self._check(sampling)
        return sampling

    def _check(self, sampling: Sampling) -> None:
        able = self._abilities
        if sampling.top_logprobs > able.top_logprobs:
            raise Unprocessable(
                f"The engine of this model ({self._name}) tells the probability of chosen tokens only. Ask for "
                'top_logprobs 0, or let the deployment run in the engine "transformers".'
            )
        if sampling.shape is not None:
            self._prove(sampling.shape)

    def _prove(self, shape: tuple[str, str]) -> None:
        if shape[0] not in self._abilities.shapes:
            raise Unprocessable(f"The engine of this model ({self._name}) cannot hold answers to a {shape[0]}.")
        try:
            Form(*shape)
            self._loop.engine.prove(shape)
        except ValueError as error:
            raise Unprocessable(f"Answers cannot be held to this {shape[0]}: {error}.") from error

    def _told(self) -> dict[str, Any]:
        load, able = self._loop.load(), self._abilities
        return {
            "engine": self._name,
            "running": load.running,
            "waiting": load.waiting,
            "cache": load.cache,
            "cache_bytes": load.cache_bytes,
            "context": able.context,
            "top_logprobs": able.top_logprobs,
            "shapes": sorted(able.shapes),
            "has_template": bool(self._words.template),
        }


def _ids(found: Any) -> list[int]:
    if not isinstance(found, list) or not all(isinstance(one, int) and 0 <= one < 1 << 31 for one in found):
        raise BadRequest("Token ids are a list of whole numbers.")
    return found
