"""What the pages about folders and files show."""

from collections.abc import Sequence
from dataclasses import dataclass

from bearhug.hub.files.records import FileEntry, LargeFile, Resolved
from bearhug.hub.files.service import Opened
from bearhug.hub.git.records import Entry
from bearhug.hub.history.records import Entered
from bearhug.hub.refs.records import RefList
from bearhug.hub.storage.records import Account


@dataclass(frozen=True)
class Spot:
    """A place in a repository: what was asked for, and the commit that it leads to."""

    opened: Opened
    rev: str
    path: str
    refs: RefList

    @property
    def commit(self) -> str:
        return self.opened.revision.oid

    @property
    def branch(self) -> str | None:
        """The branch that the revision names; only those can be written to."""
        ref = self.opened.revision.ref or ""
        return ref.removeprefix("refs/heads/") if ref.startswith("refs/heads/") else None


@dataclass(frozen=True)
class Readme:
    """A folder's own text."""

    path: str
    text: str


@dataclass(frozen=True)
class Folder:
    """One page of a folder: folders first, then files, `total` of them on `pages` pages counted from 0."""

    spot: Spot
    entries: Sequence[FileEntry]
    page: int
    pages: int
    total: int
    newest: Entered | None
    commits: int | None
    size: int | None
    readme: Readme | None = None
    savings: Account | None = None


@dataclass(frozen=True)
class File:
    """One file, link or submodule. `found` is None where there are no bytes to show: a submodule, or lost content."""

    spot: Spot
    entry: Entry
    newest: Entered | None
    found: Resolved | None
    pointer: LargeFile | None = None

    @property
    def is_link(self) -> bool:
        return self.entry.mode == 0o120000

    @property
    def is_submodule(self) -> bool:
        return self.entry.kind == "submodule"


@dataclass(frozen=True)
class BlamedPart:
    """Lines `first` (from 1) to `last` of a file, and the commit that wrote them; `age` is 0 for new to 9 for old."""

    first: int
    last: int
    by: Entered
    age: int


@dataclass(frozen=True)
class Blame:
    """A page of a file's lines; `text` is the whole file."""

    spot: Spot
    parts: Sequence[BlamedPart]
    text: str
    page: int
    pages: int
    lines: int


@dataclass(frozen=True)
class Hits:
    """Paths that match what somebody looks for; `more` says that there are others, `cut` that not all were read."""

    paths: Sequence[str]
    more: bool
    cut: bool
