"""What callers of the gateway ask for."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Streaming:
    """An answer that comes in pieces; `usage` wants a last one that counts tokens."""

    usage: bool


@dataclass(frozen=True)
class Wishes:
    """One request of /v1/completions or /v1/chat/completions, checked.

    `orders` are what workers are told, one for every prompt; each answers `count` choices. `echo` holds texts that
    choices begin with, one for every prompt.
    """

    model: str
    orders: list[dict[str, Any]]
    count: int
    streaming: Streaming | None
    echo: tuple[str, ...] = ()


@dataclass(frozen=True)
class Embedding:
    """One request of /v1/embeddings: texts, or the token ids of texts.

    `size` cuts vectors off, which are then made as long as 1 again.
    """

    model: str
    inputs: list[str] | list[list[int]]
    size: int | None
    as_bytes: bool


@dataclass
class Usage:
    """Tokens of one request."""

    prompt: int = 0
    completion: int = 0

    def to_json(self) -> dict[str, int]:
        return {
            "prompt_tokens": self.prompt,
            "completion_tokens": self.completion,
            "total_tokens": self.prompt + self.completion,
        }
