"""What a worker is to run, how far it may go, and how it stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bearhug.base.clock import from_epoch
from bearhug.base.errors import HubError
from bearhug.inference.workers.meter import Speed

GIB = 1 << 30


class State(StrEnum):
    """The life of a worker."""

    LOADING = "loading"
    READY = "ready"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Plan:
    """What to load. Plans with the same `key` share a worker.

    `servant` is `module:Class`, made with `options` in the worker. `memory` is the estimate in bytes before it is
    measured. `width` calls run at the same time. `largest_file` is the
    most bytes of a file that it may write. `command` replaces the Python that runs the worker, for servants
    whose libraries live in an environment of their own. One that `forwards` passes requests on to a server behind it,
    as they are.
    """

    key: str
    label: str
    servant: str
    options: Mapping[str, Any] = field(default_factory=dict)
    memory: int = GIB
    width: int = 1
    threads: int | None = None
    command: tuple[str, ...] | None = None
    largest_file: int = 256 << 20
    forwards: bool = False


@dataclass(frozen=True)
class Limits:
    """How much all workers together, and each of them, may take; times in seconds."""

    memory: int = 4 * GIB
    waiting: int = 256
    load_seconds: float = 600
    call_seconds: float = 600
    idle_seconds: float = 900
    threads: int = 2


@dataclass(frozen=True)
class Standing:
    """How a worker stands at a moment; `since` is a time.time()."""

    key: str
    label: str
    servant: str
    state: State
    pid: int
    since: float
    memory: int
    running: int
    waiting: int
    done: int
    failed: int
    restarts: int
    estimated: float = 0.0
    speed: Speed = field(default_factory=Speed)

    @property
    def work(self) -> str:
        """What it does, the first word of its key."""
        return self.key.partition(" ")[0]

    @property
    def began(self) -> datetime:
        """`since` as rows and pages have times."""
        return from_epoch(self.since)


@dataclass(frozen=True)
class Ending:
    """How a worker ended that nobody had told to: when (a time.time()), and why."""

    at: float
    reason: str


@dataclass(frozen=True)
class Piece:
    """One piece of an answer."""

    data: Any
    blob: bytes = b""


@dataclass(frozen=True)
class End:
    """The end of an answer: whole, or with the reason why not; and the tokens that no piece has told."""

    error: HubError | None = None
    read: int = 0
    written: int = 0


Listener = Callable[[Piece | End], None]
"""Hears the pieces of an answer in order, then its end, once; called in a worker's thread, so it must be quick."""
