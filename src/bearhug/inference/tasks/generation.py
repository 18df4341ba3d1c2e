"""Parameters of text generation, checked before a model sees them, and what they become for transformers."""

from typing import Any, Literal

from bearhug.base.errors import BadRequest

MOST_NEW_TOKENS = 8192
MOST_SEQUENCES = 32
MOST_BEAMS = 32
DEFAULT_NEW_TOKENS = 256
BOUNDS: dict[str, tuple[float, float]] = {
    "temperature": (0.0, 100.0),
    "top_p": (0.0, 1.0),
    "typical_p": (0.001, 1.0),
    "min_p": (0.0, 1.0),
    "epsilon_cutoff": (0.0, 1.0),
    "eta_cutoff": (0.0, 1.0),
    "top_k": (0, 1 << 20),
    "max_new_tokens": (1, MOST_NEW_TOKENS),
    "max_length": (2, 1 << 20),
    "min_length": (0, MOST_NEW_TOKENS),
    "min_new_tokens": (0, MOST_NEW_TOKENS),
    "num_beams": (1, MOST_BEAMS),
    "num_return_sequences": (1, MOST_SEQUENCES),
    "no_repeat_ngram_size": (0, 1000),
    "repetition_penalty": (0.01, 100.0),
    "length_penalty": (-100.0, 100.0),
    "frequency_penalty": (-2.0, 2.0),
}
ELSEWHERE = {
    "adapter_id": "An adapter is a model of its own here: ask for it by its own name.",
}
"""Parameters of the servers that others run, and what does the same here."""


def parameters(  # noqa: PLR0913 - all that generation knows
    *,
    max_new_tokens: int | None = None,
    max_length: int | None = None,
    min_length: int | None = None,
    min_new_tokens: int | None = None,
    do_sample: bool | None = None,
    temperature: float | None = None,
    top_k: int | None = None,
    top_p: float | None = None,
    min_p: float | None = None,
    typical_p: float | None = None,
    epsilon_cutoff: float | None = None,
    eta_cutoff: float | None = None,
    num_beams: int | None = None,
    num_beam_groups: int | None = None,
    diversity_penalty: float | None = None,
    early_stopping: bool | Literal["never"] | None = None,
    length_penalty: float | None = None,
    penalty_alpha: float | None = None,
    repetition_penalty: float | None = None,
    no_repeat_ngram_size: int | None = None,
    frequency_penalty: float | None = None,
    watermark: bool | None = None,
    num_return_sequences: int | None = None,
    use_cache: bool | None = None,
) -> dict[str, Any]:
    """What was given, within bounds. Several sequences without beams mean sampling."""
    found = {name: value for name, value in locals().items() if value is not None}
    for name, value in found.items():
        low, high = BOUNDS.get(name, (float("-inf"), float("inf")))
        if not isinstance(value, str) and not low <= value <= high:
            raise BadRequest(f'"{name}" must be between {low:g} and {high:g}.')
    _refuse_contradictions(found)
    return _implied(found)


def _refuse_contradictions(found: dict[str, Any]) -> None:
    sequences, beams = found.get("num_return_sequences", 1), found.get("num_beams", 1)
    if beams > 1 and sequences > beams:
        raise BadRequest('"num_return_sequences" cannot be more than "num_beams".')
    if found.get("num_beam_groups", 1) > 1 or found.get("penalty_alpha"):
        raise BadRequest("Groups of beams and contrastive search are no longer part of transformers.")
    if found.get("do_sample") is False and sequences > max(beams, 1):
        raise BadRequest("Several sequences need sampling or beams: without either they would all be the same.")


def _implied(found: dict[str, Any]) -> dict[str, Any]:
    """What the wish for one thing says of others."""
    found = {name: value for name, value in found.items() if name not in ("num_beam_groups", "diversity_penalty")}
    if found.get("temperature") == 0:
        found = {**found, "do_sample": False}
        del found["temperature"]
    sampling = {"temperature", "top_k", "top_p", "min_p", "typical_p", "epsilon_cutoff", "eta_cutoff"} & set(found)
    several = found.get("num_return_sequences", 1) > 1 and found.get("num_beams", 1) == 1
    if "do_sample" not in found and (sampling or several):
        found["do_sample"] = True
    if found.get("do_sample") is False:
        found = {name: value for name, value in found.items() if name not in sampling}
    return found
