"""The engine of machines without a GPU: openvino-genai's continuous batching over a paged key-value cache."""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
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
Prove = Callable[[tuple[str, str]], None]
"""Raises ValueError for a form that the pipeline cannot follow."""
FINISHES = {
    genai.GenerationFinishReason.STOP: Finish.STOP,
    genai.GenerationFinishReason.TOOL_CALL: Finish.STOP,
    genai.GenerationFinishReason.LENGTH: Finish.LENGTH,
}


class OpenVinoEngine:
    """A written graph (see `graphs.writing`) with a cache for `cache_tokens`; prefixes are shared between requests.

    `exact` computes in float32 throughout, as tests want it; else OpenVINO chooses what is fast here.
    """

    def __init__(
        self, folder: Path, *, context: int, cache_tokens: int, exact: bool = False, prove: Prove | None = None
    ) -> None:
        scheduler = genai.SchedulerConfig()
        scheduler.cache_size = 0
        scheduler.num_kv_blocks = max(cache_tokens // BLOCK, 2)
        scheduler.enable_prefix_caching = True
        scheduler.dynamic_split_fuse = True
        self._room = scheduler.num_kv_blocks * BLOCK
        self._pipe = genai.ContinuousBatchingPipeline(str(folder), scheduler, "CPU", EXACT if exact else {})
        self._numbers = count()
        self._handles: dict[tuple[int, int], Any] = {}
        self._sampling: dict[int, Sampling] = {}
        shapes = frozenset(SHAPES) if (folder / TOKENIZER).exists() else frozenset()
        self._prove = prove
        self.abilities = Abilities(min(context, self._room - BLOCK), top_logprobs=0, shapes=shapes)

    @property
    def is_busy(self) -> bool:
        return bool(self._handles)

    def prove(self, shape: tuple[str, str]) -> None:
        """A form that breaks the pipeline would break all answers that are under way."""
        if self._prove is not None:
            self._prove(shape)

    def begin(self, key: int, prompt: Sequence[int], sampling: Sampling) -> None:
        """Every sequence is a request of its own, so that all of them stream; they share the prompt's cache."""
        ids = ov.Tensor(np.array([prompt], dtype=np.int64))
        for index in range(sampling.count):
            self._handles[key, index] = self._pipe.add_request(next(self._numbers), ids, _wishes(sampling, index))
        self._sampling[key] = sampling

    def cancel(self, key: int) -> None:
        sampling = self._sampling.pop(key, None)
        for index in range(sampling.count if sampling is not None else 0):
            handle = self._handles.pop((key, index), None)
            if handle is not None:
                handle.cancel()

    def step(self) -> list[Piece]:
        if self._pipe.has_non_finished_requests():
            self._pipe.step()
        pieces = [piece for key, index in list(self._handles) for piece in self._read(key, index)]
        if not self._pipe.has_non_finished_requests():  # what is left was dropped: it never fits into the cache
            pieces += [Piece(key, index, [], finish=Finish.CANCELLED) for key, index in self._handles]
            self._handles.clear()
        return pieces

    def _read(self, key: int, index: int) -> Iterator[Piece]:
        handle, tells = self._handles[key, index], self._sampling[key].logprobs
        if not handle.can_read():
            return
        for output in handle.read().values():
            finish = FINISHES.get(output.finish_reason)
            if finish is not None:
                del self._handles[key, index]
            likely = [Likely(logprob) for logprob in output.generated_log_probs] if tells else []
            yield Piece(key, index, list(output.generated_ids), likely, finish)

    def load(self) -> Load:
        found = self._pipe.get_metrics()
        waiting = max(found.requests - found.scheduled_requests, 0) if self._handles else 0
        running = max(len(self._handles) - waiting, 0)
        return Load(running, waiting, found.cache_usage / 100, found.kv_cache_size_in_bytes)


def _wishes(sampling: Sampling, index: int) -> Any:
    """OpenVINO's own words for one sequence of a request."""
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
    if not sampling.is_greedy:
        _draw(found, sampling, index)
    if sampling.shape is not None:
        kind, text = sampling.shape
        found.structured_output_config = genai.StructuredOutputConfig(**_shape(kind, text))
    return found


def _draw(found: Any, sampling: Sampling, index: int) -> None:
    found.do_sample = True
    found.temperature = sampling.temperature
    found.top_p = sampling.top_p
    found.min_p = sampling.min_p
    if sampling.top_k > 0:
        found.top_k = sampling.top_k
    found.rng_seed = (secrets.randbits(62) if sampling.seed is None else sampling.seed) + index


def _shape(kind: str, text: str) -> Mapping[str, str]:
    return {SHAPES[kind]: text}
