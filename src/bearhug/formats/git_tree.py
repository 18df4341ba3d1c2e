"""The entries of a git tree as it is stored, cut at once: an object of libgit2 for each of them is far dearer."""

import re
from collections.abc import Iterable
from enum import Enum
from functools import lru_cache


class Kind(Enum):
    """What an entry is. A symbolic link counts as a file: it has content of its own."""

    FOLDER = "folder"
    FILE = "file"
    REPOSITORY = "repository"


_KINDS = {0o040000: Kind.FOLDER, 0o160000: Kind.REPOSITORY}
_ENTRY = re.compile(rb"([0-7]{1,11}) ([^\0]+)\0(.{20})", re.DOTALL)
_OVERHEAD = 22
"""A space, a zero and an object id."""

Entry = tuple[bytes, bytes, bytes]
"""Mode as octal digits, name, object id of twenty bytes."""


def entries(raw: bytes, *, most: int) -> list[Entry]:
    """All entries in git's order. ValueError if there are more than `most`, or `raw` is no tree."""
    if raw.count(b"\0") > 2 * most:  # those in object ids are a few in a hundred
        raise ValueError("too many entries")
    found: list[Entry] = _ENTRY.findall(raw)
    if len(found) > most:
        raise ValueError("too many entries")
    if sum(len(mode) + len(name) for mode, name, _ in found) + _OVERHEAD * len(found) != len(raw):
        raise ValueError("not a tree")
    return found


def names(raw: bytes, *, most: int) -> list[str]:
    """The names of all entries as text. ValueError as with `entries`."""
    return texts([name for _, name, _ in entries(raw, most=most)])


def texts(names: Iterable[bytes]) -> list[str]:
    """Names as text; bytes that are no UTF-8 become lone surrogates."""
    joined = b"\0".join(names)
    return joined.decode("utf-8", "surrogateescape").split("\0") if joined else []


@lru_cache(maxsize=64)
def kind(mode: bytes) -> Kind:
    return _KINDS.get(int(mode, 8) & 0o170000, Kind.FILE)
