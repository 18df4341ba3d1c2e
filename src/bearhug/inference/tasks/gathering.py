"""Calls that wait together are done together: one thread leads, the others wait for what it brings them."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bearhug.base.errors import HubError

MOST_TOGETHER = 256
"""Inputs of one batch."""
TROUBLES = (
    HubError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""How models end on inputs that they cannot take."""


@dataclass(eq=False)
class Wish:
    """What one caller wants. Wishes of the same `kind` may be done together; empty is alone."""

    inputs: Any
    kind: str
    left: threading.Event
    parameters: dict[str, Any] = field(default_factory=dict)
    output: Any = None
    read: int = 0
    written: int = 0
    error: Exception | None = None
    is_done: bool = False
    woken: threading.Event = field(default_factory=threading.Event)

    @property
    def size(self) -> int:
        return len(self.inputs) if isinstance(self.inputs, list) else 1


Work = Callable[[Sequence[Wish]], Sequence[Any]]
"""Outputs for wishes of one kind, one for one."""


class Gathering:
    """`ask` may be called from many threads; `work` runs in one of them at a time, with at most so many inputs."""

    def __init__(self, work: Work, most: int = MOST_TOGETHER) -> None:
        self._work = work
        self._most = most
        self._waiting: deque[Wish] = deque()
        self._is_busy = False
        self._lock = threading.Lock()

    def ask(self, wish: Wish) -> Any:
        """The output, or the error that this wish alone brought about."""
        with self._lock:
            self._waiting.append(wish)
            leads, self._is_busy = not self._is_busy, True
        if not leads:
            wish.woken.wait()
        if not wish.is_done:
            self._lead(wish)
        if wish.error is not None:
            raise wish.error
        return wish.output

    def _lead(self, own: Wish) -> None:
        """Do one's own wish and those like it, then hand on to who waited longest."""
        batch = self._taken(own)
        try:
            self._do([wish for wish in batch if not wish.left.is_set()])
        finally:
            for wish in batch:
                wish.is_done = True
                wish.woken.set()
            with self._lock:
                following = self._waiting[0] if self._waiting else None
                self._is_busy = following is not None
            if following is not None:
                following.woken.set()

    def _taken(self, own: Wish) -> list[Wish]:
        with self._lock:
            self._waiting.remove(own)
            taken, size = [own], own.size
            for wish in [one for one in self._waiting if own.kind and one.kind == own.kind]:
                size += wish.size
                if size > self._most:
                    break
                taken.append(wish)
                self._waiting.remove(wish)
            return taken

    def _do(self, batch: Sequence[Wish]) -> None:
        """An input that cannot be done is found by halves, so that it spoils only its own answer."""
        if not batch:
            return
        try:
            outputs = self._work(batch)
        except TROUBLES as error:  # it is raised again in the thread of the call that it belongs to
            if len(batch) == 1:
                batch[0].error = error
                return
            half = len(batch) // 2
            self._do(batch[:half])
            self._do(batch[half:])
        else:
            for wish, output in zip(batch, outputs, strict=True):
                wish.output = output
