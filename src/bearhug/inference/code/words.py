"""Values as the languages write them. What people typed stays one value: nothing in it ends a quote."""

import json
import shlex
from collections.abc import Mapping
from typing import Any

TOKEN = "HF_TOKEN"  # noqa: S105 - the name of a variable


def python(value: Any) -> str:
    """A value as Python writes it, on one line."""
    if value is True or value is False or value is None:
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{python(str(key))}: {python(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(python, value)) + "]"
    return _json(value)


def python_call(function: str, positional: list[Any], named: Mapping[str, Any]) -> str:
    """A call of a function, an argument a line if it has many."""
    arguments = [*map(python, positional), *(f"{name}={python(value)}" for name, value in named.items())]
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= 88:
        return line
    return f"{function}(\n" + "".join(f"    {one},\n" for one in arguments) + ")"


def javascript(value: Any) -> str:
    """A value as JavaScript writes it: objects at the outside have a line for every member."""
    if not isinstance(value, Mapping):
        return _json(value)
    inner = ", ".join(f"{key}: {_json(one)}" for key, one in value.items())
    if len(inner) <= 70:
        return "{ " + inner + " }"
    return "{\n" + "".join(f"  {key}: {_json(one)},\n" for key, one in value.items()) + "}"


def curl(address: str, body: Mapping[str, Any]) -> str:
    """A command that sends JSON, with the reader's token."""
    return (
        f"curl {shlex.quote(address)} \\\n"
        f'  -H "Authorization: Bearer ${TOKEN}" \\\n'
        '  -H "Content-Type: application/json" \\\n'
        f"  -d {shlex.quote(_json(body, indent=2))}"
    )


def curl_file(address: str, file: str) -> str:
    """A command that sends a file as it is."""
    return f'curl {shlex.quote(address)} \\\n  -H "Authorization: Bearer ${TOKEN}" \\\n  --data-binary @{file}'


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)
