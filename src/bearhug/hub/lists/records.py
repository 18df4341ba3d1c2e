"""What a list page shows beside its rows."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bearhug.hub.browse.records import Item
from bearhug.hub.repos.records import Repo

BILLION = 10**9


@dataclass(frozen=True)
class Span:
    """Numbers of parameters from `least` to below `most`, in billions; 0 stands for no bound."""

    least: int
    most: int

    @property
    def value(self) -> str:
        """As addresses write it."""
        bounds = (("min", self.least), ("max", self.most))
        return ",".join(f"{side}:{bound}B" for side, bound in bounds if bound)

    @property
    def label(self) -> str:
        if not self.least:
            return f"< {self.most}B"
        return f"{self.least}B – {self.most}B" if self.most else f"> {self.least}B"


SPANS = (Span(0, 1), Span(1, 3), Span(3, 8), Span(8, 16), Span(16, 70), Span(70, 0))


_BOUNDS = [span.least * BILLION for span in SPANS[1:]]


def sizes_of(parameters: Iterable[int | None]) -> dict[Span, int]:
    """How many models of each span there are."""
    found = Counter(bisect_right(_BOUNDS, number) for number in parameters if number is not None)
    return {span: found[at] for at, span in enumerate(SPANS) if at in found}


@dataclass(frozen=True)
class Pill:
    """A value of a filter: what its link switches, how it is shown, how often it occurs (None: not counted)."""

    key: str
    value: str
    label: str
    count: int | None
    group: str = ""


@dataclass(frozen=True)
class Facet:
    """A filter and the first of its values, the frequent ones first; how many values there are."""

    name: str
    pills: Sequence[Pill]
    total: int


@dataclass(frozen=True, eq=False)
class Tally:
    """How many repositories there are, and how many carry each tag; `is_more` when counting stopped early.

    `ids` are those that were counted, where they are few.
    """

    total: int
    tags: Mapping[str, int]
    sizes: Mapping[Span, int] = field(default_factory=dict)
    gated: int = 0
    is_more: bool = False
    ids: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Sheet:
    """A page of rows, and the rows that bound it where more lie beyond."""

    items: Sequence[Item]
    last: Repo | None = None
    first: Repo | None = None
