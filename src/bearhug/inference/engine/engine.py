"""What every engine does."""

from collections.abc import Sequence
from typing import Protocol

from bearhug.inference.engine.sampling import Abilities, Load, Piece, Sampling


class Engine(Protocol):
    """Runs many requests at once. One thread calls it: between two steps requests come and go."""

    @property
    def abilities(self) -> Abilities: ...

    @property
    def is_busy(self) -> bool:
        """Whether another step would do anything."""

    def prove(self, shape: tuple[str, str]) -> None:
        """Raises ValueError where answers cannot be held to this form. May take seconds, in any thread."""

    def begin(self, key: int, prompt: Sequence[int], sampling: Sampling) -> None:
        """Take a request in. Raises ValueError when it can never run."""

    def cancel(self, key: int) -> None:
        """Forget a request; unknown ones are ignored."""

    def step(self) -> list[Piece]:
        """Choose the next tokens of all that run; nothing to do is an empty list."""

    def load(self) -> Load: ...
