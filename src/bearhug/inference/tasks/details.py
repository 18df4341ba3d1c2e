"""What text generation tells beside the text: its tokens, their probabilities, what else was likely, the prompt's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from bearhug.base.errors import BadRequest
from bearhug.inference.tasks.generation import MOST_SEQUENCES

MOST_TOP = 20


@dataclass(frozen=True)
class Wanted:
    """How many of the likeliest tokens are told at each place, and whether the prompt's tokens are."""

    top: int = 0
    prefill: bool = False


def wanted(*, details: bool, top_n_tokens: int | None, decoder_input_details: bool) -> Wanted | None:
    """What a caller wants to know beside the text; None is nothing."""
    if not details and (top_n_tokens or decoder_input_details):
        raise BadRequest('"top_n_tokens" and "decoder_input_details" are told in the details: send "details": true.')
    return Wanted(top_of(top_n_tokens), decoder_input_details) if details else None


def top_of(asked: int | None) -> int:
    """How many of the likeliest tokens."""
    if asked is not None and not 0 <= asked <= MOST_TOP:
        raise BadRequest(f'"top_n_tokens" must be between 0 and {MOST_TOP}.')
    return asked or 0


def drawn(options: dict[str, Any], best_of: int | None) -> dict[str, Any]:
    """Options that draw as many sequences as the best is to be chosen from."""
    if best_of is None or best_of == 1:
        return options
    if not 1 <= best_of <= MOST_SEQUENCES:
        raise BadRequest(f'"best_of" must be between 1 and {MOST_SEQUENCES}.')
    if max(options.get(name, 1) for name in ("num_return_sequences", "num_beams")) > 1:
        raise BadRequest('"best_of" draws several sequences by itself, without beams or "num_return_sequences".')
    if not options.get("do_sample"):
        raise BadRequest('"best_of" needs sampling: send "do_sample": true or a temperature.')
    return {**options, "num_return_sequences": best_of}


class Details:
    """Tells of sequences `{text, prompt, ids, reason}` of one model."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._special = set(tokenizer.all_special_ids)

    def of(self, one: dict[str, Any], asked: Wanted) -> dict[str, Any]:
        """`details` as text-generation-inference writes them. Nothing foretells the prompt's first token."""
        prompt, new = one["prompt"], one["ids"]
        start = 1 if asked.prefill else len(prompt)
        chances, likeliest = self._read([*prompt, *new], start, asked.top)
        begin = len(prompt) - start
        tokens = [self.token(number, chance) for number, chance in zip(new, chances[begin:], strict=True)]
        told = {"finish_reason": one["reason"], "generated_tokens": len(tokens), "prefill": [], "tokens": tokens}
        if asked.prefill:
            read = zip(prompt, [None, *chances[:begin]], strict=True)
            told["prefill"] = [{"id": number, "text": self._text(number), "logprob": chance} for number, chance in read]
        if asked.top:
            told["top_tokens"] = [[self.token(*pair) for pair in place] for place in likeliest[begin:]]
        return told

    def mean(self, one: dict[str, Any]) -> float:
        """How likely a sequence is, a token: what the best of several is chosen by."""
        chances, _ = self._read([*one["prompt"], *one["ids"]], len(one["prompt"]), 0)
        return sum(chances) / max(len(chances), 1)

    def token(self, number: int, chance: float) -> dict[str, Any]:
        """A token with the logarithm of its probability."""
        return {"id": number, "text": self._text(number), "logprob": chance, "special": number in self._special}

    def _text(self, number: int) -> str:
        text: str = self._tokenizer.decode([number])
        return text

    @torch.inference_mode()
    def _read(self, ids: Sequence[int], start: int, top: int) -> tuple[list[float], list[list[tuple[int, float]]]]:
        """For each token from `start` on its chance, before temperature and the like, and the `top` likeliest there."""
        given = torch.tensor([ids], device=self._model.device)
        rows = self._model(input_ids=given).logits[0, start - 1 : -1].float().cpu().log_softmax(-1)
        chosen = rows.gather(1, torch.tensor(ids[start:], dtype=torch.long)[:, None])[:, 0]
        return chosen.tolist(), likeliest(rows, top)


def likeliest(rows: torch.Tensor, top: int) -> list[list[tuple[int, float]]]:
    """The ids and logarithms of probabilities of the `top` likeliest tokens of each row."""
    best = rows.topk(min(top, rows.shape[-1]))
    pairs = zip(best.indices.tolist(), best.values.tolist(), strict=True)
    return [list(zip(numbers, chances, strict=True)) for numbers, chances in pairs]
