"""Checks what callers send as parameters against the keyword arguments of a task."""

import inspect
import types
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from bearhug.base.errors import BadRequest
from bearhug.inference.tasks import generation

LONGEST_LIST = 1000
LONGEST_TEXT = 100_000
WORDS: dict[type, str] = {
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    str: "a text",
    dict: "an object",
}


def checked(function: Callable[..., Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters as the function takes them; BadRequest for unknown names and wrong types. `None` means unsaid."""
    known = keywords(function)
    unknown = [name for name in given if name not in known]
    if unknown:
        name = str(unknown[0])[:100]
        hint = generation.ELSEWHERE.get(name) or f"It has: {', '.join(known) or 'none'}."
        raise BadRequest(f'This task has no parameter "{name}". {hint}')
    return {name: _value(name, value, known[name]) for name, value in given.items() if value is not None}


def keywords(function: Callable[..., Any]) -> dict[str, Any]:
    """The keyword-only arguments of a function with their types; `**generation` stands for those of generation."""
    return _keywords(getattr(function, "__func__", function))


@lru_cache(maxsize=64)
def _keywords(function: Callable[..., Any]) -> dict[str, Any]:
    hints = get_type_hints(function)
    described = inspect.signature(function).parameters.values()
    own = {one.name: hints[one.name] for one in described if one.kind is inspect.Parameter.KEYWORD_ONLY}
    if any(one.kind is inspect.Parameter.VAR_KEYWORD for one in described):
        return own | _keywords(generation.parameters)
    return own


def _value(name: str, value: Any, kind: Any) -> Any:
    choices = [one for one in _choices(kind) if one is not type(None)]
    for choice in choices:
        if _fits(value, choice):
            return float(value) if choice is float else value
    raise BadRequest(f'"{name}" must be {" or ".join(_named(choice) for choice in choices)}.')


def _choices(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)


def _fits(value: Any, kind: Any) -> bool:
    origin = get_origin(kind)
    if origin is Literal:
        return value in get_args(kind)
    if origin is list:
        return (
            isinstance(value, list)
            and len(value) <= LONGEST_LIST
            and all(_fits(one, get_args(kind)[0]) for one in value)
        )
    if origin is dict or kind is dict:
        return isinstance(value, dict) and len(value) <= LONGEST_LIST
    if kind in (int, float):
        wanted = (int,) if kind is int else (int, float)
        return isinstance(value, wanted) and not isinstance(value, bool) and abs(value) < 1 << 53
    return isinstance(value, kind) and not (kind is str and len(value) > LONGEST_TEXT)


def _named(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(str(one) for one in get_args(kind))
    if get_origin(kind) is list:
        return f"a list, each of it {_named(get_args(kind)[0])}"
    return WORDS.get(get_origin(kind) or kind, "something else")
