"""Whether a `.gitignore` file leaves a path out; the last pattern that matches wins, a folder left out stays out."""

from collections.abc import Sequence
from dataclasses import dataclass

from bearhug.formats.path_patterns import PathPatterns

LARGEST = 1024 * 1024
"""Characters; what lies behind is not read."""


@dataclass(frozen=True)
class Ignores:
    """The lines of one `.gitignore` at the root of a repository; a rule is (ignore, only folders)."""

    rules: Sequence[tuple[bool, bool]]
    patterns: PathPatterns

    @classmethod
    def parse(cls, text: str) -> "Ignores":
        """Blank lines and comments are left out."""
        rules: list[tuple[bool, bool]] = []
        patterns = PathPatterns()
        for line in text[:LARGEST].removeprefix("\ufeff").split("\n"):
            pattern = _without_blanks(line.removesuffix("\r"))
            if not pattern or pattern.startswith("#"):
                continue
            ignore = not pattern.startswith("!")
            pattern = pattern if ignore else pattern[1:]
            only_folders = pattern.endswith("/")
            pattern = pattern[:-1] if only_folders else pattern
            if pattern:
                patterns.add(len(rules), pattern.encode("utf-8", "surrogateescape"))
                rules.append((ignore, only_folders))
        return cls(rules, patterns)

    def match(self, path: str) -> bool:
        """Whether the file at `path` is left out."""
        if not self.rules:
            return False
        names = path.encode("utf-8", "surrogateescape").split(b"/")
        return any(self._says(b"/".join(names[:depth]), depth < len(names)) for depth in range(1, len(names) + 1))

    def _says(self, path: bytes, is_folder: bool) -> bool:
        for number in self.patterns.matching(path):
            ignore, only_folders = self.rules[number]
            if is_folder or not only_folders:
                return ignore
        return False


def _without_blanks(line: str) -> str:
    """The line without trailing spaces, except those behind a backslash."""
    kept = line.rstrip(" ")
    escapes = len(kept) - len(kept.rstrip("\\"))
    return line[: len(kept) + 1] if escapes % 2 and len(kept) < len(line) else kept
