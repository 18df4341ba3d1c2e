"""Files that a form brought."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Arrived:
    """A file that lies in a folder of its own until it is committed; `sample` holds its first bytes."""

    path: str
    place: Path
    size: int
    sha256: str
    sample: bytes


@dataclass(frozen=True)
class Words:
    """What a commit is called."""

    summary: str = ""
    description: str = ""
