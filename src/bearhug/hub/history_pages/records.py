"""What the pages about the past show."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bearhug.hub.history.records import Entered, FileChange
from bearhug.hub.refs.records import RefList


@dataclass(frozen=True)
class Drawn:
    """One line of a difference as HTML: `kind` is ' ', '+', '-' or '\\'; words that changed are marked."""

    kind: str
    html: Markup
    old: int | None
    new: int | None


@dataclass(frozen=True)
class DrawnHunk:
    """Lines one below the other, and the same as pairs of before and after."""

    header: str
    lines: Sequence[Drawn]
    pairs: Sequence[tuple[Drawn | None, Drawn | None]]


@dataclass(frozen=True)
class DrawnFile:
    """A changed file; `number` is its place among all that changed, from 0."""

    number: int
    change: FileChange
    hunks: Sequence[DrawnHunk]


@dataclass(frozen=True)
class Window:
    """Which part of a large difference is drawn: a page of files, or one file alone."""

    page: int = 0
    only: str = ""
    split: bool = False


@dataclass(frozen=True)
class Difference:
    """Two commits (an empty base is nothing at all), every file that differs, and those that are drawn."""

    base: str
    head: str
    files: Sequence[FileChange]
    cut: bool
    drawn: Sequence[DrawnFile]
    pages: int


@dataclass(frozen=True)
class Compared:
    """Two revisions side by side: how far they went apart, the commits that the head has alone, the difference."""

    base: str
    head: str
    ahead: int
    behind: int
    commits: Sequence[Entered]
    refs: RefList
    difference: Difference
