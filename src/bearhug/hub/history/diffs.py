"""Compares two commits: which files changed, how they are called in one line, and line by line."""

import stat
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pygit2

from bearhug.base.errors import Unprocessable
from bearhug.hub.git.reading import Reading
from bearhug.hub.history.command import TookTooLong, run
from bearhug.hub.history.records import FileChange, Hunk, Line, Side
from bearhug.hub.history.sizes import real_size
from bearhug.hub.history.trees import Node, differing
from bearhug.hub.history.walk import FOLDER, Budget

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
SUBMODULE = 0o160000
SECONDS = 10.0
MOST_PATCHED = 3000
TREES_A_FILE = 20
"""Trees opened for one changed file, on a generous average."""
MOST_PATCH = 8 << 20
LARGEST_TEXT = 512 << 10
"""Bytes; files above are listed but not compared line by line."""
MOST_TEXT = 2 << 20
MOST_TEXTS = 300
SNIFFED = 8000
RENAMES = ("--find-renames=60%", "-l100")
TOO_MUCH = "This comparison is too large. Compare fewer commits, or clone the repository."


@dataclass
class Room:
    """What may still be shown line by line."""

    texts: int = MOST_TEXTS
    size: int = MOST_TEXT


def changes(reading: Reading, base: str, head: str, *, most: int) -> tuple[list[FileChange], bool]:
    """The first `most` files that differ, without lines, and whether there are more.

    `base` and `head` are commits, an empty base is nothing at all. A file whose content stands elsewhere now was
    renamed; one that was also edited counts as deleted and added.
    """
    budget = Budget(most * TREES_A_FILE)
    pairs = differing(reading.raw, _root(reading, base), _root(reading, head), budget)
    files = [_change(reading, *pair) for pair in islice(pairs, most + 1)]
    if len(files) > most or budget.left <= 0:
        return files[:most], True
    return _with_renames(files), False


def patch(reading: Reading, path: Path, base: str, head: str) -> bytes:
    """The difference as `git diff` writes it. Unprocessable where it is too large to be sent."""
    if changes(reading, base, head, most=MOST_PATCHED)[1]:
        raise Unprocessable(TOO_MUCH)
    arguments = ["diff-tree", "-r", "-p", "--full-index", "--no-ext-diff", "--no-textconv", *RENAMES]
    try:
        output, whole = run(path, [*arguments, base or EMPTY_TREE, head], most=MOST_PATCH, seconds=SECONDS)
    except TookTooLong as error:
        raise Unprocessable(TOO_MUCH) from error
    if not whole:
        raise Unprocessable(TOO_MUCH)
    return output


def with_lines(reading: Reading, files: Sequence[FileChange], room: Room | None = None) -> tuple[FileChange, ...]:
    """The same changes with their hunks, as far as there is room to show them."""
    room = room or Room()
    return tuple(_with_lines(reading, file, room) for file in files)


def is_binary(reading: Reading, file: FileChange) -> bool:
    """Whether either side is large, or holds a NUL where git looks for one."""
    if file.is_large:
        return True
    sides = [side for side in (file.old, file.new) if side is not None and side.mode != SUBMODULE]
    return any(b"\0" in reading.blob(side.oid)[:SNIFFED] for side in sides)


# which files -------------------------------------------------------------------------------------------------


def _root(reading: Reading, commit: str) -> Node | None:
    return Node(FOLDER, bytes.fromhex(reading.tree_oid(commit))) if commit else None


def _change(reading: Reading, raw_path: bytes, before: Node | None, after: Node | None) -> FileChange:
    path = raw_path.decode("utf-8", "surrogateescape")
    old, new = _side(reading, path, before), _side(reading, path, after)
    if old is None or new is None:
        return FileChange("A" if old is None else "D", old, new)
    return FileChange("M" if stat.S_IFMT(old.mode) == stat.S_IFMT(new.mode) else "T", old, new)


def _side(reading: Reading, path: str, node: Node | None) -> Side | None:
    if node is None:
        return None
    oid = node.oid.hex()
    size, is_large = (0, False) if node.mode == SUBMODULE else real_size(reading, oid)
    return Side(path, node.mode, oid, size, is_large)


def _with_renames(files: Sequence[FileChange]) -> list[FileChange]:
    """Pairs of a deleted and an added file of the same content become one."""
    gone: dict[str, list[Side]] = {}
    for file in files:
        if file.status == "D" and file.old is not None and file.old.size:
            gone.setdefault(file.old.oid, []).append(file.old)
    moved: set[str] = set()
    found = []
    for file in files:
        if file.status == "A" and file.new is not None and gone.get(file.new.oid):
            old = gone[file.new.oid].pop(0)
            moved.add(old.path)
            found.append(FileChange("R", old, file.new))
        else:
            found.append(file)
    return [file for file in found if not (file.status == "D" and file.path in moved)]


# line by line ------------------------------------------------------------------------------------------------


def _with_lines(reading: Reading, file: FileChange, room: Room) -> FileChange:
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


def _patched(reading: Reading, file: FileChange, room: Room) -> FileChange:
    blobs = _blob(reading, file.old), _blob(reading, file.new)
    made = pygit2.Patch.create_from(*blobs)  # reads from the blobs as long as it lives, without holding them
    length = len(made.data)
    if length > room.size:
        return replace(file, left_out=True)
    room.size -= length
    _, added, deleted = made.line_stats
    hunks = tuple(map(_hunk, made.hunks))
    del made, blobs
    return replace(file, added=added, deleted=deleted, hunks=hunks)


def compare_texts(before: bytes, after: bytes) -> tuple[tuple[Hunk, ...], int, int]:
    """Hunks, and how many lines were added and deleted, between two texts that are in no repository yet."""
    if before == after:
        return (), 0, 0
    made = pygit2.Patch.create_from(before, after)
    _, added, deleted = made.line_stats
    return tuple(map(_hunk, made.hunks)), added, deleted


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
