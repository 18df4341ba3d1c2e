"""What a deployment is, what people ask to be deployed, and how it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bearhug.base.clock import from_epoch
from bearhug.hub.repos.records import Repo
from bearhug.inference.engine.plans import Options
from bearhug.inference.workers.records import Standing


class Task(StrEnum):
    """What a deployment answers, in the words of cards."""

    TEXT = "text-generation"
    VECTORS = "feature-extraction"


class Wanted(StrEnum):
    """What people want of a deployment."""

    RUNNING = "running"
    STOPPED = "stopped"


class State(StrEnum):
    """How a deployment stands: idle ones are loaded when somebody asks them, queued ones soon."""

    STOPPED = "stopped"
    IDLE = "idle"
    QUEUED = "queued"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True)
class Deployment:
    """A model that is served in a certain way.

    `name` is empty for the one by the model's own name, `:word` for another way of serving the same model, and else a
    name that the hub's administrators chose. `worker` is the key of the worker that ran it last.
    """

    id: int
    name: str
    repo: Repo | None
    revision: str
    task: Task
    options: Options
    keep: bool
    wanted: Wanted
    creator: str
    created_at: datetime
    changed_at: datetime
    started_at: datetime
    worker: str
    trouble: str

    @property
    def title(self) -> str:
        """What callers write as `model`."""
        if self.repo is None or (self.name and not self.name.startswith(":")):
            return self.name
        return f"{self.repo.full_name}{self.name}"

    def answers(self, task: Task) -> bool:
        """Whether it was deployed for a task; another server has the whole API, and says itself what it lacks."""
        return task is self.task or self.options.engine == "remote"


EMBEDDED = ("auto", "openvino", "transformers")


@dataclass(frozen=True)
class Wish:
    """A deployment that somebody asks for; `repo` is `owner/name`, empty where another server speaks."""

    repo: str
    name: str = ""
    revision: str = "main"
    task: Task | None = None
    options: Options = field(default_factory=Options)
    keep: bool = False


@dataclass(frozen=True)
class Live:
    """How a deployment stands at a moment; `engine` is empty until it is known, the cache is told by the worker."""

    state: State
    standing: Standing | None = None
    restarts: int = 0
    trouble: str = ""
    engine: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def running(self) -> int:
        """Requests that are being answered."""
        inside = self.told.get("running")
        return inside if isinstance(inside, int) else (self.standing.running if self.standing else 0)

    @property
    def waiting(self) -> int:
        """Requests that wait, in the line of the worker or in its engine."""
        inside = self.told.get("waiting")
        return (inside if isinstance(inside, int) else 0) + (self.standing.waiting if self.standing else 0)

    @property
    def cache_bytes(self) -> int:
        """The room of its cache."""
        size = self.told.get("cache_bytes")
        return size if isinstance(size, int) else 0

    @property
    def since(self) -> datetime | None:
        """When it was loaded."""
        return from_epoch(self.standing.since) if self.standing else None

    @property
    def cache(self) -> float | None:
        """How full the cache is, 0 to 1."""
        used = self.told.get("cache")
        return float(used) if isinstance(used, int | float) else None


@dataclass(frozen=True)
class Loaded:
    """A model that is loaded though nobody deployed it; `engine` is empty until it is known."""

    standing: Standing
    engine: str

    @property
    def task(self) -> str:
        """The task that it was loaded for; empty where it answers calls of the OpenAI API."""
        return "" if self.standing.work in ("text", "vectors") else self.standing.work
