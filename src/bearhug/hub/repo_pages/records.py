"""What the pages of a repository show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from bearhug.hub.access.records import Actor
from bearhug.hub.cards.records import Ancestor
from bearhug.hub.files.records import Resolved
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
class Written:
    """A README.md that is read only when it is wanted; `blob` changes when its text does."""

    blob: str
    size: int
    read: Callable[[], str]


@dataclass(frozen=True)
class Ties:
    """What a repository has to do with others.

    `here` are those of the data sets that its card names which are on this hub; `trained` counts the models that name
    it as theirs.
    """

    lineage: tuple[Ancestor, ...] = ()
    children: Mapping[str, int] = field(default_factory=dict)
    spaces: tuple[str, ...] = ()
    here: frozenset[str] = frozenset()
    trained: int = 0


@dataclass(frozen=True)
class Front:
    """The first page: the card, and what stands beside it. `bare` repositories hold no files of their own."""

    band: Band
    card: Written | None
    bare: bool
    size: int | None
    licence_file: str | None = None
    days: Mapping[date, int] = field(default_factory=dict)
    ties: Ties = field(default_factory=Ties)


def everybody(_band: Band) -> bool:
    """A tab that every reader of the repository sees."""
    return True


@dataclass(frozen=True)
class Tab:
    """A tab in the band. `path` follows the repository's address; `labels` are message ids by repository type.

    A repository whose type has no label does not have the tab.
    """

    key: str
    path: str
    icon: str
    labels: Mapping[str, str]
    shown: Callable[[Band], bool] = everybody


@dataclass(frozen=True)
class Panel:
    """A piece of a repository's first page, drawn by `template` with what `facts` says as `panel`.

    `facts` answers None where there is nothing to show: then the panel is not there.
    """

    key: str
    place: Literal["top", "side"]
    template: str
    facts: Callable[[Actor, Front], Any]


@dataclass(frozen=True)
class Looked:
    """A file that somebody looks at, on the page of its own; `asked` is what the address says besides, cut short."""

    band: Band
    found: Resolved
    rev: str
    asked: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Preview:
    """A way to show files that are no text, drawn by `template` with what `facts` says as `preview`.

    The first whose `facts` are not None is shown below the head of the file, above or instead of its text:
    `whole` ones stand instead of it. Files with one of the `endings` have a source to look at; `?plain=1` asks for it,
    and `facts` see that in `asked`.
    """

    key: str
    template: str
    facts: Callable[[Actor, Looked], Any]
    whole: bool = True
    endings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slots:
    """What other rooms and the wings show on the pages of a repository, in their order."""

    tabs: tuple[Tab, ...] = ()
    panels: tuple[Panel, ...] = ()
    previews: tuple[Preview, ...] = ()
