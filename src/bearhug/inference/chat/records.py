"""What stands on the page of a conversation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

By = Literal["user", "assistant"]


@dataclass(frozen=True)
class Token:
    """A token of an answer: how likely it was (0 to 1), and those that were likely in its place."""

    text: str
    likely: float
    others: tuple[tuple[str, float], ...] = ()

    @property
    def shade(self) -> int:
        """0 for a token that was sure, 4 for one that was a surprise."""
        return next((step for step, least in enumerate((0.9, 0.6, 0.3, 0.1)) if self.likely >= least), 4)


@dataclass(frozen=True)
class Figures:
    """What an answer cost. Seconds until the first token are known only where somebody watched it come."""

    prompt: int
    tokens: int
    seconds: float
    first: float | None = None

    @property
    def speed(self) -> float:
        """Tokens a second, from the first of them on where that is known."""
        if self.first is not None and self.tokens > 1 and self.seconds > self.first:
            return (self.tokens - 1) / (self.seconds - self.first)
        return self.tokens / self.seconds if self.seconds > 0 else 0.0


@dataclass(frozen=True)
class Turn:
    """What one side said. `finish` is the API's word for why it ended; `stopped` says that the reader ended it."""

    by: By
    text: str
    figures: Figures | None = None
    tokens: tuple[Token, ...] = ()
    finish: str = ""


@dataclass(frozen=True)
class Talk:
    """A conversation as the form holds it, with the parameters as they were typed."""

    turns: tuple[Turn, ...] = ()
    system: str = ""
    draft: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Trouble:
    """Why there is no answer; `status` decides what is advised, `wait` are the seconds after which to try again."""

    message: str
    status: int = 500
    wait: int | None = None


@dataclass(frozen=True)
class Side:
    """One of the models that stand side by side, and what it said."""

    model: str
    answer: Turn | None = None
    trouble: Trouble | None = None


Body = dict[str, Any]
