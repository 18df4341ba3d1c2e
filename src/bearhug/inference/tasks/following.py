"""Answers that keep to a form: after every token llguidance tells which ones may come next.

Source: llguidance's documentation. It matches regular expressions by derivatives, so that none is slow by its kind, and
counts what a form costs while it is followed.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from transformers import LogitsProcessor

from bearhug.base.errors import Unprocessable
from bearhug.inference.tasks.form import BadForm, Form

LIMITS: dict[str, Any] = {"max_items_in_row": 1000, "max_lexer_states": 50_000, "max_grammar_size": 100_000}
JSON: Any = {"whitespace_pattern": r"[ \n\t]{0,16}"}
"""Room for indentation; without an end models lose themselves in blanks."""
NEVER = float("-inf")


def ends_of(model: Any, tokenizer: Any) -> list[int]:
    """The ids that end an answer: those of the model, else the tokenizer's own."""
    said = model.generation_config.eos_token_id
    listed = said if isinstance(said, list) else [said]
    return [one for one in listed if one is not None] or [one for one in [tokenizer.eos_token_id] if one is not None]


class Forms:
    """Follows forms with the tokens of one model.

    `size` is that of its logits, `ends` are the ids that end an answer. Raises BadForm where its tokenizer does not do.
    """

    def __init__(self, tokenizer: Any, size: int, ends: Sequence[int]) -> None:
        from llguidance.hf import from_tokenizer

        if not ends:
            raise BadForm("this model has no token that ends an answer")
        try:
            self._tokens = from_tokenizer(tokenizer, max(size, len(tokenizer)), list(ends))
        except (ValueError, RuntimeError, AttributeError) as error:
            raise BadForm("the tokenizer of this model is of a kind that cannot be held to forms") from error

    def begin(self, form: Form) -> "Following":
        """Raises BadForm."""
        from llguidance import LLMatcher, LLParserLimits

        try:
            if form.kind == "regex":
                grammar = LLMatcher.grammar_from_regex(form.text)
            else:
                grammar = LLMatcher.grammar_from_json_schema(form.text, overrides=JSON)
        except ValueError as error:
            raise BadForm(str(error)[:300]) from error
        found = Following(LLMatcher(self._tokens, grammar, log_level=0, limits=LLParserLimits(**LIMITS)))
        found.allowed()
        return found


class Following:
    """One sequence that keeps to a form."""

    def __init__(self, matcher: Any) -> None:
        self._matcher = matcher
        self._said: list[int] = []

    def allowed(self) -> "np.ndarray[Any, np.dtype[np.bool_]]":
        """For every token whether it may come next; where the form is complete, those alone that end the answer.

        Raises BadForm when the form is none, fits nothing, or has become too much.
        """
        bits = np.frombuffer(self._matcher.compute_bitmask(), np.uint8)
        if self._matcher.is_error():
            told = self._matcher.get_error().partition("\n")[0].strip()
            raise BadForm("no text has this form" if told.startswith("NoExtension") else told[:300])
        return np.unpackbits(bits, bitorder="little").astype(bool)

    def follow(self, said: Sequence[int]) -> None:
        """The sequence is these tokens now: most often one more than before, with beams another's."""
        known = len(self._said)
        if list(said[:known]) != self._said:
            self._matcher.reset()
            known = 0
        for token in said[known:]:
            self._matcher.consume_token(token)
        self._said = list(said)

    def masked(self, scores: torch.Tensor) -> torch.Tensor:
        """Scores [vocabulary] with those of all other tokens at minus infinity. Raises BadForm."""
        allowed = torch.from_numpy(self.allowed()[: scores.shape[-1]]).to(scores.device)
        return scores.masked_fill(~allowed, NEVER)


class InForm(LogitsProcessor):
    """Holds rows of generated ids to a form, each for itself; what stands before `start` is the prompt."""

    def __init__(self, forms: Forms, form: Form, start: int, ends: Sequence[int]) -> None:
        self._forms, self._form = forms, form
        self._start = start
        self._ends = set(ends)
        self._rows: list[Following] = [forms.begin(form)]

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Scores [rows, vocabulary]. Raises Unprocessable when the form costs too much to be followed on."""
        said = input_ids[:, self._start :].tolist()
        while len(self._rows) < len(said):
            self._rows.append(self._forms.begin(self._form))
        return torch.stack(list(self._masked(said, scores)))

    def _masked(self, said: Sequence[list[int]], scores: torch.Tensor) -> Iterator[torch.Tensor]:
        for row, following, chances in zip(said, self._rows, scores, strict=False):
            if self._ends & set(row):  # it has ended, and waits for others
                yield chances
                continue
            try:
                following.follow(row)
                yield following.masked(chances)
            except BadForm as error:
                raise Unprocessable(f"The form of this answer is too much to be followed: {error}.") from error
