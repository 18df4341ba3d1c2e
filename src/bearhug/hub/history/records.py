"""What the past of a repository is made of."""

from dataclasses import dataclass, field

from bearhug.hub.git.records import Commit


@dataclass(frozen=True)
class Credit:
    """Somebody who wrote a commit: the name that git has, and the account it belongs to, if any."""

    name: str
    user: str | None = None


@dataclass(frozen=True)
class Entered:
    """A commit in a list, with the people it is owed to."""

    commit: Commit
    credits: tuple[Credit, ...]


@dataclass(frozen=True)
class CommitPage:
    """One page of a history; `total` is None where the history is too long to be counted."""

    commits: tuple[Entered, ...]
    total: int | None
    more: bool


@dataclass
class Trail:
    """How far the search for the last changes of one folder has come.

    `tip` is the commit it began at, `frontier` the one it has reached: entries of the tip that are not in `found`
    are still the same there. An empty frontier says that everything has been found.
    """

    tip: str
    frontier: str
    found: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One line of a hunk: `kind` is ' ', '+' or '-'; numbers count from 1 and are None where it is not there."""

    kind: str
    text: str
    old: int | None
    new: int | None


@dataclass(frozen=True)
class Hunk:
    """Lines that changed, with some that did not around them."""

    header: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Side:
    """A file before or after: `size` in bytes is that of the real content, also where git holds a pointer to it."""

    path: str
    mode: int
    oid: str
    size: int
    is_large: bool = False


@dataclass(frozen=True)
class FileChange:
    """What became of one file; `status` is git's letter (A, D, M, R, T).

    `binary` files have no hunks. Neither have those that are `left_out` because they, or all together, are too
    large to be shown; their added and deleted lines are not counted.
    """

    status: str
    old: Side | None
    new: Side | None
    binary: bool = False
    left_out: bool = False
    added: int = 0
    deleted: int = 0
    hunks: tuple[Hunk, ...] = ()

    @property
    def path(self) -> str:
        side = self.new or self.old
        assert side is not None
        return side.path

    @property
    def is_large(self) -> bool:
        return any(side is not None and side.is_large for side in (self.old, self.new))


@dataclass(frozen=True)
class Comparison:
    """The difference between two commits; `base` is empty where it is the difference from nothing.

    `cut` says that more files changed than are listed.
    """

    base: str
    head: str
    files: tuple[FileChange, ...]
    cut: bool = False


@dataclass(frozen=True)
class Blamed:
    """Lines `first` (from 1) and following, `count` in all, that a commit wrote."""

    first: int
    count: int
    commit: Commit


@dataclass(frozen=True)
class Spec:
    """What to compare: two revisions, or one with its first parent where `base` is None.

    `from_fork` compares with the commit at which the two parted. A revision may end in `^` for its first parent.
    """

    base: str | None
    head: str
    from_fork: bool = False
