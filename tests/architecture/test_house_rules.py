"""The house rules that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "bearhug"
HUB = SOURCE / "hub"
COMPOSITION = SOURCE / "parts"
ROLES = {"__init__", "api", "pages", "jobs", "stream", "wire", "service", "store", "records", "tables"}
LONGEST = 400
FORBIDDEN_NAMES = re.compile(r"(Manager|Handler|Processor)$|^Base[A-Z]")
FORBIDDEN_FUNCTIONS = re.compile(r"^do_|_impl$")
EXCEPT_PLACES = 3


def python_files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*.py") if "versions" not in path.parts)


def tracked(*endings: str) -> Iterator[Path]:
    for top in ("src", "tests", "bench", "docs", ".ci"):
        yield from (
            path
            for path in sorted((ROOT / top).rglob("*"))
            if path.suffix in endings and "node_modules" not in path.parts
        )


def rooms() -> list[Path]:
    return sorted(path for path in HUB.iterdir() if (path / "__init__.py").exists())


@pytest.mark.parametrize("path", list(python_files(SOURCE)), ids=lambda path: str(path.relative_to(SOURCE)))
def test_files_are_short_and_say_what_they_are(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= LONGEST, "split this file"
    assert ast.get_docstring(ast.parse(text)), "the first line says what the file is"


def test_names_say_what_things_are() -> None:
    wrong = []
    for path in python_files(SOURCE):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and FORBIDDEN_NAMES.search(node.name):
                wrong.append(f"{path.name}: {node.name}")
            if isinstance(node, ast.FunctionDef) and FORBIDDEN_FUNCTIONS.search(node.name):
                wrong.append(f"{path.name}: {node.name}")
    assert wrong == []


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_every_room_has_tests(room: Path) -> None:
    folder = ROOT / "tests" / "hub" / room.name
    assert list(folder.glob("test_*.py")), f"write tests/hub/{room.name}/test_….py"


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_only_the_own_room_uses_a_store(room: Path) -> None:
    """`store.py` is imported by its own room and by the composition root alone."""
    needle = f"bearhug.hub.{room.name}.store"
    importers = [
        path.relative_to(SOURCE)
        for path in python_files(SOURCE)
        if (f"import {needle}" in path.read_text() or f"from {needle}" in path.read_text())
        and room not in path.parents
        and COMPOSITION not in path.parents
    ]
    others = re.compile(rf"from bearhug\.hub\.{room.name} import .*\bstore\b")
    importers += [
        path.relative_to(SOURCE)
        for path in python_files(SOURCE)
        if others.search(path.read_text()) and room not in path.parents and COMPOSITION not in path.parents
    ]
    assert importers == []


def test_sql_is_written_in_stores_only() -> None:
    """Statements are executed where rows live: in `store.py`, or in a file that begins with "Rows of"."""
    wrong = []
    for path in python_files(HUB):
        if path.name.startswith("store") or path.parent.name in ("store", "backup"):
            continue
        text = path.read_text()
        if text.startswith('"""Rows of ') or path.parent.name == "doctor":
            continue
        if re.search(r"\btx\.execute\(", text):
            wrong.append(str(path.relative_to(SOURCE)))
    assert wrong == []


def test_async_stays_at_the_edge() -> None:
    wrong = [
        str(path.relative_to(SOURCE))
        for path in python_files(SOURCE)
        if any(isinstance(node, ast.AsyncFunctionDef) for node in ast.walk(ast.parse(path.read_text())))
        and "http" not in path.parts
        and path.name not in ("stream.py", "app.py", "server.py")
        and "stream" not in path.parts
    ]
    assert wrong == []


def test_the_environment_is_read_in_one_place() -> None:
    wrong = [
        str(path.relative_to(SOURCE))
        for path in python_files(SOURCE)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv") and path.name != "config.py"
    ]
    assert wrong == []


def test_broad_excepts_stand_in_three_places() -> None:
    found = [
        str(path.relative_to(SOURCE))
        for path in python_files(SOURCE)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler) and (node.type is None or _is_broad(node.type)) and not _passes_on(node)
    ]
    assert len(found) <= EXCEPT_PLACES, found


def _passes_on(handler: ast.ExceptHandler) -> bool:
    """Whether it only tidies up and raises what it caught."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _is_broad(kind: ast.expr) -> bool:
    return isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException")


def test_nothing_is_left_undone() -> None:
    marks = re.compile(r"NotImplementedError|\bTODO\b|\bFIXME\b|\bXXX\b|pytest\.mark\.(skip\b|xfail)")
    wrong = [
        str(path.relative_to(ROOT))
        for path in tracked(".py")
        if path != Path(__file__) and marks.search(path.read_text())
    ]
    assert wrong == []


def test_errors_are_few_and_each_has_its_own_meaning() -> None:
    tree = ast.parse((SOURCE / "base" / "errors.py").read_text())
    classes = [node.name for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
    assert len(classes) - 1 <= 20, "the base class aside, twenty are enough"


def test_every_decision_is_numbered_once() -> None:
    numbers = [path.name[:4] for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
