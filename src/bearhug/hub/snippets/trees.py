"""The vendored snippets: trees of questions about a model, with texts for leaves.

They are made from the functions of @huggingface/tasks by `make vendored`; nothing in them is written by hand.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "snippets.json"
ANY = "*"


@cache
def tables() -> dict[str, Any]:
    """`libraries`, `apps`, `datasets` by key, and `texts` by number."""
    found: dict[str, Any] = json.loads(DATA.read_text("utf-8"))
    return found


def texts(tree: Any, known: Mapping[str, str]) -> list[dict[str, str]]:
    """What the functions would have returned for a model of which `known` answers the questions."""
    while isinstance(tree, dict):
        answer = known.get(tree["ask"], "")
        branches = tree["of"]
        tree = branches.get(answer, branches.get(ANY, tree["else"]) if answer else tree["else"])
    found: list[dict[str, str]] = tables()["texts"][tree]
    return found
