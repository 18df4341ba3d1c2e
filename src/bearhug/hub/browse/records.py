"""A row of a list, and some rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bearhug.formats.excerpt import Piece
from bearhug.hub.repos.records import Repo


@dataclass(frozen=True)
class Item:
    """A repository and what its card says."""

    repo: Repo
    facts: Mapping[str, Any]
    excerpt: Sequence[Piece] = ()


@dataclass(frozen=True)
class Shelf:
    """Rows in order, and where the next page begins."""

    items: list[Item]
    after: tuple[str | float | int, int] | None = None


@dataclass(frozen=True)
class Results:
    """What some words find: rows of the wanted kinds, and counts of all kinds; what is above `most` is only more."""

    shelves: Mapping[str, Shelf]
    counts: Mapping[str, int]
    most: int
