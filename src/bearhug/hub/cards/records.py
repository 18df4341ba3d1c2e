"""What the indexer looks at, and what it finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """A repository at a commit, as far as facts are derived from it.

    `files` maps paths to sizes in bytes, `documents` paths of small JSON files to their parsed content;
    `weights` are summaries of safetensors and GGUF headers in the shape in which clients read them.
    """

    kind: str
    metadata: Json = field(default_factory=dict)
    body: str = ""
    problem: str | None = None
    files: Mapping[str, int] = field(default_factory=dict)
    documents: Mapping[str, Any] = field(default_factory=dict)
    safetensors: Json | None = None
    gguf: Json | None = None
    chat_template: str | None = None


@dataclass(frozen=True)
class CardFacts:
    """Everything derived. Fields keep the names under which rows and answers know them."""

    tags: tuple[str, ...] = ()
    pipeline_tag: str | None = None
    library_name: str | None = None
    card_data: Json | None = None
    config: Json | None = None
    transformers_info: Json | None = None
    safetensors: Json | None = None
    gguf: Json | None = None
    parameters: int | None = None
    mask_token: str | None = None
    widget_data: list[Json] | None = None
    model_index: list[Json] | None = None
    base_models: Json | None = None
    datasets: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    description: str | None = None
    citation: str | None = None
    sdk: str | None = None


@dataclass(frozen=True)
class Review:
    """What is wrong with a card, and what could be better."""

    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
