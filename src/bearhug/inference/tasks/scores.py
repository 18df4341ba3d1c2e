"""Numbers of a model's head become labels with scores."""

from collections.abc import Sequence
from typing import Any, Literal

from bearhug.base.errors import BadRequest

Function = Literal["softmax", "sigmoid", "none"]


def scores_of(logits: Any, function: Function) -> Any:
    """Probabilities over the last dimension: exclusive (softmax), each for itself (sigmoid), or as they are."""
    if function == "softmax":
        return logits.softmax(-1)
    return logits.sigmoid() if function == "sigmoid" else logits


def natural(config: Any) -> Function:
    """What a classifier was trained with: several labels at once and single outputs go through a sigmoid."""
    if config.problem_type == "regression":
        return "none"
    return "sigmoid" if config.problem_type == "multi_label_classification" or len(config.id2label) == 1 else "softmax"


def ranked(scores: Any, labels: Sequence[str], top_k: int | None) -> list[dict[str, Any]]:
    """Labels with the best score first, at most `top_k`."""
    if top_k is not None and top_k < 1:
        raise BadRequest('"top_k" must be at least 1.')
    pairs = sorted(zip(labels, scores.tolist(), strict=True), key=lambda pair: -pair[1])
    return [{"label": label, "score": score} for label, score in pairs[:top_k]]


def rounded(values: Any, digits: int = 4) -> Any:
    """Numbers short enough to be looked at."""
    if isinstance(values, list):
        return [rounded(value, digits) for value in values]
    return round(values, digits)
