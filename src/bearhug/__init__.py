"""Bearhug: your own Hugging Face in one process."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bearhug.inference.local.pipeline import pipeline

__all__ = ["pipeline"]

_PLACES = {"pipeline": "bearhug.inference.local.pipeline"}
"""What programs import from here, and where it is: the hub itself starts without these."""


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_PLACES[name]), name)
