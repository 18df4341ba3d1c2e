"""Repositories as the indexer sees them, in short form."""

from collections.abc import Mapping

from bearhug.formats.values import Json
from bearhug.hub.cards.model_facts import derive
from bearhug.hub.cards.records import CardFacts, JsonObject, Source


def model(
    card: JsonObject | None = None,
    *,
    files: str = "",
    documents: Mapping[str, Json] | None = None,
    body: str = "",
    **more: JsonObject | str | None,
) -> Source:
    """A model with these files (names in one text) and documents."""
    documents = documents or {}
    paths = dict.fromkeys([*files.split(), *documents], 1)
    return Source("model", card or {}, body, files=paths, documents=documents, **more)  # type: ignore[arg-type]


def facts(source: Source, name: str = "ada/model") -> CardFacts:
    return derive(source, name)


def dataset(card: JsonObject | None = None, *, files: str = "", body: str = "") -> Source:
    return Source("dataset", card or {}, body, files=dict.fromkeys(files.split(), 1))
