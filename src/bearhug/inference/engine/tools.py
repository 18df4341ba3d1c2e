"""Calls of tools in what a model wrote: each family marks them in its own way."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

TAGGED = re.compile(r"<tool_call>\s*(\{.*?\})\s*</tool_call>", re.DOTALL)
MISTRAL = re.compile(r"\[TOOL_CALLS\]\s*(\[.*\])", re.DOTALL)
FENCE = "```"
FENCE_BEGUN = re.compile(r"\s*(`{1,2}|```(j|js|jso|json)?\s*|```(json)?\s*[{\[].*)", re.DOTALL)
"""Models for code lay their calls into a block of code; this is what may yet become such a block."""
MARKS = ("<tool_call>", "[TOOL_CALLS]", "<|python_tag|>")
LONGEST_MARK = max(len(mark) for mark in MARKS)
MOST_CALLS = 64


@dataclass(frozen=True)
class ToolCall:
    """A function's name, and its arguments as JSON text."""

    name: str
    arguments: str


def spoken(text: str, names: Sequence[str]) -> tuple[str, list[ToolCall]]:
    """The text without its calls, and the calls; calls of tools that nobody offered stay text."""
    tagged = TAGGED.findall(text)
    if tagged:
        calls = [call for found in tagged for call in _calls(found, names)]
        return (TAGGED.sub("", text).strip(), calls) if calls else (text, [])
    listed = MISTRAL.search(text)
    if listed is not None:
        calls = _calls(listed[1], names)
        return (text[: listed.start()].strip(), calls) if calls else (text, [])
    calls = _calls(_unfenced(text.strip().removeprefix("<|python_tag|>")), names)
    return ("", calls) if calls else (text, [])


def certain(text: str, *, begun: bool) -> int:
    """How many characters are surely no part of a call. An answer that has not `begun` may be one call as a whole."""
    if not begun and (not text.strip() or text.lstrip()[0] in "{[" or FENCE_BEGUN.fullmatch(text)):
        return 0
    places = [at for mark in MARKS if (at := text.find(mark)) >= 0]
    if places:
        return min(places)
    tails = (
        length for length in range(LONGEST_MARK - 1, 0, -1) if any(mark.startswith(text[-length:]) for mark in MARKS)
    )
    return len(text) - min(next(tails, 0), len(text))


def schema(tools: Sequence[dict[str, Any]], name: str | None) -> dict[str, Any]:
    """The JSON schema of one call: of the named tool, or of any of them."""
    functions = [tool["function"] for tool in tools if name is None or tool["function"]["name"] == name]
    return {"anyOf": [_one(function) for function in functions]} if len(functions) > 1 else _one(functions[0])


def _one(function: dict[str, Any]) -> dict[str, Any]:
    parameters = function.get("parameters") or {"type": "object"}
    properties = {"name": {"const": function["name"]}, "arguments": parameters}
    return {"type": "object", "properties": properties, "required": ["name", "arguments"]}


def _unfenced(text: str) -> str:
    fenced = len(text) > 2 * len(FENCE) and text.startswith(FENCE) and text.endswith(FENCE)
    return text.removeprefix(FENCE).removesuffix(FENCE).removeprefix("json") if fenced else text


def _calls(text: str, names: Sequence[str]) -> list[ToolCall]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return []
    found = [_call(one, names) for one in (data if isinstance(data, list) else [data])[:MOST_CALLS]]
    return [call for call in found if call is not None]


def _call(data: Any, names: Sequence[str]) -> ToolCall | None:
    if not isinstance(data, dict) or data.get("name") not in names:
        return None
    arguments = data.get("arguments", data.get("parameters", {}))
    text = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    return ToolCall(data["name"], text)
