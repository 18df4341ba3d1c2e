"""Outputs as Python programs know them from transformers' pipelines: pictures, and lists where they are."""

import base64
import io
from typing import Any

PICTURES = ("mask", "depth", "image")
LISTED = ("summarization", "translation", "text2text-generation", "text-generation", "image-to-text")


def familiar(task: str, inputs: Any, output: Any, *, best_alone: bool) -> Any:
    """One input at a time or many: the shape that courses print."""
    many = isinstance(inputs, list)
    if task == "text-classification" and best_alone:
        return [row[0] for row in output] if many else output
    if task == "zero-shot-classification":
        rows = zip(inputs, output, strict=True) if many else [(inputs, output)]
        told = [_sequence(text, row) for text, row in rows]
        return told if many else told[0]
    if task in LISTED and isinstance(output, dict):
        return [output]
    if task == "image-segmentation":
        output = with_scores(output)
    return with_pictures(output)


def with_scores(output: list[Any]) -> list[Any]:
    """Segments have a score, if only `None`."""
    return [with_scores(one) if isinstance(one, list) else {"score": None, **one} for one in output]


def with_pictures(output: Any) -> Any:
    """PNG in base64 becomes a PIL image."""
    if isinstance(output, list):
        return [with_pictures(one) for one in output]
    if not isinstance(output, dict):
        return output
    return {
        key: _picture(value) if key in PICTURES and isinstance(value, str) else value for key, value in output.items()
    }


def _picture(text: str) -> Any:
    from PIL import Image

    return Image.open(io.BytesIO(base64.b64decode(text)))


def _sequence(text: str, row: list[dict[str, Any]]) -> dict[str, Any]:
    return {"sequence": text, "labels": [one["label"] for one in row], "scores": [one["score"] for one in row]}
