"""What a question answers: figures of the hub beside a baseline, their ratio, and whether the aim is met."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """How big the questions are asked. Files in MiB, `hidden` and `layers` of a language model, the rest in pieces."""

    file: int
    big_file: int
    files: int
    commit_files: int
    repos: int
    tree_files: int
    requests: int
    rounds: int
    hidden: int
    layers: int


QUICK = Sizes(
    file=64,
    big_file=512,
    files=500,
    commit_files=500,
    repos=2_000,
    tree_files=5_000,
    requests=300,
    rounds=3,
    hidden=192,
    layers=4,
)
FULL = Sizes(
    file=1024,
    big_file=4096,
    files=10_000,
    commit_files=5_000,
    repos=100_000,
    tree_files=100_000,
    requests=2_000,
    rounds=5,
    hidden=768,
    layers=12,
)


@dataclass(frozen=True)
class Figure:
    """`hub` and `baseline` in `unit`; smaller is better. An aim bounds the ratio, the hub's own value, or both."""

    what: str
    hub: float
    baseline: float
    unit: str
    beside: str
    most_ratio: float | None = None
    most: float | None = None

    @property
    def ratio(self) -> float:
        return self.hub / self.baseline if self.baseline else math.inf

    @property
    def aim(self) -> str:
        own = [f"<= {self.most:g} {self.unit}"] if self.most is not None else []
        beside = [f"ratio <= {self.most_ratio:g}"] if self.most_ratio is not None else []
        return ", ".join(own + beside)

    @property
    def met(self) -> str:
        if not self.aim:
            return ""
        is_met = self.hub <= (math.inf if self.most is None else self.most)
        return "yes" if is_met and self.ratio <= (self.most_ratio or math.inf) else "NO"

    def cells(self) -> list[str]:
        sizes = [f"{_short(self.hub)} {self.unit}", f"{_short(self.baseline)} {self.unit}", f"{self.ratio:.2f}"]
        return [self.what, *sizes, self.beside, self.aim, self.met]


HEADINGS = ["what", "hub", "baseline", "ratio", "beside", "aim", "met"]


def table(rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, padded so that it also reads well on a terminal."""
    lines = [HEADINGS, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADINGS))]
    padded = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([padded[0], rule, *padded[1:]])


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0..1) of the values do not exceed."""
    return sorted(values)[min(len(values) - 1, math.ceil(share * len(values)) - 1)]


def _short(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"
