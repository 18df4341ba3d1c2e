"""What fsck finds."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """`mended` was put right, `mendable` would be without --dry-run, `lost` needs a person (or a backup)."""

    MENDED = "mended"
    MENDABLE = "mendable"
    LOST = "lost"


@dataclass(frozen=True)
class Problem:
    """One disagreement: of what, what is wrong, and what became of it."""

    subject: str
    text: str
    verdict: Verdict


@dataclass
class Tally:
    """What was looked at."""

    repositories: int = 0
    commits_checked: int = 0
    objects: int = 0
    bytes_hashed: int = 0
