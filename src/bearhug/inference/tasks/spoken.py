"""Generated text token by token, while the model goes on in a thread of its own."""

import queue
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import torch
from transformers import LogitsProcessor, LogitsProcessorList
from transformers.generation.streamers import BaseStreamer

from bearhug.inference.tasks.details import likeliest

UNFINISHED = "\ufffd"


class Ear(BaseStreamer):
    """Hears every token; the first that generation puts is the prompt."""

    def __init__(self, heard: "queue.SimpleQueue[int | None]") -> None:
        self._heard = heard
        self._is_prompt = True

    def put(self, value: torch.Tensor) -> None:
        if not self._is_prompt:
            for number in value.flatten().tolist():
                self._heard.put(number)
        self._is_prompt = False

    def end(self) -> None:
        """Whoever waits for the work itself learns of its end."""


class Chances(LogitsProcessor):
    """Keeps the logarithms of probabilities of each step."""

    def __init__(self) -> None:
        self.rows: queue.SimpleQueue[torch.Tensor] = queue.SimpleQueue()

    def __call__(self, _input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.FloatTensor:
        self.rows.put(scores[0].float().log_softmax(-1).cpu())
        return scores


class Pieces:
    """What each token adds to the text; bytes of an unfinished character wait for the rest of it."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._ids: list[int] = []
        self._start = self._read = 0

    def add(self, number: int) -> str:
        self._ids.append(number)
        before, now = self._text(self._ids[self._start : self._read]), self._text(self._ids[self._start :])
        if len(now) <= len(before) or now.endswith(UNFINISHED):
            return ""
        self._start, self._read = self._read, len(self._ids)
        return now[len(before) :]

    def _text(self, ids: list[int]) -> str:
        text: str = self._tokenizer.decode(ids, skip_special_tokens=True)
        return text


def spoken(
    tokenizer: Any, generate: Callable[[dict[str, Any]], Any], top: int = 0
) -> Iterator[tuple[dict[str, Any], list[tuple[int, float]]]]:
    """`{id, text, logprob, special}` of every token, and the `top` likeliest; `generate` is given what listens."""
    heard: queue.SimpleQueue[int | None] = queue.SimpleQueue()
    chances, pieces, special = Chances(), Pieces(tokenizer), set(tokenizer.all_special_ids)
    more = {"streamer": Ear(heard), "logits_processor": LogitsProcessorList([chances])}
    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(generate, more)
        work.add_done_callback(lambda _: heard.put(None))
        while (number := heard.get()) is not None:
            row = chances.rows.get()
            told = {"text": pieces.add(number), "logprob": float(row[number]), "special": number in special}
            yield {"id": number, **told}, likeliest(row[None], top)[0]
        work.result()
