"""Facts about models: what the card says, completed by what the files show."""

from dataclasses import replace

from bearhug.formats.values import Json, list_of, mapping_of, whole_of
from bearhug.hub.cards.libraries import library_of
from bearhug.hub.cards.model_config import config_of, mask_token_of, transformers_info
from bearhug.hub.cards.model_tags import formats_of, tags_of
from bearhug.hub.cards.reading import arxiv_ids, licence_of, names, texts
from bearhug.hub.cards.records import CardFacts, JsonObject, Source
from bearhug.hub.cards.relations import base_models_of
from bearhug.hub.cards.tasks import task_of

MOST_WIDGETS = 100


def derive(source: Source, name: str) -> CardFacts:
    """All facts of a model. `name` is its full name, which may tell that it is quantised."""
    card = source.metadata
    library = library_of(source)
    info = transformers_info(source, library)
    task = task_of(source, library, info)
    facts = CardFacts(
        pipeline_tag=task,
        library_name=library,
        languages=tuple(texts(card.get("language"))),
        licence=licence_of(card),
        arxiv=tuple(arxiv_ids(source.body)),
        card_data=card or None,
        config=config_of(source),
        transformers_info=info,
        safetensors=source.safetensors,
        gguf=source.gguf,
        parameters=_parameters(source),
        mask_token=mask_token_of(source) if task == "fill-mask" else None,
        widget_data=_widget(card),
        model_index=_model_index(card),
        base_models=base_models_of(source, name),
        new_version=next(iter(names(card.get("new_version"))), None),
        datasets=tuple(names(card.get("datasets"))),
        formats=formats_of(source),
        file_count=len(source.files),
        evaluations=source.evaluations,
    )
    return replace(facts, tags=tags_of(source, facts))


def _parameters(source: Source) -> int | None:
    """Number of parameters; of several files the safetensors count."""
    for weights in (source.safetensors, source.gguf):
        total = whole_of((weights or {}).get("total"))
        if total and total < 1 << 63:
            return total
    return None


def _widget(card: JsonObject) -> list[Json] | None:
    """Examples to try; a single one may stand without a list, a text without a key."""
    said = card.get("widget")
    items = said if isinstance(said, list) else [said]
    examples: list[Json] = [{"text": item} if isinstance(item, str) else item for item in items[:MOST_WIDGETS]]
    return [example for example in examples if isinstance(example, dict) and example] or None


def _model_index(card: JsonObject) -> list[Json] | None:
    """Evaluation results, if they have the shape that clients read."""
    said = list_of(card.get("model-index"))
    whole = all(isinstance(mapping_of(item).get("results"), list) for item in said)
    return said if said and whole else None
