"""The form that an answer must have, as callers ask for it: JSON by a schema, or a regular expression."""

import json
import re
from dataclasses import dataclass
from typing import Any

from bearhug.base.errors import BadRequest

KINDS = ("json", "regex", "json_schema")
LONGEST_FORM = 64 << 10
DEEPEST_FORM = 48
LARGE_COUNT = re.compile(r"\{\s*\d*\s*,?\s*\d{5,}")


class BadForm(ValueError):
    """Nobody can answer in this form; the text says why."""


@dataclass(frozen=True)
class Form:
    """What an answer must be: `kind` is "json" with a schema as its text, "regex", or "grammar" for some engines."""

    kind: str
    text: str

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST_FORM:
            raise BadForm(f"it has more than {LONGEST_FORM:,} characters")
        if LARGE_COUNT.search(self.text) and self.kind == "regex":
            raise BadForm("it repeats something more than 9,999 times")
        if self.kind == "json" and _depth(self.text) > DEEPEST_FORM:
            raise BadForm(f"it is nested deeper than {DEEPEST_FORM}")


def form_of(grammar: dict[str, Any] | None) -> Form | None:
    """The form that `grammar` of text-generation-inference asks for. Raises BadRequest."""
    if grammar is None:
        return None
    kind, value = grammar.get("type"), grammar.get("value")
    if kind not in KINDS:
        raise BadRequest(f'"grammar" must be an object with a type out of {", ".join(KINDS)}, and a value.')
    try:
        if kind == "regex":
            if not isinstance(value, str) or not value:
                raise BadRequest('"grammar" of type regex needs a regular expression as its value.')
            return Form("regex", value)
        if kind == "json_schema":
            value = value.get("schema") if isinstance(value, dict) else None
        return Form("json", _schema(value))
    except BadForm as error:
        raise BadRequest(f'"grammar" cannot be followed: {error}.') from error


def _schema(value: Any) -> str:
    """A JSON schema as text, also where it was sent as text."""
    if isinstance(value, str) and len(value) <= LONGEST_FORM:
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise BadForm("its value is no JSON") from error
    if not isinstance(value, dict):
        raise BadForm("its value is no JSON schema")
    try:
        return json.dumps(value)
    except RecursionError as error:
        raise BadForm(f"it is nested deeper than {DEEPEST_FORM}") from error


def _depth(text: str) -> int:
    """Brackets that are open at the deepest place; those in strings count too, which is a bound as good."""
    deepest = depth = 0
    for sign in text:
        if sign in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "}]":
            depth -= 1
    return deepest
