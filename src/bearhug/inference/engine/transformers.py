"""The engine for everything else: any causal language model of transformers, in full precision, with all its logits.

Requests that come together are a cohort: they share a batch, padded on the left, and leave it one by one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import torch

from bearhug.inference.engine.picking import Chosen, Picker
from bearhug.inference.engine.sampling import Abilities, Finish, Load, Piece, Sampling
from bearhug.inference.tasks.following import Following, Forms, ends_of
from bearhug.inference.tasks.form import BadForm, Form
from bearhug.inference.tasks.source import Source

LARGEST_COHORT = 16
MOST_COHORTS = 4


@dataclass
class _Row:
    """One sequence of a cohort."""

    key: int
    index: int
    sampling: Sampling
    prompt: Sequence[int]
    picker: Picker
    said: list[int] = field(default_factory=list)

    def next(self, scores: torch.Tensor) -> Piece:
        try:
            return self._piece(self.picker.pick(scores, self.said))
        except BadForm:
            return Piece(self.key, self.index, [], finish=Finish.CANCELLED)

    def _piece(self, chosen: Chosen) -> Piece:
        self.said.append(chosen.token)
        finish = None
        if chosen.token in self.sampling.stop_ids:
            finish = Finish.STOP
        elif len(self.said) >= self.sampling.max_tokens:
            finish = Finish.LENGTH
        likely = [chosen.likely] if chosen.likely is not None else []
        return Piece(self.key, self.index, [chosen.token], likely, finish)


@dataclass
class _Cohort:
    """A batch that grows together: `mask` is [rows, length so far], `cache` holds its keys and values."""

    rows: list[_Row]
    mask: torch.Tensor
    inputs: torch.Tensor
    cache: Any = None


class TransformersEngine:
    """Runs the model of a folder on the processor, or on the GPU where torch finds one.

    With its `tokenizer` answers are held to forms.
    """

    def __init__(self, source: Source, *, context: int, tokenizer: Any = None) -> None:
        from transformers import AutoModelForCausalLM

        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        kind = torch.bfloat16 if self._device.type == "cuda" else torch.float32
        model: Any = cast(Any, AutoModelForCausalLM).from_pretrained(str(source.folder), dtype=kind, **source.weights())
        self._model = model.eval().to(self._device)
        self._waiting: list[_Row] = []
        self._cohorts: list[_Cohort] = []
        self._tokenizer = tokenizer
        self._forms: Forms | None = None
        self._vocabulary = int(self._model.config.get_text_config().vocab_size)
        shapes = frozenset({"json", "regex"}) if tokenizer is not None else frozenset[str]()
        self.abilities = Abilities(context, top_logprobs=min(20, self._vocabulary), shapes=shapes)

    @property
    def is_busy(self) -> bool:
        return bool(self._waiting or self._cohorts)

    def prove(self, shape: tuple[str, str]) -> None:
        """Followed once, and forgotten."""
        self._following(Form(*shape))

    def begin(self, key: int, prompt: Sequence[int], sampling: Sampling) -> None:
        """BadForm is a ValueError too."""
        form = Form(*sampling.shape) if sampling.shape is not None else None
        if form is not None:  # a complete one ends the answer, whatever else may
            sampling = replace(sampling, stop_ids=(*sampling.stop_ids, *ends_of(self._model, self._tokenizer)))
        pickers = [Picker(sampling, prompt, at, self._following(form)) for at in range(sampling.count)]
        self._waiting += [_Row(key, at, sampling, prompt, picker) for at, picker in enumerate(pickers)]

    def _following(self, form: Form | None) -> Following | None:
        if form is None:
            return None
        if self._forms is None:
            self._forms = Forms(self._tokenizer, self._vocabulary, ends_of(self._model, self._tokenizer))
        return self._forms.begin(form)

    def cancel(self, key: int) -> None:
        self._waiting = [row for row in self._waiting if row.key != key]
        for cohort in self._cohorts:
            self._keep(cohort, [place for place, row in enumerate(cohort.rows) if row.key != key])
        self._cohorts = [cohort for cohort in self._cohorts if cohort.rows]

    def step(self) -> list[Piece]:
        if self._waiting and len(self._cohorts) < MOST_COHORTS:
            joined, self._waiting = self._waiting[:LARGEST_COHORT], self._waiting[LARGEST_COHORT:]
            self._cohorts.append(self._gathered(joined))
        pieces = [piece for cohort in self._cohorts for piece in self._advance(cohort)]
        self._cohorts = [cohort for cohort in self._cohorts if cohort.rows]
        return pieces

    def load(self) -> Load:
        running = sum(len(cohort.rows) for cohort in self._cohorts)
        return Load(running, len(self._waiting), running / (LARGEST_COHORT * MOST_COHORTS), 0)

    def _gathered(self, rows: list[_Row]) -> _Cohort:
        """Prompts side by side, the short ones padded on the left."""
        longest = max(len(row.prompt) for row in rows)
        inputs = torch.zeros(len(rows), longest, dtype=torch.long)
        mask = torch.zeros(len(rows), longest, dtype=torch.long)
        for place, row in enumerate(rows):
            inputs[place, longest - len(row.prompt) :] = torch.tensor(row.prompt)
            mask[place, longest - len(row.prompt) :] = 1
        return _Cohort(rows, mask.to(self._device), inputs.to(self._device))

    @torch.inference_mode()
    def _advance(self, cohort: _Cohort) -> Iterator[Piece]:
        """The next token of every row; rows that ended leave the batch."""
        positions = (cohort.mask.cumsum(-1) - 1).clamp(min=0)[:, -cohort.inputs.shape[1] :]
        output = self._model(
            input_ids=cohort.inputs,
            attention_mask=cohort.mask,
            position_ids=positions,
            past_key_values=cohort.cache,
            use_cache=True,
            logits_to_keep=1,
        )
        cohort.cache = output.past_key_values
        scores = output.logits[:, -1].float().cpu()
        pieces = [row.next(scores[place]) for place, row in enumerate(cohort.rows)]
        chosen = torch.tensor([[piece.ids[0] if piece.ids else 0] for piece in pieces], device=self._device)
        cohort.inputs = chosen
        cohort.mask = torch.cat([cohort.mask, torch.ones_like(chosen)], dim=1)
        self._keep(cohort, [place for place, piece in enumerate(pieces) if piece.finish is None])
        return iter(pieces)

    def _keep(self, cohort: _Cohort, places: list[int]) -> None:
        """Let the other rows go."""
        if len(places) == len(cohort.rows):
            return
        cohort.rows = [cohort.rows[place] for place in places]
        if not places:
            cohort.cache = None
            return
        kept = torch.tensor(places, device=self._device)
        cohort.mask, cohort.inputs = cohort.mask[kept], cohort.inputs[kept]
        if cohort.cache is not None:
            cohort.cache.batch_select_indices(kept)
