"""Fields of JSON bodies and forms, checked for type and length before anything is done with them."""

from collections.abc import Mapping
from typing import Any

from bearhug.base.errors import BadRequest

LONGEST = 10_000


def text(data: Mapping[str, Any], name: str, default: str | None = None, *, most: int = LONGEST) -> str:
    """A text field; `BadRequest` when it is missing without a default, too long, or no text."""
    value = data.get(name)
    if value is None:
        if default is None:
            raise BadRequest(f'"{name}" is missing.')
        return default
    if not isinstance(value, str):
        raise BadRequest(f'"{name}" must be text.')
    if len(value) > most:
        raise BadRequest(f'"{name}" may have at most {most} characters.')
    return value


def switch(data: Mapping[str, Any], name: str, *, default: bool = False) -> bool:
    """A field that is true or false."""
    value = data.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise BadRequest(f'"{name}" must be true or false.')
    return value


def texts(data: Mapping[str, Any], name: str, *, most: int = 1000) -> list[str]:
    """A field that is a list of texts; missing means none."""
    value = data.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > most or not all(isinstance(item, str) for item in value):
        raise BadRequest(f'"{name}" must be a list of at most {most} texts.')
    return value


def only(form: Mapping[str, list[str]], name: str, default: str = "") -> str:
    """The first value of a form field."""
    values = form.get(name)
    return values[0] if values else default
