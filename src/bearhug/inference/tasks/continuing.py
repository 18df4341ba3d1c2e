"""Prompts continued by a model: side by side where that changes no answer, else one after another."""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from transformers import LogitsProcessorList, StoppingCriteria, StoppingCriteriaList
from transformers.generation.stopping_criteria import StopStringCriteria

from bearhug.base.errors import BadRequest
from bearhug.inference.tasks.following import Forms, InForm, ends_of
from bearhug.inference.tasks.form import BadForm, Form
from bearhug.inference.tasks.task import Stop
from bearhug.inference.tasks.writing import generate

MOST_ROWS = 16
MOST_TOKENS = 16_384
"""Tokens of one batch, read and to be written, padding among them."""
SEVERAL = ("num_beams", "num_return_sequences")
LOOKS_BACK = {
    "repetition_penalty": 1.0,
    "no_repeat_ngram_size": 0,
    "min_length": 0,
    "max_length": 0,
    "watermark": False,
}
"""Wishes by which a prompt's padding would change the answer, and the values that wish nothing."""


@dataclass(frozen=True)
class Asked:
    """How prompts are to be continued: `options` as transformers takes them, and what it does not know."""

    options: Mapping[str, Any]
    stop: Sequence[str] = ()
    seed: int | None = None
    form: Form | None = None

    @property
    def is_single(self) -> bool:
        """Whether each prompt gets one continuation that depends on nobody else's."""
        draws = self.seed is not None and bool(self.options.get("do_sample"))
        return not draws and max(self.options.get(name, 1) for name in SEVERAL) == 1


@dataclass
class Stopped(StoppingCriteria):
    """Ends rows at words, and keeps how long each row was then."""

    inner: StopStringCriteria
    lengths: dict[int, int] = field(default_factory=dict)

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **more: Any) -> torch.Tensor:
        """One flag a row."""
        found: torch.Tensor = self.inner(input_ids, scores, **more)
        for row in found.nonzero().flatten().tolist():
            self.lengths.setdefault(row, input_ids.shape[1])
        return found


class Continuing:
    """Writes on with one model."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self._model = model
        self._tokenizer = tokenizer
        said = model.generation_config.eos_token_id
        self._ends: list[int] = [one for one in (said if isinstance(said, list) else [said]) if one is not None]
        self._ends_of_forms = ends_of(model, tokenizer)
        self._forms: Forms | None = None
        taken = inspect.signature(model.forward).parameters
        theirs = type(model).__module__.startswith("transformers.")
        self._pads = theirs and {"position_ids", "attention_mask"} <= set(taken) and not _is_recurrent(model)

    def many(self, prompts: Sequence[list[int]], asked: Asked, stop_now: Stop) -> list[list[list[int]]]:
        """For each prompt the new tokens of its continuations."""
        found: list[list[list[int]]] = [[] for _ in prompts]
        for places in self._groups(prompts, asked):
            for place, new in zip(places, self._group([prompts[at] for at in places], asked, stop_now), strict=True):
                found[place] = new
        return found

    def one(self, prompt: list[int], asked: Asked, stop_now: Stop, listening: Mapping[str, Any]) -> None:
        """Continue one prompt for somebody who listens, as the `streamer` and `logits_processor` of transformers."""
        batch, options, _ = self._told([prompt], asked)
        processors = LogitsProcessorList([*listening["logits_processor"], *options.get("logits_processor", ())])
        generate(
            self._model, batch, {**options, **listening, "logits_processor": processors}, stop_now, seed=asked.seed
        )

    def _groups(self, prompts: Sequence[list[int]], asked: Asked) -> Iterator[list[int]]:
        """Places of prompts that go together: of any length where padding is not seen, else of the same."""
        pads = self._pads and not self._looks_back(asked)
        order = sorted(range(len(prompts)), key=lambda at: len(prompts[at]), reverse=True)
        while order:
            longest = len(prompts[order[0]])
            rows = MOST_TOKENS // (longest + asked.options.get("max_new_tokens", 0)) if asked.is_single else 1
            most = order[: max(min(rows, MOST_ROWS), 1)]
            places = [at for at in most if pads or len(prompts[at]) == longest]
            order = [at for at in order if at not in places]
            yield places

    def _looks_back(self, asked: Asked) -> bool:
        own = self._model.generation_config
        told = {name: asked.options.get(name, getattr(own, name, None)) for name in LOOKS_BACK if name != "max_length"}
        told["max_length"] = asked.options.get("max_length")
        return any(value is not None and value != LOOKS_BACK[name] for name, value in told.items())

    def _group(self, prompts: Sequence[list[int]], asked: Asked, stop_now: Stop) -> Iterator[list[list[int]]]:
        batch, options, stopped = self._told(prompts, asked)
        rows = generate(self._model, batch, options, stop_now, seed=asked.seed)
        start, several = batch["input_ids"].shape[1], len(rows) // len(prompts)
        lengths = stopped.lengths if stopped is not None and asked.options.get("num_beams", 1) == 1 else {}
        new = [self._cut(row.tolist()[start : lengths.get(at)]) for at, row in enumerate(rows)]
        for at in range(0, len(new), several):
            yield new[at : at + several]

    def _told(
        self, prompts: Sequence[list[int]], asked: Asked
    ) -> tuple[dict[str, torch.Tensor], dict[str, Any], Stopped | None]:
        """Prompts as tensors, the short ones padded on the left; what transformers is told; who watches for words."""
        longest, pad = max(len(prompt) for prompt in prompts), self._tokenizer.pad_token_id
        ids = [[pad or 0] * (longest - len(prompt)) + prompt for prompt in prompts]
        mask = [[0] * (longest - len(prompt)) + [1] * len(prompt) for prompt in prompts]
        device = self._model.device
        batch = {"input_ids": torch.tensor(ids, device=device), "attention_mask": torch.tensor(mask, device=device)}
        options: dict[str, Any] = {**asked.options, "pad_token_id": pad}
        stopped = Stopped(StopStringCriteria(self._tokenizer, list(asked.stop))) if asked.stop else None
        if stopped is not None:
            options["stopping_criteria"] = StoppingCriteriaList([stopped])
        if asked.form is not None:
            options["logits_processor"] = [self._in_form(asked.form, longest)]
            options["eos_token_id"] = self._ends_of_forms
        return batch, options, stopped

    def _in_form(self, form: Form, start: int) -> InForm:
        try:
            if self._forms is None:
                size = int(self._model.config.get_text_config().vocab_size)
                self._forms = Forms(self._tokenizer, size, self._ends_of_forms)
            return InForm(self._forms, form, start, self._ends_of_forms)
        except BadForm as error:
            raise BadRequest(f'"grammar" cannot be followed: {error}.') from error

    def _cut(self, new: list[int]) -> list[int]:
        """Without what fills a row that ended before the others."""
        end = next((at for at, token in enumerate(new, 1) if token in self._ends), None)
        return new[:end]


def _is_recurrent(model: Any) -> bool:
    """Whether a state runs through all tokens, the padding among them."""
    return bool(getattr(model, "_is_stateful", False))
