"""Values as JSON knows them: read from hostile bytes, asked without surprises, made fit for a database."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias, Union

Json: TypeAlias = Union[bool, int, float, str, list["Json"], dict[str, "Json"], None]  # noqa: UP007 - recursive

DEEPEST = 100
MOST_CONTAINERS = 200_000
MOST_VALUES = 1_000_000
"""Of one JSON text that a request brings; nothing else is answered while it is parsed."""

_NOT_STORED = re.compile("[\0\ud800-\udfff]")


class ValuesError(ValueError):
    """The bytes are no JSON that can be used; the text says why."""


def parse_json(data: bytes, *, limit: int) -> Json:
    """The value in `data`, at most `limit` bytes of UTF-8 text. NaN and infinities, which JSON lacks, become null."""
    if len(data) > limit:
        raise ValuesError(f"it is larger than {limit} bytes")
    try:
        value: Json = json.loads(data.decode("utf-8-sig"), parse_constant=lambda _: None, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise ValuesError("it is not valid JSON") from error
    if depth(value) > DEEPEST:
        raise ValuesError(f"it is nested more than {DEEPEST} levels deep")
    return value


def is_laden(data: bytes) -> bool:
    """Whether JSON may hold more values than anybody means: a few bytes of it become a hundred times as many."""
    return data.count(b"[") + data.count(b"{") > MOST_CONTAINERS or data.count(b",") > MOST_VALUES


def depth(value: Json) -> int:
    """How many lists and mappings lie inside each other; 0 for a plain value. Takes no stack."""
    levels = 0
    level = [value] if isinstance(value, list | dict) else []
    while level:
        levels += 1
        level = [child for item in level for child in _children(item) if isinstance(child, list | dict)]
    return levels


def has_half(value: Json) -> bool:
    """Whether a text in it holds half a character (a lone surrogate): nothing can keep it, nor send it on."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        return True
    return False


def storable(value: Json) -> Json:
    """The same value with U+FFFD for NUL and lone surrogates, which no database keeps. For values of bounded depth."""
    match value:
        case str():
            return clean(value)
        case list():
            return [storable(item) for item in value]
        case dict():
            return {clean(key): storable(item) for key, item in value.items()}
        case _:
            return value


def clean(text: str) -> str:
    """The text with U+FFFD for NUL and lone surrogates."""
    return _NOT_STORED.sub("\ufffd", text)


def text_of(value: Json) -> str | None:
    """A text that says something; numbers and booleans as people write them, None for everything else."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else None


def texts_of(value: Json) -> list[str]:
    """The texts of a list, or a single text as a list of one; without repetitions, in their order."""
    items = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(text for item in items if (text := text_of(item)) is not None))


def mapping_of(value: Json) -> Mapping[str, Json]:
    """The mapping, empty if it is anything else."""
    return value if isinstance(value, dict) else {}


def list_of(value: Json) -> list[Json]:
    """The list, empty if it is anything else."""
    return value if isinstance(value, list) else []


def whole_of(value: Json) -> int | None:
    """A whole number, None for anything else (booleans are no numbers)."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _children(value: list[Json] | dict[str, Json]) -> Iterator[Json]:
    yield from value.values() if isinstance(value, dict) else value
