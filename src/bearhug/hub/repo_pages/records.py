"""What the pages of a repository show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bearhug.hub.repos.records import Repo


@dataclass(frozen=True)
class Band:
    """What stands above every page of a repository."""

    repo: Repo
    facts: Mapping[str, Any]
    liked: bool
    may_write: bool
    may_administer: bool


@dataclass(frozen=True)
class Front:
    """The first page: the card's text, and what stands beside it. `bare` repositories hold no files of their own."""

    band: Band
    card: str | None
    bare: bool
    size: int | None
    days: Mapping[date, int] = field(default_factory=dict)
    children: Mapping[str, int] = field(default_factory=dict)
    spaces: tuple[str, ...] = ()
