"""Which paths a repository may hold, so that every checkout on every system can write them where they belong."""

import re
import unicodedata
from collections.abc import Sequence

LONGEST_PATH = 4096
LONGEST_NAME = 255
DEEPEST = 64

_PLAIN = re.compile(r"[\w-](?:[\w.-]*[\w-])?(?:/[\w-](?:[\w.-]*[\w-])?)*+", re.ASCII)
"""Letters, digits and a few signs: paths that break no rule but perhaps one of length."""
_PLAIN_NAMES = re.compile(r"(?:[\w-](?:[\w.-]*[\w-])?\0)*+", re.ASCII)
_FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HFS_IGNORED = dict.fromkeys([*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF])
"""Code points that the file system of a Mac drops from names before it compares them."""


class PathError(ValueError):
    """The path cannot be in a repository; the text says which rule it breaks."""


def check_path(path: str) -> str:
    """The path itself if a repository may hold a file there; PathError otherwise."""
    if len(path) <= LONGEST_NAME and _PLAIN.fullmatch(path) and path.count("/") < DEEPEST:
        return path
    if not path:
        raise PathError("it is empty.")
    _check_characters(path)
    if len(path.encode("utf-8")) > LONGEST_PATH:
        raise PathError(f"it is longer than {LONGEST_PATH} bytes.")
    if path.startswith("/"):
        raise PathError("it must be relative to the repository, without a leading slash.")
    names = path.split("/")
    if len(names) > DEEPEST:
        raise PathError(f"it lies more than {DEEPEST} folders deep.")
    for name in names:
        _check_name(name)
    return path


def are_plain(names: Sequence[str]) -> bool:
    """Whether all names of a folder are good ones; if not, or if more must be looked at, `check_path` tells of each."""
    if max(map(len, names), default=0) > LONGEST_NAME:
        return False
    text = "\0".join([*names, ""])
    return text.count("\0") == len(names) and _PLAIN_NAMES.fullmatch(text) is not None


def _check_characters(path: str) -> None:
    if "\\" in path:
        raise PathError("it contains a backslash; folders are separated by /.")
    if path.isascii() and path.isprintable():
        return
    for ch in path:
        if ch in _BIDI_CONTROLS or unicodedata.category(ch) in _FORBIDDEN_CATEGORIES:
            raise PathError(f"it contains the invisible character U+{ord(ch):04X}.")


def _check_name(name: str) -> None:
    if not name:
        raise PathError("it contains an empty name (a double or a trailing slash).")
    if name in {".", ".."}:
        raise PathError(f'"{name}" cannot be part of it.')
    if len(name.encode("utf-8")) > LONGEST_NAME:
        raise PathError(f"a name in it is longer than {LONGEST_NAME} bytes.")
    if is_git_folder(name):
        raise PathError(f'"{name}" is, or is taken for, the folder that git itself uses.')
    if name != name.strip() or name.endswith("."):
        raise PathError("a name in it begins or ends with a space, or ends with a dot.")


def is_git_folder(name: str) -> bool:
    """Whether some file system takes `name` for `.git`: case, NTFS short names and streams, signs HFS+ ignores."""
    folded = name.translate(_HFS_IGNORED).casefold()
    stem = folded.split(":", 1)[0].rstrip(" .")
    return stem in {".git", "git~1"}
