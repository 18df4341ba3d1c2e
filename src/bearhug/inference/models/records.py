"""What a model is to those who run it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bearhug.hub.files.records import FileEntry
from bearhug.hub.repos.records import Repo

Choose = Callable[[Sequence[FileEntry]], list[FileEntry]]


@dataclass(frozen=True)
class Selection:
    """Which files of a repository are wanted; checkouts are kept by its name."""

    name: str
    choose: Choose


@dataclass(frozen=True)
class Seen:
    """A revision and what the card index knows of it."""

    repo: Repo
    commit: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Checkout:
    """A revision's files in a local folder. `facts` are those of the card index; `size` is the bytes of its files.

    Of an adapter the folder holds two, `adapter` and `base`; `base` is the commit of the latter.
    """

    repo: Repo
    commit: str
    folder: Path
    size: int
    facts: dict[str, Any]
    base: str = ""

    @property
    def version(self) -> str:
        """What decides how the model answers: its commit, and that of the model that it belongs on."""
        return f"{self.commit}+{self.base}" if self.base else self.commit
