"""What a `.gitattributes` file says about a path; the last line that matches wins, macros are expanded."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bearhug.formats.path_patterns import PathPatterns

LONGEST_LINE = 2048
LARGEST = 16 * 1024 * 1024
"""Characters; what lies behind is not read. git draws the same line at 100 MiB."""
DEEPEST_MACRO = 32
NAME = ".gitattributes"
MOST_READ = 8 << 20
"""Characters of all folders together; whoever writes more than that gets no further ones heard."""

Value = str | bool | None
"""A text, True (set), False (unset by `-name`) or None (back to unspecified by `!name`)."""

_NAME = re.compile(r"(?!builtin_)[A-Za-z0-9_.][A-Za-z0-9_.-]*")
_MACRO = "[attr]"
_BLANK = " \t\r\n"
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_BARE = re.compile(rb"[^ \t\r\n]+")
_ESCAPE = re.compile(rb"\\([abfnrtv\\\"]|[0-3][0-7]{2}|.)", re.DOTALL)
_ESCAPED = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}

_Settings = tuple[tuple[str, Value], ...]
_BUILT_IN: dict[str, _Settings] = {"binary": (("diff", False), ("merge", False), ("text", False))}


@dataclass(frozen=True)
class Attributes:
    """The lines of one `.gitattributes`, for paths below the folder in which it lies."""

    settings: Sequence[_Settings]
    patterns: PathPatterns
    macros: dict[str, _Settings]

    @classmethod
    def parse(cls, text: str, above: "Attributes | None" = None) -> "Attributes":
        """Lines that git would not understand are left out, as git does. A folder's file uses the macros `above` it."""
        settings: list[_Settings] = []
        patterns = PathPatterns()
        macros = dict(_BUILT_IN if above is None else above.macros)
        for line in text[:LARGEST].removeprefix("\ufeff").split("\n"):
            parsed = _line(line)
            if parsed is None:
                continue
            pattern, found = parsed
            if pattern.startswith(_MACRO.encode()):
                if above is not None:
                    continue
                macros[pattern[len(_MACRO) :].decode()] = found
            else:
                patterns.add(len(settings), pattern)
                settings.append(found)
        return cls(settings, patterns, macros)

    def of(self, path: str) -> dict[str, Value]:
        """All attributes of a file, macros expanded."""
        return {name: value for name, value in self.decided(path).items() if value is not None}

    def decided(self, path: str) -> dict[str, Value]:
        """The same with those that are back to unspecified, on which no other file is asked."""
        values: dict[str, Value] = {}
        for number in self.patterns.matching(path.encode("utf-8", "surrogateescape")):
            self._fill(values, self.settings[number], 0)
        return values

    def is_lfs(self, path: str) -> bool:
        """Whether the file goes through git-lfs (`filter=lfs`)."""
        return self.decided(path).get("filter") == "lfs"

    @cached_property
    def speaks_of_filters(self) -> bool:
        """Whether anything in it can decide what a file goes through."""
        return any(name == "filter" for found in (*self.settings, *self.macros.values()) for name, _ in found)

    def _fill(self, values: dict[str, Value], settings: _Settings, depth: int) -> None:
        """Add what is not decided yet; the caller goes from the last line to the first."""
        for name, value in reversed(settings):
            if name in values:
                continue
            values[name] = value
            if value is True and name in self.macros and depth < DEEPEST_MACRO:
                self._fill(values, self.macros[name], depth + 1)


