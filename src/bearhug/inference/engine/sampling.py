"""How tokens are chosen, and what comes out: the words that gateway and engines share."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Finish(StrEnum):
    """Why a sequence ended, in the words of the OpenAI API."""

    STOP = "stop"
    LENGTH = "length"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Sampling:
    """Wishes of one request. `temperature` 0 is greedy; `top_k` 0 and `top_p` 1 cut nothing off.

    `top_logprobs` asks for that many likeliest tokens at every place; `shape` is ("json", schema), ("regex", text)
    or ("grammar", EBNF).
    """

    max_tokens: int = 16
    min_tokens: int = 0
    count: int = 1
    temperature: float = 1.0
    top_p: float = 1.0
    top_k: int = 0
    min_p: float = 0.0
    seed: int | None = None
    repetition: float = 1.0
    presence: float = 0.0
    frequency: float = 0.0
    stop_ids: tuple[int, ...] = ()
    ignore_end: bool = False
    logprobs: bool = False
    top_logprobs: int = 0
    shape: tuple[str, str] | None = None

    @property
    def is_greedy(self) -> bool:
        return self.temperature <= 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Sampling":
        shape = data.get("shape")
        return cls(**{**data, "stop_ids": tuple(data["stop_ids"]), "shape": tuple(shape) if shape else None})


@dataclass(frozen=True)
class Likely:
    """The probability of one chosen token, as a natural logarithm, and the likeliest others there."""

    logprob: float
    top: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True)
class Piece:
    """New tokens of sequence `index` of the request `key`; the last piece of a sequence says why it ended."""

    key: int
    index: int
    ids: Sequence[int]
    likely: Sequence[Likely] = ()
    finish: Finish | None = None


@dataclass(frozen=True)
class Load:
    """How busy an engine is: requests that run and that wait, and the used part of the key-value cache (0 to 1)."""

    running: int
    waiting: int
    cache: float
    cache_bytes: int


@dataclass(frozen=True)
class Abilities:
    """What an engine can do beyond choosing tokens; a request for more is refused with a clear text."""

    context: int
    top_logprobs: int
    shapes: frozenset[str]
