"""Large files as a repository's history shows them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PointerBlob:
    """A git blob that points to a large object: where it was seen first; `ref` if a reference still shows it."""

    blob: str
    oid: str
    path: str
    ref: str | None


@dataclass(frozen=True)
class LfsFile:
    """A large object of a repository with a name that it had."""

    oid: str
    size: int
    pushed_at: datetime
    path: str
    ref: str | None


@dataclass(frozen=True)
class LfsFilePage:
    """Large files by oid, and where the next page begins."""

    files: list[LfsFile]
    cursor: str | None
