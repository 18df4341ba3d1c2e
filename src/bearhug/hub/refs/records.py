"""References of a repository, sorted into their kinds."""

from dataclasses import dataclass

from bearhug.hub.git.records import Ref


@dataclass(frozen=True)
class RefList:
    """What a repository's references are; `pulls` is None where nobody asked for them."""

    branches: tuple[Ref, ...]
    converts: tuple[Ref, ...]
    tags: tuple[Ref, ...]
    pulls: tuple[Ref, ...] | None = None


@dataclass(frozen=True)
class NewBranch:
    """A branch to be made: at `start` (any revision, else main), or `empty` with a commit of no files.

    `overwrite` moves a branch that is there already; without start and empty it then stays as it is.
    """

    name: str
    start: str | None = None
    empty: bool = False
    overwrite: bool = False


@dataclass(frozen=True)
class NewTag:
    """A tag to be made at a revision; with a message it becomes an annotated one."""

    name: str
    revision: str
    message: str | None = None
