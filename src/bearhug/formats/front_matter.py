"""The YAML between the `---` lines at the head of a README, read as JSON-like values within hard bounds.

The reading is that of YAML 1.2, as JavaScript clients have it: `no`, `on` and `12:30` are texts, dates stay as they
were written. Tags that make objects are refused, repeated keys are an error, and what aliases expand to is counted.
"""

import re
from dataclasses import dataclass

from bearhug.formats.values import Json
from bearhug.formats.yaml_values import YamlError, YamlValues

LARGEST = 1024 * 1024
"""Bytes of front matter."""

_OPENING = re.compile(r"\A\ufeff?\s*---[ \t]*(?:\r\n|\r|\n)")
_CLOSING = re.compile(r"(?:^|(?<=\r))---[ \t]*(?:\r\n|\r|\n|\Z)", re.MULTILINE)


class FrontMatterError(ValueError):
    """The front matter cannot be used; `line` counts from 1 in the whole file."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(f"line {line}: {message}" if line else message)
        self.message = message
        self.line = line


@dataclass(frozen=True)
class Parts:
    """A README cut in two. `yaml` is None without front matter; `first_line` is the line on which it begins."""

    yaml: str | None
    body: str
    first_line: int = 1


def cut(content: str) -> Parts:
    """Cut off the front matter. A fence that is never closed is a ruler in the text, not front matter."""
    opening = _OPENING.match(content)
    closing = _CLOSING.search(content, opening.end()) if opening else None
    if not opening or not closing:
        return Parts(None, content.removeprefix("\ufeff"))
    first_line = len(opening[0].splitlines()) + 1
    return Parts(content[opening.end() : closing.start()], content[closing.end() :], first_line)


def split(content: str) -> tuple[dict[str, Json], str]:
    """Metadata and text of a README. FrontMatterError if there is metadata that cannot be used."""
    parts = cut(content)
    return ({} if parts.yaml is None else parse(parts.yaml, first_line=parts.first_line)), parts.body


def parse(text: str, *, first_line: int = 1) -> dict[str, Json]:
    """The mapping that a front matter is; FrontMatterError tells line and reason."""
    if len(text) > LARGEST or len(text.encode("utf-8", "replace")) > LARGEST:
        raise FrontMatterError(f"The metadata is larger than {LARGEST // 1024} KiB.")
    try:
        value = YamlValues().document(text)
    except YamlError as error:
        raise FrontMatterError(error.message, None if error.line is None else error.line + first_line) from error
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise FrontMatterError("The metadata must be a list of `key: value` pairs.", first_line)
    return value
