"""What a model was made from, and how."""

import re

from bearhug.formats.values import text_of
from bearhug.hub.cards.model_config import quantization_of
from bearhug.hub.cards.reading import names, texts
from bearhug.hub.cards.records import JsonObject, Source

RELATIONS = ("finetune", "adapter", "quantized", "merge")
_QUANTIZED = re.compile(
    r"(?:^|[-_.])(gptq|awq|gguf|exl2|exl3|bnb|[2-8]bit|int[48]|w[48]a(?:8|16)|i?q\d(?:_[a-z0-9]+)*|fp8|nvfp4|mxfp4)(?:[-_.]|$)",
    re.IGNORECASE,
)


def base_models_of(source: Source, name: str) -> JsonObject | None:
    """`{relation, models: [{id}]}`; the relation is inferred where the card does not say it."""
    said = names(source.metadata.get("base_model")) or _adapted(source)
    said = [base for base in said if base.lower() != name.lower()]
    if not said:
        return None
    relation = text_of(source.metadata.get("base_model_relation"))
    if relation not in RELATIONS:
        relation = _inferred(source, name, len(said))
    return {"relation": relation, "models": [{"id": base} for base in said]}


def _adapted(source: Source) -> list[str]:
    """The base that an adapter's own configuration names; paths on somebody's disk are none."""
    base = text_of(source.document("adapter_config.json").get("base_model_name_or_path")) or ""
    return names(base) if base.count("/") == 1 else []


def _inferred(source: Source, name: str, bases: int) -> str:
    tags = {tag.lower() for tag in texts(source.metadata.get("tags"))}
    if "adapter_config.json" in source.files or tags & {"lora", "adapter", "peft"}:
        return "adapter"
    if bases > 1 or tags & {"merge", "mergekit"}:
        return "merge"
    if source.gguf or quantization_of(source) or _QUANTIZED.search(name.partition("/")[2]):
        return "quantized"
    return "finetune"
