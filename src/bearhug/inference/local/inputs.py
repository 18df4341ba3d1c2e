"""Inputs of a command: texts, files, folders, lines of a file or of stdin; each with a name to go on from."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bearhug.base.errors import BadRequest
from bearhug.inference.local.pipeline import FILES

LONGEST_LINE = 16 << 20
OF_JSON = (".jsonl", ".ndjson")
ENDINGS = {
    "picture": (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff"),
    "sound": (".wav", ".flac", ".ogg", ".mp3", ".m4a", ".opus", ".webm"),
}
SOUNDS = ("automatic-speech-recognition", "audio-classification")


@dataclass(frozen=True)
class Piece:
    """One input: its name in the results, what the task is given, and the line it came from."""

    name: str
    inputs: Any
    record: dict[str, Any]


def pieces(task: str, words: Iterable[str], stdin: Iterable[str]) -> Iterator[Piece]:
    """Every input that the words of a command stand for; `-` is stdin."""
    for word in words:
        if word == "-":
            yield from _lines(stdin, "stdin")
        elif task in FILES:
            yield from _files(task, Path(word))
        elif word.endswith((*OF_JSON, ".txt")) and Path(word).is_file():
            with Path(word).open(encoding="utf-8") as file:
                yield from _lines(file, word, _json if word.endswith(OF_JSON) else _read)
        else:
            yield Piece(word, _read(word), {})


def _files(task: str, path: Path) -> Iterator[Piece]:
    if path.is_dir():
        endings = ENDINGS["sound" if task in SOUNDS else "picture"]
        for one in sorted(path.rglob("*")):
            if one.suffix.lower() in endings and one.is_file():
                yield Piece(str(one), one, {})
        return
    if not path.is_file():
        raise BadRequest(f"There is no file {path}.")
    yield Piece(str(path), path, {})


def _read(text: str) -> Any:
    return _json(text) if text.startswith("{") else text


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"This is not valid JSON: {text[:80]}") from error


def _lines(lines: Iterable[str], source: str, read: Callable[[str], Any] = _read) -> Iterator[Piece]:
    """A text a line, or a JSON object a line with `inputs` (or `text`)."""
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if len(line) > LONGEST_LINE:
            raise BadRequest(f"Line {number} of {source} is too long.")
        if text:
            try:
                found = read(text)
            except BadRequest as error:
                raise BadRequest(f"Line {number} of {source}: {error.message}") from error
            record = found if isinstance(found, dict) else {}
            yield Piece(f"{source}:{number}", record.get("inputs", record.get("text", found)), record)
