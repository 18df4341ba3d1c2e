"""Tokens that a task reads and writes, told to whoever counts them in this thread."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import accumulate, pairwise


@dataclass
class Tally:
    """`read` has one number for each text (or pair, or all windows of one) that the model read, in their order.

    So has `wrote` where a task writes.
    """

    read: list[int] = field(default_factory=list)
    wrote: list[int] = field(default_factory=list)

    def shares(self, sizes: Sequence[int]) -> list[tuple[int, int]]:
        """Tokens read and written for each of several calls done together; `sizes` are their numbers of texts."""
        return list(zip(_cut(self.read, sizes), _cut(self.wrote, sizes), strict=True))


def _cut(numbers: Sequence[int], sizes: Sequence[int]) -> list[int]:
    each = len(numbers) // max(sum(sizes), 1)
    ends = accumulate((size * each for size in sizes), initial=0)
    return [sum(numbers[begin:end]) for begin, end in pairwise(ends)]


_current: ContextVar[Tally | None] = ContextVar("tally", default=None)


@contextmanager
def tallied() -> Iterator[Tally]:
    """What is read and written within."""
    tally = Tally()
    before = _current.set(tally)
    try:
        yield tally
    finally:
        _current.reset(before)


def read(lengths: Sequence[int]) -> None:
    """So many tokens of each text go into the model."""
    tally = _current.get()
    if tally is not None:
        tally.read += lengths


def written(count: int) -> None:
    """So many tokens came out of it."""
    tally = _current.get()
    if tally is not None:
        tally.wrote.append(count)
