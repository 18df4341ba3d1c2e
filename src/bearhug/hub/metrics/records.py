"""Numbers with names and labels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Sample = tuple[str, Mapping[str, str], float]
"""What is added to the family's name (`_bucket`), labels, and the value."""


@dataclass(frozen=True)
class Family:
    """Numbers of one kind. A counter only grows, until the process ends."""

    name: str
    kind: Literal["gauge", "counter", "histogram"]
    words: str
    samples: Sequence[Sample]


Source = Callable[[], Sequence[Family]]


def gauge(name: str, words: str, value: float, **labels: str) -> Family:
    """A family of one number."""
    return Family(name, "gauge", words, [("", labels, value)])


def counter(name: str, words: str, value: float, **labels: str) -> Family:
    """A family of one number that grows."""
    return Family(name, "counter", words, [("", labels, value)])
