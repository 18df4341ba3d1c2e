"""Something that somebody did."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bearhug.hub.repos.records import Repo


class Deed(StrEnum):
    """What was done with a repository."""

    MADE = "made"
    CHANGED = "changed"
    LIKED = "liked"


@dataclass(frozen=True)
class Activity:
    """Who did what with which repository."""

    who: str
    deed: Deed
    repo: Repo
    at: datetime
