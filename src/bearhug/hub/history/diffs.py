"""Compares two commits: which files changed, how they are called in one line, and line by line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pygit2

from bearhug.base.errors import Unprocessable
from bearhug.hub.git.records import ZERO_OID
from bearhug.hub.git.service import Reading
from bearhug.hub.history.command import TookTooLong, run
from bearhug.hub.history.records import FileChange, Hunk, Line, Side
from bearhug.hub.history.sizes import real_size

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
SUBMODULE = 0o160000
SECONDS = 10.0
RECORD = 320
"""Bytes of git's output for one changed file, on a generous average."""
MOST_PATCH = 8 << 20
LARGEST_TEXT = 512 << 10
"""Bytes; files above are listed but not compared line by line."""
MOST_TEXT = 2 << 20
MOST_TEXTS = 300
SNIFFED = 8000
RENAMES = ("--find-renames=60%", "-l100")
TOO_MUCH = "This comparison is too large. Compare fewer commits, or clone the repository."


@dataclass
class _Room:
    """What may still be shown line by line."""

    texts: int = MOST_TEXTS
    size: int = MOST_TEXT


def changes(reading: Reading, path: Path, base: str, head: str, *, most: int) -> tuple[list[FileChange], bool]:
    """The first `most` files that differ, without lines, and whether there are more."""
    output, whole = _raw(path, base or EMPTY_TREE, head, limit=(most + 1) * RECORD)
    records = list(islice(_records(output), most + 1))
    return [_change(reading, *record) for record in records[:most]], not whole or len(records) > most


def patch(path: Path, base: str, head: str) -> bytes:
    """The difference as `git diff` writes it. Unprocessable where it is too large to be sent."""
    arguments = ["diff-tree", "-r", "-p", "--full-index", "--no-ext-diff", "--no-textconv", *RENAMES]
    try:
        output, whole = run(path, [*arguments, base or EMPTY_TREE, head], most=MOST_PATCH, seconds=SECONDS)
    except TookTooLong as error:
        raise Unprocessable(TOO_MUCH) from error
    if not whole:
        raise Unprocessable(TOO_MUCH)
    return output


def with_lines(reading: Reading, files: Sequence[FileChange]) -> tuple[FileChange, ...]:
    """The same changes with their hunks, as far as there is room to show them."""
    room = _Room()
    return tuple(_with_lines(reading, file, room) for file in files)


def is_binary(reading: Reading, file: FileChange) -> bool:
    """Whether either side is large, or holds a NUL where git looks for one."""
    if file.is_large:
        return True
    sides = [side for side in (file.old, file.new) if side is not None and side.mode != SUBMODULE]
    return any(b"\0" in reading.blob(side.oid)[:SNIFFED] for side in sides)


# what git says -----------------------------------------------------------------------------------------------


def _raw(path: Path, base: str, head: str, *, limit: int) -> tuple[bytes, bool]:
    arguments = ["diff-tree", "-r", "-z", "--raw", "--no-abbrev"]
    try:
        return run(path, [*arguments, *RENAMES, base, head], most=limit, seconds=SECONDS / 2)
    except TookTooLong:
        # looking for renames reads contents; without it only trees are read
        try:
            return run(path, [*arguments, "--no-renames", base, head], most=limit, seconds=SECONDS / 2)
        except TookTooLong as error:
            raise Unprocessable(TOO_MUCH) from error


def _records(output: bytes) -> Iterator[tuple[str, list[str]]]:
    """Each record's first part and its one or two paths; a last one that was cut off is left out."""
    parts = output.decode("utf-8", "surrogateescape").split("\0")[:-1]
    at = 0
    while at < len(parts):
        about = parts[at]
        end = at + (3 if about.rsplit(" ", 1)[-1][:1] in ("R", "C") else 2)
        if end <= len(parts):
            yield about, parts[at + 1 : end]
        at = end


def _change(reading: Reading, about: str, paths: list[str]) -> FileChange:
    old_mode, new_mode, old_oid, new_oid, status = about.removeprefix(":").split(" ")
    old = _side(reading, paths[0], int(old_mode, 8), old_oid)
    new = _side(reading, paths[-1], int(new_mode, 8), new_oid)
    return FileChange(status[0], old, new)


def _side(reading: Reading, path: str, mode: int, oid: str) -> Side | None:
    if oid == ZERO_OID:
        return None
    size, is_large = (0, False) if mode == SUBMODULE else real_size(reading, oid)
    return Side(path, mode, oid, size, is_large)


# line by line ------------------------------------------------------------------------------------------------


def _with_lines(reading: Reading, file: FileChange, room: _Room) -> FileChange:
    sides = [side for side in (file.old, file.new) if side is not None]
    if any(side.mode == SUBMODULE for side in sides) or (file.old and file.new and file.old.oid == file.new.oid):
        return file
    if file.is_large:
        return replace(file, binary=True)
    size = sum(side.size for side in sides)
    if room.texts <= 0 or any(side.size > LARGEST_TEXT for side in sides):
        return replace(file, left_out=True)
    if is_binary(reading, file):
        return replace(file, binary=True)
    room.texts -= 1
    return _patched(reading, file, room) if size else file


def _patched(reading: Reading, file: FileChange, room: _Room) -> FileChange:
    made = pygit2.Patch.create_from(_blob(reading, file.old), _blob(reading, file.new))
    length = len(made.data)
    if length > room.size:
        return replace(file, left_out=True)
    room.size -= length
    _, added, deleted = made.line_stats
    return replace(file, added=added, deleted=deleted, hunks=tuple(map(_hunk, made.hunks)))


def _blob(reading: Reading, side: Side | None) -> pygit2.Blob | None:
    return reading.raw[side.oid] if side is not None else None


def _hunk(hunk: pygit2.DiffHunk) -> Hunk:
    return Hunk(hunk.header.rstrip("\n"), tuple(map(_line, hunk.lines)))


def _line(line: pygit2.DiffLine) -> Line:
    if line.origin not in " +-":
        return Line("\\", "No newline at end of file", None, None)
    text = line.raw_content.decode("utf-8", "replace").rstrip("\n")
    return Line(line.origin, text, _number(line.old_lineno), _number(line.new_lineno))


def _number(number: int) -> int | None:
    return number if number > 0 else None
