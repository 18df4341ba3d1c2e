"""What tasks have in common that write text: stopping, seeds, the lengths that fit."""

from collections.abc import Mapping
from typing import Any

import torch
from transformers import (
    LogitsProcessor,
    LogitsProcessorList,
    StoppingCriteria,
    StoppingCriteriaList,
    WatermarkingConfig,
)

from bearhug.base.errors import BadRequest
from bearhug.inference.tasks import generation
from bearhug.inference.tasks.parameters import checked
from bearhug.inference.tasks.task import Stop


class Left(StoppingCriteria):
    """Ends the work when nobody wants it any more."""

    def __init__(self, stop: Stop) -> None:
        self._stop = stop

    def __call__(self, input_ids: torch.Tensor, _scores: torch.Tensor, **_more: Any) -> torch.Tensor:
        """One flag a row."""
        return torch.full((input_ids.shape[0],), self._stop(), device=input_ids.device)


class Frequency(LogitsProcessor):
    """Makes tokens less likely by how often they were written already; positions before `start` do not count.

    Source: OpenAI's API reference, "frequency_penalty".
    """

    def __init__(self, penalty: float, start: int) -> None:
        self._penalty = penalty
        self._start = start

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Scores [rows, vocabulary]."""
        new = input_ids[:, self._start :]
        counts = torch.zeros_like(scores).scatter_add_(1, new, torch.ones_like(new, dtype=scores.dtype))
        return scores - self._penalty * counts


@torch.inference_mode()
def generate(model: Any, batch: Any, options: Mapping[str, Any], stop: Stop, *, seed: int | None = None) -> Any:
    """Token ids [rows * sequences, length]; with a seed the same every time."""
    if seed is not None:
        torch.manual_seed(seed)
    told = _forces(model, batch, _lengths(model, options))
    criteria = StoppingCriteriaList([Left(stop), *told.pop("stopping_criteria", ())])
    return model.generate(**batch, **told, stopping_criteria=criteria)


def _forces(model: Any, batch: Any, options: dict[str, Any]) -> dict[str, Any]:
    """What pulls at the model's choice, as transformers has it."""
    penalty, marked = options.pop("frequency_penalty", 0.0), options.pop("watermark", False)
    if marked:
        options["watermarking_config"] = WatermarkingConfig()
    if penalty:
        start = 1 if model.config.is_encoder_decoder else batch["input_ids"].shape[1] if "input_ids" in batch else 0
        own = options.get("logits_processor", ())
        options["logits_processor"] = LogitsProcessorList([*own, Frequency(penalty, start)])
    return options


def _lengths(model: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    """Without a wish: what the model's own configuration says, else a few sentences."""
    own = getattr(model.generation_config, "max_length", None)
    own_new = getattr(model.generation_config, "max_new_tokens", None)
    if "max_new_tokens" in options or "max_length" in options or own_new or (own and own != 20):
        return dict(options)
    return {**options, "max_new_tokens": generation.DEFAULT_NEW_TOKENS}


def merged(given: Mapping[str, Any], nested: Mapping[str, Any] | None) -> dict[str, Any]:
    """Parameters of generation as the schema nests them, and as people write them: beside the others."""
    forced = {name: given[name] for name in ("forced_bos_token_id",) if name in given}
    plain = {name: value for name, value in given.items() if name not in forced}
    return {**generation.parameters(**{**checked(generation.parameters, nested or {}), **plain}), **forced}


def fitting(length: int, longest: int | None, options: Mapping[str, Any]) -> None:
    """Refuse a prompt that leaves no room, or more new tokens than fit behind it."""
    if options.get("max_length", length + 1) <= length:
        raise BadRequest(
            f'The text has {length:,} tokens, and "max_length" allows {options["max_length"]:,} with those to come. '
            'Say with "max_new_tokens" how many shall be new.'
        )
    if longest is None:
        return
    wanted = options.get("max_new_tokens", 1)
    if length + wanted > longest:
        raise BadRequest(
            f"The text has {length:,} tokens and {wanted:,} more were wanted, but this model reads and writes at most "
            f"{longest:,} in all."
        )