class AttributesByFolder:
    """The `.gitattributes` of every folder: the deepest that decides an attribute wins, as in git."""

    def __init__(self, read: Callable[[str], str]) -> None:
        """`read(path)` gives the text of a file, empty where there is none. What is beyond `MOST_READ` is not read."""
        self._read = read
        self._left = MOST_READ
        self._root = Attributes.parse(read(NAME))
        self._known: dict[str, Attributes | None] = {}
        self._chains: dict[str, list[tuple[int, Attributes]]] = {}

    def is_lfs(self, path: str) -> bool:
        """Whether the file goes through git-lfs (`filter=lfs`)."""
        at = path.rfind("/")
        for start, below in self._chain(path[:at]) if at > 0 else ():
            decided = below.decided(path[start:])
            if "filter" in decided:
                return decided["filter"] == "lfs"
        return self._root.is_lfs(path)

    def lfs_files(self, folder: str, names: Iterable[str]) -> list[str]:
        """Those files of a folder that go through git-lfs; `folder` is empty or ends with a slash."""
        said = [found for _, found in self._chain(folder[:-1])]
        if not any(found.speaks_of_filters for found in (*said, self._root)):
            return []
        return [name for name in names if self.is_lfs(folder + name)]

    def _chain(self, folder: str) -> list[tuple[int, Attributes]]:
        """What lies in a folder and in those above it but the root, the deepest first, and where paths begin there."""
        if folder not in self._chains:
            at, chain = len(folder), []
            while at > 0:
                below = self._of_folder(folder[:at])
                if below is not None:
                    chain.append((at + 1, below))
                at = folder.rfind("/", 0, at)
            self._chains[folder] = chain
        return self._chains[folder]

    def _of_folder(self, folder: str) -> Attributes | None:
        if folder not in self._known:
            text = self._read(f"{folder}/{NAME}")[: self._left] if self._left else ""
            self._left -= len(text)
            self._known[folder] = Attributes.parse(text, self._root) if text else None
        return self._known[folder]


def _line(line: str) -> tuple[bytes, _Settings] | None:
    """Pattern and settings of a line; None for comments and for what git ignores."""
    stripped = line.lstrip(_BLANK)
    if not stripped or stripped.startswith("#"):
        return None
    raw = stripped.encode("utf-8", "surrogateescape")
    if len(line) > LONGEST_LINE or len(raw) >= LONGEST_LINE:
        return None
    pattern, rest = _pattern(raw)
    if pattern.startswith(_MACRO.encode()):
        pattern, rest = _macro(pattern, rest)
    if not pattern or pattern.startswith(b"!") or pattern.endswith(b"/"):
        return None
    settings = _settings(rest.decode("utf-8", "surrogateescape"))
    return None if settings is None else (pattern, settings)


def _pattern(raw: bytes) -> tuple[bytes, bytes]:
    quoted = _QUOTED.match(raw)
    if quoted:
        unquoted = _unquoted(quoted[1])
        if unquoted is not None:
            return unquoted, raw[quoted.end() :]
    bare = _BARE.match(raw)
    at = bare.end() if bare else 0
    return raw[:at], raw[at:]


def _macro(pattern: bytes, rest: bytes) -> tuple[bytes, bytes]:
    """`[attr] name …` may have blanks before the name; an impossible name makes the line empty."""
    name = pattern[len(_MACRO) :]
    if not name:
        words = rest.split(None, 1)
        name, rest = (words[0] if words else b""), (words[1] if len(words) > 1 else b"")
    if not re.fullmatch(rb"(?!builtin_)[A-Za-z0-9_.][A-Za-z0-9_.-]*", name):
        return b"", b""
    return _MACRO.encode() + name, rest


def _unquoted(text: bytes) -> bytes | None:
    """The text of a C string; None if an escape is unknown."""
    good = True

    def replace(found: re.Match[bytes]) -> bytes:
        nonlocal good
        sign = found[1]
        if len(sign) == 3:
            return bytes([int(sign, 8)])
        good = good and (sign in _ESCAPED or sign in (b"\\", b'"'))
        return _ESCAPED.get(sign, sign)

    out = _ESCAPE.sub(replace, text)
    return out if good else None


@lru_cache(maxsize=256)
def _settings(text: str) -> _Settings | None:
    """The words behind a pattern; None if one of them is no attribute."""
    settings = tuple(map(_setting, re.split(f"[{_BLANK}]+", text.strip(_BLANK)))) if text.strip(_BLANK) else ()
    return settings if all(_NAME.fullmatch(name) for name, _ in settings) else None


def _setting(word: str) -> tuple[str, Value]:
    name, equals, value = word.partition("=")
    if name.startswith("-"):
        return name[1:], False
    if name.startswith("!"):
        return name[1:], None
    return name, value if equals else True
