"""Front matter: the YAML between the first two `---` lines of a Markdown file (YAML 1.2 core schema, bounded)."""

import math
import re
from typing import Any

import yaml

LARGEST = 1 << 20
"""Bytes of YAML."""
DEEPEST = 40
MOST_NODES = 50_000
MOST_ALIASES = 100

_FENCE = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)(?:\r?\n)?^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class FrontMatterError(ValueError):
    """The metadata is no YAML mapping, or larger than anybody needs; the message says what and where."""


class _Loader(_PARSER):  # type: ignore[misc] # the C parser where libyaml is there
    """YAML 1.2: `no` is a word, dates are text, and a key may stand only once."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("tag:yaml.org,2002:int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", "-+0123456789"),
    (
        "tag:yaml.org,2002:float",
        r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
        "-+0123456789.",
    ),
    ("tag:yaml.org,2002:null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
):
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), list(_first))


def _whole_number(loader: Any, node: Any) -> int:
    text = loader.construct_scalar(node)
    if len(text) > 64:
        raise FrontMatterError(f"A number on line {node.start_mark.line + 1} has too many digits.")
    return int(text, 0) if text[:2] in ("0o", "0x") else int(text)


def _mapping(loader: Any, node: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        name = key if isinstance(key, str) else _scalar_name(key, key_node)
        if name in found:
            raise FrontMatterError(f'The key "{name[:100]}" on line {key_node.start_mark.line + 1} stands twice.')
        found[name] = loader.construct_object(value_node, deep=True)
    return found


def _scalar_name(key: Any, node: Any) -> str:
    if isinstance(key, bool | int | float) or key is None:
        return str(node.value)
    raise FrontMatterError(f"The key on line {node.start_mark.line + 1} is not a word.")


_Loader.add_constructor("tag:yaml.org,2002:int", _whole_number)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def split(text: str) -> tuple[dict[str, Any], str]:
    """The metadata (empty where there is none) and the text behind it.

    Values are what JSON can hold: strings, numbers, booleans, None, lists and dicts with string keys.
    Raises FrontMatterError.
    """
    found = _FENCE.match(text)
    if found is None:
        return {}, text
    return parse(found[1]), text[found.end() :]


def parse(source: str) -> dict[str, Any]:
    """A YAML mapping as a dict; nothing at all is an empty one. Raises FrontMatterError."""
    if len(source.encode("utf-8", "surrogatepass")) > LARGEST:
        raise FrontMatterError(f"It has more than {LARGEST} bytes.")
    try:
        _check_shape(source)
        value = yaml.load(source, Loader=_Loader)  # noqa: S506 - a subclass of the safe loader
    except yaml.YAMLError as error:
        raise FrontMatterError(_where(error)) from error
    except (ValueError, RecursionError, OverflowError) as error:
        if isinstance(error, FrontMatterError):
            raise
        raise FrontMatterError(str(error)[:200] or "It cannot be read.") from error
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise FrontMatterError("It must be a list of `key: value` lines.")
    _check_values(value, [MOST_NODES])
    return value


def _check_shape(source: str) -> None:
    """Refuse what nests too deeply or refers too much, before anything is built of it."""
    depth = aliases = 0
    for nodes, event in enumerate(yaml.parse(source, Loader=_PARSER)):
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            depth += 1
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            depth -= 1
        aliases += isinstance(event, yaml.AliasEvent)
        if depth > DEEPEST:
            raise FrontMatterError(f"It is nested more than {DEEPEST} levels deep.")
        if nodes > MOST_NODES or aliases > MOST_ALIASES:
            raise FrontMatterError("It has too many entries or references.")


def _check_values(value: Any, budget: list[int], depth: int = 0) -> None:
    """References can blow a small text up: count what JSON would write out. A value that holds itself is refused."""
    budget[0] -= 1
    if budget[0] < 0 or depth > DEEPEST:
        raise FrontMatterError("It refers to itself too often.")
    if isinstance(value, dict):
        for item in value.values():
            _check_values(item, budget, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check_values(item, budget, depth + 1)
    elif isinstance(value, float) and not math.isfinite(value):
        raise FrontMatterError("Infinity and NaN cannot be written as JSON.")
    elif not isinstance(value, str | int | float | None):
        raise FrontMatterError("It holds a value that JSON cannot.")


def _where(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return f"line {mark.line + 2}, column {mark.column + 1}: {problem}" if mark else problem
