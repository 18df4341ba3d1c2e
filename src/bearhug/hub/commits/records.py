"""Operations of a commit and what comes of them."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Header:
    """First line of a commit: its message and the parent that the client saw."""

    summary: str
    description: str = ""
    parent: str | None = None


@dataclass(frozen=True)
class AddFile:
    """A regular file, content decoded."""

    path: str
    content: bytes
    old_path: str | None = None


@dataclass(frozen=True)
class AddLfs:
    """A file whose bytes were uploaded before, by sha256."""

    path: str
    oid: str
    size: int | None = None
    old_path: str | None = None


@dataclass(frozen=True)
class Delete:
    """Delete a file or, where the path is one, a folder."""

    path: str


@dataclass(frozen=True)
class Move:
    """Give a file or a folder, with all that is in it, another path."""

    path: str
    old_path: str


Operation = Header | AddFile | AddLfs | Delete | Move


@dataclass
class Plan:
    """What a commit will do, in the order it is applied: removals and moves first, then files by path."""

    header: Header | None = None
    puts: dict[str, str] = field(default_factory=dict)
    lfs: dict[str, AddLfs] = field(default_factory=dict)
    removals: list[str] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    operations: int = 0


@dataclass(frozen=True)
class Committed:
    """The branch's tip after the commit; `changed` is False when there was nothing to commit."""

    oid: str
    changed: bool


@dataclass(frozen=True)
class Upload:
    """One file of a preupload question: `sample` holds its first bytes."""

    path: str
    size: int
    sample: bytes


@dataclass(frozen=True)
class UploadAnswer:
    """How to send a file, and what the branch holds there now (git blob id, or sha256 of an LFS file).

    `blocking` is what has to go before the file can be there: a file above it, or a folder of its name.
    """

    path: str
    mode: str
    ignored: bool
    oid: str | None
    blocking: str = ""
