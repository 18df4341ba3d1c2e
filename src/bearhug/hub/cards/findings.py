"""What a rule finds in a card, and the words in which it is told."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from bearhug.formats.values import Json, text_of

LONGEST_SHOWN = 80


@dataclass(frozen=True)
class Finding:
    """One sentence about a card; a grave one refuses the commit."""

    message: str
    grave: bool = True


def error(message: str) -> Finding:
    return Finding(message)


def warning(message: str) -> Finding:
    return Finding(message, grave=False)


def shown(value: Json) -> str:
    """A value as people wrote it, cut to a readable length."""
    text = text_of(value) or ("a list" if isinstance(value, list) else "nothing" if value is None else "an object")
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def did_you_mean(text: str, known: Collection[str]) -> str:
    """A hint at the nearest known word; empty where none is near."""
    near = get_close_matches(text[:LONGEST_SHOWN].lower(), known, n=1, cutoff=0.75)
    return f' Did you mean "{near[0]}"?' if near else ""


def positions(value: Json) -> Iterator[tuple[str, Json]]:
    """The items of a list with their place (`[0]`), or a single value without one."""
    if isinstance(value, list):
        yield from ((f"[{number}]", item) for number, item in enumerate(value[:100]))
    else:
        yield "", value


def is_missing(value: Json) -> bool:
    return value is None or value == ""
