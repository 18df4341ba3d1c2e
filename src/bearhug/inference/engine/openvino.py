"""The engine of machines without a GPU: openvino-genai's continuous batching over a paged key-value cache."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov
import openvino_genai as genai

from bearhug.inference.engine.sampling import Abilities, Finish, Likely, Load, Piece, Sampling

BLOCK = 32
"""Tokens in one block of the cache on a processor."""
TOKENIZER = "openvino_tokenizer.xml"
EXACT = {"INFERENCE_PRECISION_HINT": "f32", "KV_CACHE_PRECISION": "f32"}
SHAPES = {"json": "json_schema", "regex": "regex", "grammar": "grammar"}
FINISHES = {
    genai.GenerationFinishReason.STOP: Finish.STOP,
    genai.GenerationFinishReason.TOOL_CALL: Finish.STOP,
    genai.GenerationFinishReason.LENGTH: Finish.LENGTH,
}


@dataclass
class _Running:
    """A request in hand: where its tokens come from, and which of its sequences has which number."""

    handle: Any
    count: int
    places: dict[int, int] = field(default_factory=dict)
    ended: int = 0

    def place(self, sequence: int) -> int:
        return self.places.setdefault(sequence, len(self.places))


class OpenVinoEngine:
    """A written graph (see `graphs.writing`) with a cache for `cache_tokens`; prefixes are shared between requests.

    `exact` computes in float32 throughout, as tests want it; else OpenVINO chooses what is fast here.
    """

    def __init__(self, folder: Path, *, context: int, cache_tokens: int, exact: bool = False) -> None:
        scheduler = genai.SchedulerConfig()
        scheduler.cache_size = 0
        scheduler.num_kv_blocks = max(cache_tokens // BLOCK, 2)
        scheduler.enable_prefix_caching = True
        scheduler.dynamic_split_fuse = True
        self._room = scheduler.num_kv_blocks * BLOCK
        self._pipe = genai.ContinuousBatchingPipeline(str(folder), scheduler, "CPU", EXACT if exact else {})
        self._running: dict[int, _Running] = {}
        shapes = frozenset(SHAPES) if (folder / TOKENIZER).exists() else frozenset()
        self.abilities = Abilities(min(context, self._room - BLOCK), top_logprobs=0, shapes=shapes)

    def begin(self, key: int, prompt: Sequence[int], sampling: Sampling) -> None:
        wishes = _wishes(sampling)
        ids = ov.Tensor(np.array([prompt], dtype=np.int64))
        self._running[key] = _Running(self._pipe.add_request(key, ids, wishes), sampling.count)

    def cancel(self, key: int) -> None:
        running = self._running.pop(key, None)
        if running is not None:
            running.handle.cancel()

    def step(self) -> list[Piece]:
        if not self._pipe.has_non_finished_requests():
            return []
        self._pipe.step()
        pieces = [piece for key, running in self._running.items() for piece in _read(key, running)]
        self._running = {key: running for key, running in self._running.items() if running.ended < running.count}
        return pieces

    def load(self) -> Load:
        found = self._pipe.get_metrics()
        waiting = max(found.requests - found.scheduled_requests, 0)
        return Load(found.scheduled_requests, waiting, found.cache_usage / 100, found.kv_cache_size_in_bytes)


def _read(key: int, running: _Running) -> Iterator[Piece]:
    if not running.handle.can_read():
        return
    for sequence, output in running.handle.read().items():
        finish = FINISHES.get(output.finish_reason)
        running.ended += finish is not None
        likely = [Likely(logprob) for logprob in output.generated_log_probs]
        yield Piece(key, running.place(sequence), list(output.generated_ids), likely, finish)


def _wishes(sampling: Sampling) -> Any:
    """OpenVINO's own words for a request."""
    found = genai.GenerationConfig()
    found.max_new_tokens = sampling.max_tokens
    found.min_new_tokens = sampling.min_tokens
    found.ignore_eos = sampling.ignore_end
    if sampling.stop_ids:
        found.stop_token_ids = set(sampling.stop_ids)
        found.set_eos_token_id(sampling.stop_ids[0])
    found.logprobs = int(sampling.logprobs)
    found.repetition_penalty = sampling.repetition
    found.presence_penalty = sampling.presence
    found.frequency_penalty = sampling.frequency
    found.num_return_sequences = sampling.count
    if not sampling.is_greedy:
        _draw(found, sampling)
    if sampling.shape is not None:
        kind, text = sampling.shape
        found.structured_output_config = genai.StructuredOutputConfig(**_shape(kind, text))
    return found


def _draw(found: Any, sampling: Sampling) -> None:
    found.do_sample = True
    found.temperature = sampling.temperature
    found.top_p = sampling.top_p
    found.min_p = sampling.min_p
    if sampling.top_k > 0:
        found.top_k = sampling.top_k
    if sampling.seed is not None:
        found.rng_seed = sampling.seed


def _shape(kind: str, text: str) -> Mapping[str, str]:
    return {SHAPES[kind]: text}
