"""Jupyter notebooks (nbformat 3 and 4) as cells and outputs, read from hostile bytes.

Source: the notebook format, https://nbformat.readthedocs.io/en/latest/format_description.html.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bearhug.formats.values import Json, ValuesError, list_of, mapping_of, parse_json

MOST_CELLS = 5_000
MOST_OUTPUTS = 50
LONGEST_SOURCE = 200_000
LONGEST_TEXT = 40_000
LARGEST_IMAGE = 4 << 20
IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")
_ESCAPES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|.)|[\x00-\x08\x0b-\x1f\x7f]", re.DOTALL)
_LANGUAGE = re.compile(r"[A-Za-z0-9+#_.-]{1,40}\Z")


class NotebookError(ValueError):
    """The bytes are no notebook."""


@dataclass(frozen=True)
class Output:
    """What a cell gave. `kind`: text, error, html, markdown, image (then `text` is a data: address) or other."""

    kind: str
    text: str


@dataclass(frozen=True)
class Cell:
    """`kind` is code, markdown or raw; `count` is the number of the execution."""

    kind: str
    source: str
    count: int | None
    outputs: tuple[Output, ...]

    @property
    def weight(self) -> int:
        """Characters that showing it takes, about."""
        return len(self.source) + sum(len(output.text) for output in self.outputs)


@dataclass(frozen=True)
class Notebook:
    """Cells and the language of the code."""

    cells: tuple[Cell, ...]
    language: str


def parse(data: bytes, *, limit: int) -> Notebook:
    """Read a notebook of at most `limit` bytes. Raises NotebookError; parts that make no sense are left out."""
    try:
        whole = parse_json(data, limit=limit)
    except ValuesError as error:
        raise NotebookError(str(error)) from error
    top = mapping_of(whole)
    cells = top.get("cells")
    if cells is None:  # nbformat 3 has them in worksheets
        sheets = [mapping_of(sheet) for sheet in list_of(top.get("worksheets"))[:20]]
        cells = [cell for sheet in sheets for cell in list_of(sheet.get("cells"))]
    if not isinstance(cells, list) or (not cells and "nbformat" not in top):
        raise NotebookError("it has no cells")
    return Notebook(tuple(_cell(mapping_of(cell)) for cell in cells[:MOST_CELLS]), _language(top))


def _language(top: Mapping[str, Json]) -> str:
    info, kernel = (mapping_of(mapping_of(top.get("metadata")).get(name)) for name in ("language_info", "kernelspec"))
    told = info.get("name") or kernel.get("language")
    return told.lower() if isinstance(told, str) and _LANGUAGE.match(told) else "python"


def _cell(cell: Mapping[str, Json]) -> Cell:
    kind = cell.get("cell_type")
    source = _text(cell.get("source", cell.get("input")), LONGEST_SOURCE)
    if kind in ("markdown", "heading"):
        return Cell("markdown", f"## {source}" if kind == "heading" else source, None, ())
    if kind != "code":
        return Cell("raw", source, None, ())
    count = cell.get("execution_count", cell.get("prompt_number"))
    outputs = [_output(mapping_of(output)) for output in list_of(cell.get("outputs"))[:MOST_OUTPUTS]]
    return Cell("code", source, count if isinstance(count, int) else None, tuple(filter(None, outputs)))


def _output(output: Mapping[str, Json]) -> Output | None:
    match output.get("output_type"):
        case "stream":
            return Output("text", plain(_text(output.get("text"), LONGEST_TEXT)))
        case "error" | "pyerr":
            lines = [line for line in list_of(output.get("traceback"))[:200] if isinstance(line, str)]
            said = "\n".join(lines) or f"{output.get('ename')}: {output.get('evalue')}"
            return Output("error", plain(said[:LONGEST_TEXT]))
        case "display_data" | "execute_result" | "pyout":
            return _display(mapping_of(output.get("data")) or _old_data(output))
    return None


def _old_data(output: Mapping[str, Json]) -> dict[str, Json]:
    """nbformat 3 keeps each form beside the others, under a short name."""
    names = {"png": "image/png", "jpeg": "image/jpeg", "html": "text/html", "text": "text/plain"}
    return {long: output[short] for short, long in names.items() if short in output}


def _display(data: Mapping[str, Json]) -> Output | None:
    """The richest form that can be shown."""
    for media in IMAGES:
        found = _image(media, _text(data.get(media), LARGEST_IMAGE * 2))
        if found is not None:
            return found
    if "text/html" in data:
        return Output("html", _text(data["text/html"], LONGEST_TEXT * 4))
    if "text/markdown" in data:
        return Output("markdown", _text(data["text/markdown"], LONGEST_TEXT))
    for media in ("text/latex", "text/plain"):
        if media in data:
            return Output("text", plain(_text(data[media], LONGEST_TEXT)))
    name = next((name for name in data if isinstance(name, str)), "")
    return Output("other", name[:100]) if name else None


def _image(media: str, text: str) -> Output | None:
    """A picture as a data: address, its base64 made anew so that nothing else is in it."""
    if not text:
        return None
    try:
        content = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    if not content or len(content) > LARGEST_IMAGE:
        return None
    return Output("image", f"data:{media};base64,{base64.b64encode(content).decode()}")


def _text(value: Json, most: int) -> str:
    """Text, which notebooks write as one or as a list of lines."""
    if isinstance(value, list):
        value = "".join(line for line in value if isinstance(line, str))
    return value[:most] if isinstance(value, str) else ""


def plain(text: str) -> str:
    """The text without colours and other orders to a terminal; a line written over itself shows its last state."""
    lines = (line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    return _ESCAPES.sub("", "\n".join(lines))
