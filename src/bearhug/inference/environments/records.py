"""What goes into an environment, and what stands there."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Recipe:
    """An engine's environment. `steps` are the arguments of `pip install`, one run after the other; `program` starts
    the engine from below the environment's folder, the model's folder goes behind it.
    """

    name: str
    version: str
    about: str
    steps: tuple[tuple[str, ...], ...]
    program: tuple[str, ...]

    @property
    def folder_name(self) -> str:
        return f"{self.name}-{self.version}"


@dataclass(frozen=True)
class Installed:
    """An environment that stands; `size` is in bytes."""

    name: str
    version: str
    folder: Path
    size: int
