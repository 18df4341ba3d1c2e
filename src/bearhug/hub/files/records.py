"""What a file is to a client."""

from dataclasses import dataclass

from bearhug.base.content import Content
from bearhug.hub.git.records import Commit, Entry
from bearhug.hub.repos.records import Repo


@dataclass(frozen=True)
class LargeFile:
    """The object behind a pointer: sha256, size in bytes, size of the pointer, Xet hash once it is known."""

    oid: str
    size: int
    pointer_size: int
    xet_hash: str | None = None


@dataclass(frozen=True)
class FileEntry:
    """A tree entry with what lies behind it; `size` is that of the real content."""

    entry: Entry
    large: LargeFile | None = None
    last_commit: Commit | None = None

    @property
    def size(self) -> int:
        return self.large.size if self.large else self.entry.size


@dataclass(frozen=True)
class Resolved:
    """A file found at a commit, ready to be sent."""

    repo: Repo
    commit: str
    path: str
    content: Content
    large: LargeFile | None
