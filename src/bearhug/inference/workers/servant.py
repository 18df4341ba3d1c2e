"""What a worker process runs: a servant that is loaded once and answers calls."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass
class Used:
    """Tokens that a call took, where no piece of its answer has told them."""

    read: int = 0
    written: int = 0


@dataclass(frozen=True)
class Order:
    """One call as a servant sees it. Long work looks at `left` now and then: it is set when the caller went away."""

    data: Any
    blob: bytes
    left: threading.Event
    used: Used = field(default_factory=Used)


@dataclass(frozen=True)
class Item:
    """One piece of an answer: JSON and, where there are any, raw bytes."""

    data: Any
    blob: bytes = b""


class Servant(Protocol):
    """Made from the options of its plan (keyword arguments); `answer` may be called from several threads at once,
    as many as the plan's `width` says.

    What clients may be told is raised as a `HubError`.
    """

    def answer(self, order: Order) -> Iterator[Item]:
        """The pieces of the answer, as they get ready."""
        ...
