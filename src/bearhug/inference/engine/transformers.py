"""The engine for everything else: any causal language model of transformers, in full precision, with all its logits.

Requests that come together are a cohort: they share a batch, padded on the left, and leave it one by one. Those that
come later join it as soon as their prompt is read, if the cache of the model is a plain one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import torch
from torch.nn.functional import pad
from transformers.cache_utils import DynamicCache, DynamicLayer

from bearhug.inference.engine.picking import Chosen, Picker
from bearhug.inference.engine.sampling import Abilities, Finish, Load, Piece, Sampling
from bearhug.inference.tasks.following import Following, Forms, ends_of
from bearhug.inference.tasks.form import BadForm, Form
from bearhug.inference.tasks.source import Source

MOST_PROMPTS = 16
"""Prompts that are read together."""
MOST_ROWS = 64
"""Sequences under way at a time; the others wait."""
MOST_PADDED = 2
"""How many times as large as its rows need a batch may become by padding."""


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

    @property
    def is_plain(self) -> bool:
        """Whether the cache is nothing but keys and values of all tokens."""
        layers = getattr(self.cache, "layers", ())
        return type(self.cache) is DynamicCache and all(type(one) is DynamicLayer for one in layers)

    def suits(self, other: "_Cohort") -> bool:
        """Whether both may go on as one."""
        if not (self.is_plain and other.is_plain):
            return False
        return _is_worth([self.mask.shape[1]] * len(self.rows) + [other.mask.shape[1]] * len(other.rows))

    def join(self, other: "_Cohort") -> None:
        """Take the rows of another one in."""
        longest = max(self.mask.shape[1], other.mask.shape[1])
        self.rows += other.rows
        self.inputs = torch.cat([self.inputs, other.inputs])
        self.mask = torch.cat([_led(one.mask, longest, -1) for one in (self, other)])
        for ours, theirs in zip(self.cache.layers, other.cache.layers, strict=True):
            room = longest - 1  # the last token is not in the cache yet
            ours.keys = torch.cat([_led(ours.keys, room, -2), _led(theirs.keys, room, -2)])
            ours.values = torch.cat([_led(ours.values, room, -2), _led(theirs.values, room, -2)])

    def trim(self) -> None:
        """Let go of columns that are padding in every row: else one that others join again and again never ends."""
        lead = int(self.mask.any(0).int().argmax())
        if lead and self.is_plain:
            self.mask = self.mask[:, lead:]
            for layer in self.cache.layers:
                layer.keys, layer.values = layer.keys[..., lead:, :], layer.values[..., lead:, :]


def _is_worth(lengths: Sequence[int]) -> bool:
    """Whether rows of these lengths may share a batch."""
    return len(lengths) * max(lengths) <= MOST_PADDED * sum(lengths)


def _led(tensor: torch.Tensor, length: int, side: int) -> torch.Tensor:
    """Zeros before what is there, up to this length."""
    missing = length - tensor.shape[side]
    return tensor if missing == 0 else pad(tensor, (0, 0) * (-1 - side) + (missing, 0))


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
        if self._waiting and self._running < MOST_ROWS:
            self._cohorts.append(self._gathered(self._called()))
        pieces = [piece for cohort in self._cohorts for piece in self._advance(cohort)]
        self._cohorts = _united(cohort for cohort in self._cohorts if cohort.rows)
        return pieces

    @property
    def _running(self) -> int:
        return sum(len(cohort.rows) for cohort in self._cohorts)

    def load(self) -> Load:
        return Load(self._running, len(self._waiting), self._running / MOST_ROWS, 0)

    def _called(self) -> list[_Row]:
        """Who waits longest, and those behind it that may share its batch."""
        called: list[_Row] = []
        room = min(MOST_PROMPTS, MOST_ROWS - self._running)
        for row in self._waiting:
            if len(called) < room and _is_worth([len(one.prompt) for one in (*called, row)]):
                called.append(row)
        taken = {id(row) for row in called}
        self._waiting = [row for row in self._waiting if id(row) not in taken]
        return called

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
            cohort.trim()


def _united(cohorts: Iterable[_Cohort]) -> list[_Cohort]:
    """As few cohorts as may be."""
    found: list[_Cohort] = []
    for cohort in cohorts:
        host = next((one for one in found if one.suits(cohort)), None)
        if host is None:
            found.append(cohort)
        else:
            host.join(cohort)
    return found
