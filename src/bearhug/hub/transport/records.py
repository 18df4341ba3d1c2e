"""What a push asks for, and what the hub lets in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bearhug.hub.git.records import ZERO_OID

FETCH = "git-upload-pack"
PUSH = "git-receive-pack"


@dataclass(frozen=True)
class Update:
    """One reference that a push wants to move; forty zeros where it was not or shall not be."""

    ref: str
    old: str
    new: str

    @property
    def deletes(self) -> bool:
        return self.new == ZERO_OID

    @property
    def creates(self) -> bool:
        return self.old == ZERO_OID


@dataclass(frozen=True)
class Limits:
    """Bytes: the largest file outside of git-lfs, and what a repository may hold in all."""

    largest: int
    quota: int | None = None


@dataclass(frozen=True)
class Folder:
    """A folder that a push changes: all names in it now, those it did not have before, and its changed files.

    `path` ends with a slash but for the root, where it is empty. Files go by name and have the ids of their blobs.
    """

    path: str
    names: Sequence[str]
    added: Sequence[str]
    changed: Mapping[str, bytes]


@dataclass(frozen=True)
class Verdict:
    """What is wrong with a push, a paragraph each, and the git-lfs objects that it refers to."""

    problems: tuple[str, ...] = ()
    objects: frozenset[str] = frozenset()
