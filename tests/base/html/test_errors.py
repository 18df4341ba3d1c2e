"""Errors are made in English; those that pages can show are said in the reader's language too."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bearhug.base import errors
from bearhug.base.html import languages
from bearhug.base.html.pages import ROOT

KINDS = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type)}
OF_PROGRAMS = ("cli", "stream", "blobs", "lfs", "xet", "xorbs", "environments", "local", "offline")
"""Rooms that only programs and terminals ask."""
SHAPES = (
    "wire.py",
    "api.py",
    "stream.py",
    "config.py",
    "absent.py",
    "alone.py",
    "fields.py",
    "parameters.py",
    "task.py",
)
"""Files that look at the shape of what programs send; forms of pages are never of another."""
TYPED = "ice-bear"


def messages(file: Path) -> Iterator[str]:
    """What errors made in a file say, with something typed in every blank."""
    source = file.read_text("utf-8")
    for node in ast.walk(ast.parse(source)) if "bearhug.base.errors" in source else ():
        if not isinstance(node, ast.Call) or not node.args or getattr(node.func, "id", "") not in KINDS:
            continue
        match node.args[0]:
            case ast.Constant(value=str(text)):
                yield text
            case ast.JoinedStr(values=[ast.Constant(), *_] as parts):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else TYPED for part in parts)


def shown_by_pages() -> Iterator[str]:
    for file in ROOT.rglob("*.py"):
        if file.name not in SHAPES and not set(file.relative_to(ROOT).parts) & set(OF_PROGRAMS):
            yield from messages(file)
    yield from (kind.default for kind in KINDS.values() if issubclass(kind, errors.HubError))


@pytest.mark.parametrize("language", [name for name in languages.NAMES if name != languages.DEFAULT])
def test_every_error_of_a_page_is_translated(language: str) -> None:
    said = languages.speaker(language, languages.translations(language))
    assert sorted({text for text in shown_by_pages() if said(text) == text}) == []


def test_errors_are_found_with_their_blanks(tmp_path: Path) -> None:
    file = tmp_path / "room.py"
    lines = (
        "from bearhug.base.errors import Conflict",
        'raise Conflict(f"There is {name} already.")',
        'print("Not this.")',
    )
    file.write_text("\n".join(lines))
    assert list(messages(file)) == [f"There is {TYPED} already."]
