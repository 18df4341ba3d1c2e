"""A row of a list, and some rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bearhug.hub.repos.records import Repo


@dataclass(frozen=True)
class Item:
    """A repository and what its card says."""

    repo: Repo
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Shelf:
    """Rows in order, and where the next page begins."""

    items: list[Item]
    after: tuple[str | float | int, int] | None = None
