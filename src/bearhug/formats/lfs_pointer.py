"""git-lfs pointer files, version 1: the small text that stands in a tree for a large object."""

import re
from dataclasses import dataclass

VERSION = "https://git-lfs.github.com/spec/v1"
LARGEST = 1023
"""Bytes; git-lfs never takes a file of 1024 bytes or more for a pointer."""
LARGEST_SIZE = 2**63 - 1

_BEGINNING = b"version "
_OID = re.compile(r"[0-9a-f]{64}")
_POINTER = re.compile(
    r"version " + re.escape(VERSION) + r"\n"
    r"(?:ext-[0-9]-[A-Za-z0-9.-]+ sha256:[0-9a-f]{64}\n)*"
    r"oid sha256:(?P<oid>[0-9a-f]{64})\n"
    r"size (?P<size>[0-9]{1,19})"
)


@dataclass(frozen=True)
class Pointer:
    """The object that a pointer names: sha256 in hexadecimal and size in bytes."""

    oid: str
    size: int


def write(oid: str, size: int) -> bytes:
    """The canonical pointer of an object. ValueError if the oid is no sha256 or the size is out of range."""
    if not _OID.fullmatch(oid) or not 0 <= size <= LARGEST_SIZE:
        raise ValueError("A pointer needs a sha256 in lower-case hexadecimal and a size of 0 or more.")
    return f"version {VERSION}\noid sha256:{oid}\nsize {size}\n".encode("ascii")


def may_begin(start: bytes) -> bool:
    """Whether a pointer can begin with these bytes, or with so many blanks that more must be read."""
    return _BEGINNING.startswith(start.lstrip()[: len(_BEGINNING)])


SMALLEST = len(write("0" * 64, 0)) - 1
"""Bytes of the shortest pointer: a one-digit size and no last line end."""


def parse(data: bytes) -> Pointer | None:
    """The pointer in `data`, None if the bytes are anything else.

    As git-lfs does, a missing last line end, blanks around the text and CRLF are forgiven: whatever git-lfs would
    fetch an object for must be seen as a pointer here too.
    """
    if not SMALLEST <= len(data) <= LARGEST or not data.strip().startswith(_BEGINNING):
        return None
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError:
        return None
    found = _POINTER.fullmatch(text.strip().replace("\r\n", "\n"))
    if not found:
        return None
    size = int(found["size"])
    return Pointer(found["oid"], size) if size <= LARGEST_SIZE else None
