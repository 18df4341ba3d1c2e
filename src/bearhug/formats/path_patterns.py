"""Many path patterns asked at once: plain names are looked up, only real wildcards are tried one by one."""

import re
from dataclasses import dataclass
from functools import cached_property

from bearhug.formats.wildmatch import Literal, NeverMatches, Segment, Star, compiled, literal, segments

MOST_WILDCARDS = 2000
"""Patterns with true wildcards beyond this many are left out, as git leaves out over-long lines."""

_SPECIAL = re.compile(rb"[*?\[\\]")


@dataclass
class _Wildcard:
    """A pattern that must be tried; its expression is made when it is first asked.

    Like git, `prefix` is compared as it is and the rest is a pattern of its own: so `data**/x` finds `data/1/x`.
    """

    number: int
    whole_path: bool
    prefix: bytes
    parts: tuple[Segment, ...]

    def matches(self, path: bytes, name: bytes) -> bool:
        text = path if self.whole_path else name
        return text.startswith(self.prefix) and bool(self.expression.fullmatch(text, len(self.prefix)))

    @cached_property
    def expression(self) -> re.Pattern[bytes]:
        return compiled(self.parts)


class PathPatterns:
    """Numbered patterns; a pattern with a slash is matched against the path, others against the last name."""

    def __init__(self) -> None:
        self._paths: dict[bytes, list[int]] = {}
        self._names: dict[bytes, list[int]] = {}
        self._endings: dict[bytes, list[int]] = {}
        self._wild: list[_Wildcard] = []

    def add(self, number: int, pattern: bytes) -> None:
        """Remember a pattern under its number; one that can never match is forgotten at once."""
        whole_path = b"/" in pattern
        pattern = pattern.removeprefix(b"/")
        special = _SPECIAL.search(pattern)
        if not special:
            (self._paths if whole_path else self._names).setdefault(pattern, []).append(number)
            return
        prefix = pattern[: special.start()] if whole_path else b""
        try:
            parts = segments(pattern[len(prefix) :])
        except NeverMatches:
            return
        names = [literal(part) for part in parts]
        plain = prefix + b"/".join(name for name in names if name is not None)
        if None not in names:
            (self._paths if whole_path else self._names).setdefault(plain, []).append(number)
        elif not whole_path and (ending := _ending(parts[0])) is not None:
            self._endings.setdefault(ending, []).append(number)
        elif len(self._wild) < MOST_WILDCARDS:
            self._wild.append(_Wildcard(number, whole_path, prefix, parts))

    def matching(self, path: bytes) -> list[int]:
        """The numbers of all patterns that match, the highest first."""
        name = path[path.rfind(b"/") + 1 :]
        found: list[int] = []
        for exact in (self._paths.get(path), self._names.get(name)):
            if exact is not None:
                found += exact
        dot = name.find(b".") if self._endings else -1
        while dot >= 0:
            ending = self._endings.get(name[dot:])
            if ending is not None:
                found += ending
            dot = name.find(b".", dot + 1)
        for wild in self._wild:
            if wild.matches(path, name):
                found.append(wild.number)
        found.sort(reverse=True)
        return found


def _ending(segment: Segment) -> bytes | None:
    """`.bin` of `*.bin`; None for anything else."""
    if len(segment) == 2 and isinstance(segment[0], Star) and isinstance(segment[1], Literal):
        text = segment[1].text
        return text if text.startswith(b".") else None
    return None
