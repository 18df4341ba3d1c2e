"""What the real git says of attributes and ignore rules, and strategies for odd patterns and paths."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st

_LETTERS = "ab.c-"
NAMES = st.text(_LETTERS, min_size=1, max_size=5).filter(lambda name: name not in {".", ".."})
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
_PIECES = (
    "a b c . - / * ** **/ /** /**/ ? [ab] [!a] [a-c] [ ] \\ \\* [[:alpha:]] [[:x:]] []a] [a-] [/] *.a a* ! # [\\]]"
)
_BITS = st.sampled_from(_PIECES.split())
PATTERNS = st.lists(_BITS, min_size=1, max_size=6).map("".join)


def repository(folder: Path) -> Path:
    """An empty repository that reads nobody's configuration."""
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder


def _ask(folder: Path, arguments: Sequence[str], paths: Sequence[str]) -> list[str]:
    done = subprocess.run(
        ["git", "-c", "core.excludesFile=/dev/null", "-c", "core.attributesFile=/dev/null", *arguments],
        cwd=folder,
        input="\0".join(paths) + "\0",
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.split("\0")[:-1]


def filters(folder: Path, text: str, paths: Sequence[str]) -> dict[str, str]:
    """The `filter` attribute of each path under these attributes."""
    (folder / ".gitattributes").write_bytes(text.encode())
    fields = _ask(folder, ["check-attr", "-z", "--stdin", "filter"], paths)
    return dict(zip(fields[0::3], fields[2::3], strict=True))


def ignored(folder: Path, text: str, paths: Sequence[str]) -> set[str]:
    """The paths that git leaves out under these rules."""
    (folder / ".gitignore").write_bytes(text.encode())
    return set(_ask(folder, ["check-ignore", "-z", "--no-index", "--stdin"], paths))
