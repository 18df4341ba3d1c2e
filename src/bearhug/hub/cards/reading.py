"""Reads values out of metadata that people wrote by hand, each with a bound."""

import re
from collections.abc import Iterable, Mapping

from bearhug.formats.values import Json, text_of

LONGEST = 200
MOST = 500
MOST_PAPERS = 50
_PAPERS = re.compile(
    r"(?:arxiv(?:\.org/(?:abs|pdf|html)/|:\s?)|(?:huggingface\.co|hf\.co|alphaxiv\.org)/(?:papers|abs)/)(\d{4}\.\d{4,5})",
    re.IGNORECASE,
)
_REPO_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(?:/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)


def texts(value: Json) -> list[str]:
    """A string, or a list of them, as a list without repetitions; what is neither, or too long, is left out."""
    items = value[:MOST] if isinstance(value, list) else [value]
    found = (text_of(item) for item in items if not isinstance(item, bool))
    return list(dict.fromkeys(text for text in found if text and len(text) <= LONGEST))


def names(value: Json) -> list[str]:
    """Repository ids: `owner/name`, or a bare name for the oldest ones."""
    return [item for item in texts(value) if is_repo_id(item)]


def is_repo_id(text: str) -> bool:
    return bool(_REPO_ID.fullmatch(text)) and ".." not in text and not text.endswith((".git", "-", "."))


def arxiv_ids(body: str) -> list[str]:
    """Papers that a text links to or names, each once, in the order of the text."""
    return list(dict.fromkeys(_PAPERS.findall(body)))[:MOST_PAPERS]


def unique(tags: Iterable[str | None]) -> tuple[str, ...]:
    """Tags in their order, each once, without the empty ones."""
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def licence_of(card: Mapping[str, Json]) -> str | None:
    """The licence id in lower case; of several the first."""
    return next((text.lower() for text in texts(card.get("license")) if " " not in text), None)
