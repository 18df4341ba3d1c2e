"""What the indexer looks at, and what it finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bearhug.formats.values import Json, mapping_of

JsonObject = dict[str, Json]


@dataclass(frozen=True)
class Source:
    """A repository at a commit, as far as facts are derived from it.

    `files` maps paths to sizes in bytes, `documents` paths of small JSON files to their parsed content;
    `weights` are summaries of safetensors and GGUF headers in the shape in which clients read them.
    """

    kind: str
    metadata: JsonObject = field(default_factory=dict)
    body: str = ""
    problem: str | None = None
    files: Mapping[str, int] = field(default_factory=dict)
    documents: Mapping[str, Json] = field(default_factory=dict)
    safetensors: JsonObject | None = None
    gguf: JsonObject | None = None
    chat_template: str | None = None
    evaluations: tuple[Json, ...] = ()

    def document(self, path: str) -> Mapping[str, Json]:
        """A JSON file that holds an object; empty if it is not there or anything else."""
        return mapping_of(self.documents.get(path))


@dataclass(frozen=True)
class CardFacts:
    """Everything derived. Fields keep the names under which rows and answers know them."""

    tags: tuple[str, ...] = ()
    pipeline_tag: str | None = None
    library_name: str | None = None
    languages: tuple[str, ...] = ()
    licence: str | None = None
    arxiv: tuple[str, ...] = ()
    card_data: JsonObject | None = None
    config: JsonObject | None = None
    transformers_info: JsonObject | None = None
    safetensors: JsonObject | None = None
    gguf: JsonObject | None = None
    parameters: int | None = None
    mask_token: str | None = None
    widget_data: list[Json] | None = None
    model_index: list[Json] | None = None
    base_models: JsonObject | None = None
    new_version: str | None = None
    datasets: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    size_categories: tuple[str, ...] = ()
    description: str | None = None
    citation: str | None = None
    sdk: str | None = None
    data_file: str | None = None
    file_count: int | None = None
    evaluations: tuple[Json, ...] = ()


@dataclass(frozen=True)
class Ancestor:
    """A model that another was made from; `relation` is what the younger one is to it. `here`: it is on this hub."""

    full_name: str
    relation: str
    here: bool


@dataclass(frozen=True)
class Review:
    """What is wrong with a card, and what could be better."""

    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
