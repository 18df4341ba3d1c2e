"""Reads values out of metadata that people wrote by hand."""

import re
from typing import Any

LONGEST = 200
MOST = 500
_ARXIV = re.compile(r"arxiv(?:\.org/(?:abs|pdf|html)/|:\s?)(\d{4}\.\d{4,5})", re.IGNORECASE)
_PAPER = re.compile(r"/papers/(\d{4}\.\d{4,5})")


def texts(value: Any) -> list[str]:
    """A string, or a list of them, as a list; whatever is neither is left out."""
    items = value if isinstance(value, list) else [value]
    found = [str(item) for item in items[:MOST] if isinstance(item, str | int | float) and not isinstance(item, bool)]
    return [item for item in found if item and len(item) <= LONGEST]


def names(value: Any) -> list[str]:
    """Repository ids: strings without spaces."""
    return [item for item in texts(value) if not any(ch.isspace() for ch in item)]


def arxiv_ids(body: str) -> list[str]:
    """Papers that a text links to or names, each once, in the order of the text."""
    found = _ARXIV.findall(body) + _PAPER.findall(body)
    return list(dict.fromkeys(found))[:50]


def without_empty(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}
