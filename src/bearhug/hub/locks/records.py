"""A lock on a file."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Lock:
    """`path` is locked by `owner`; `ref` is where they were working, for people to see."""

    id: int
    path: str
    ref: str
    owner_id: int
    owner: str
    locked_at: datetime


@dataclass(frozen=True)
class LockPage:
    """Locks by their number, and where the next page begins."""

    locks: list[Lock]
    next_cursor: int | None
