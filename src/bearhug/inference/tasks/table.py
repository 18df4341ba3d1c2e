"""The table of tasks: name -> (label, class), imported when a task is first used."""

import importlib
from typing import Any

from bearhug.base.errors import NotFound

HERE = "bearhug.inference.tasks"

TASKS: dict[str, tuple[str, str]] = {
    "text-classification": ("Text Classification", "text_classification:TextClassification"),
}
"""Names as the Hub writes them."""

ALIASES = {
    "sentiment-analysis": "text-classification",
    "ner": "token-classification",
    "text-ranking": "text-ranking",
    "rerank": "text-ranking",
    "asr": "automatic-speech-recognition",
    "image-captioning": "image-to-text",
}


def named(task: str) -> str:
    """The Hub's name of a task, from any name that people use; NotFound for what nobody here does."""
    name = ALIASES.get(task, task)
    if name.startswith("translation_"):
        name = "translation"
    if name not in TASKS:
        raise NotFound(f'There is no task "{task[:100]}" here. There are: {", ".join(TASKS)}.')
    return name


def find(task: str) -> Any:
    """The class of a task."""
    module, _, attribute = TASKS[named(task)][1].partition(":")
    return getattr(importlib.import_module(f"{HERE}.{module}"), attribute)
