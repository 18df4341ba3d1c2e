"""Files of no known kind: the beginning of a long text, or the first bytes of anything else."""

import codecs
from dataclasses import dataclass

from bearhug.hub.previews.records import Sight, Unreadable

SHORT = 1_000_000
"""Bytes, and below it lines, up to which the page of a file shows a text whole."""
SHORT_LINES = 20_000
BEGINNING = 128 * 1024
LONGEST_LINE = 2_000
MOST_LINES = 1_000
FIRST_BYTES = 256
ROW = 16
ENCODINGS = ("utf-8", "gb18030")
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True)
class Beginning:
    """The first lines of a text of `size` bytes; `shown` bytes were looked at, `encoding` names how."""

    lines: tuple[str, ...]
    shown: int
    size: int
    encoding: str
    source: str


@dataclass(frozen=True)
class FirstBytes:
    """Rows of (offset, hexadecimal, characters), and `what` the bytes look like, if that is known."""

    rows: tuple[tuple[str, str, str], ...]
    size: int
    what: str
    source: str


def beginning(sight: Sight) -> Beginning | None:
    """The first lines of a text that the page does not show whole; None for short texts, Unreadable for no text."""
    if sight.size <= SHORT and _is_short(sight.start(SHORT)):
        return None
    start = sight.start(BEGINNING)
    found = decoded(start, cut=sight.size > len(start))
    if found is None:
        raise Unreadable("it is no text")
    text, encoding = found
    lines = tuple(line[:LONGEST_LINE] for line in text.splitlines()[:MOST_LINES])
    used = min(len(start), sum(len(line.encode()) + 1 for line in lines)) if len(lines) == MOST_LINES else len(start)
    return Beginning(lines, used, sight.size, encoding, sight.source)


def _is_short(data: bytes) -> bool:
    """Whether the page shows it line by line."""
    if b"\0" in data or data.count(b"\n") > SHORT_LINES:
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def decoded(data: bytes, *, cut: bool) -> tuple[str, str] | None:
    """The text and its encoding: UTF-8, UTF-16 with its mark, or what Chinese Windows writes; None for no text.

    With `cut` the last character may be incomplete.
    """
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), encoding
    if b"\0" in data:
        return None
    for encoding in ENCODINGS:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(data, final=not cut)
        except UnicodeDecodeError:
            continue
        return (text, encoding) if _is_readable(text) else None
    return None


def _is_readable(text: str) -> bool:
    """Whether few of the characters are controls: bytes of programs decode as something too."""
    sample = text[:4096]
    controls = sum(1 for letter in sample if letter < " " and letter not in "\t\r\n\f")
    private = sum(1 for letter in sample if "\ue000" <= letter <= "\uf8ff")
    return (controls + private) * 20 <= len(sample)


SIGNATURES = (
    (b"\x7fELF", "ELF"),
    (b"MZ", "Windows program"),
    (b"\x80\x02", "pickle"),
    (b"\x80\x04", "pickle"),
    (b"\x89HDF", "HDF5"),
    (b"\x93NUMPY", "NumPy array"),
    (b"ARROW1", "Arrow"),
    (b"SQLite format 3", "SQLite"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"(\xb5/\xfd", "zstd"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"PK\x03\x04", "zip"),
)


def first_bytes(sight: Sight) -> FirstBytes | None:
    """The bytes as tools write them, in hexadecimal; None for short texts."""
    if sight.size <= SHORT and _is_short(sight.start(SHORT)):
        return None
    start = sight.start(FIRST_BYTES)
    what = next((name for mark, name in SIGNATURES if start.startswith(mark)), "")
    rows = tuple(_row(at, start[at : at + ROW]) for at in range(0, len(start), ROW))
    return FirstBytes(rows, sight.size, what, sight.source)


def _row(at: int, data: bytes) -> tuple[str, str, str]:
    letters = "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in data)
    return f"{at:08x}", data.hex(" "), letters
