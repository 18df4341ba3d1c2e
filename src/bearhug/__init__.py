"""Bearhug: your own Hugging Face in one process."""

import importlib
from typing import Any

_PLACES = {
    "LLM": "bearhug.inference.offline.llm",
    "SamplingParams": "bearhug.inference.offline.llm",
    "pipeline": "bearhug.inference.local.pipeline",
}
"""What programs import from here, and where it is: the hub itself starts without these."""

__all__ = ["LLM", "SamplingParams", "pipeline"]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_PLACES[name]), name)
