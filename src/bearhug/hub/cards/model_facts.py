"""Facts about models: what the card says, completed by what the files show."""

import re
from typing import Any

from bearhug.hub.cards.architectures import head_of
from bearhug.hub.cards.reading import arxiv_ids, names, texts, without_empty
from bearhug.hub.cards.records import CardFacts, Json, Source
from bearhug.hub.cards.vocabulary import FORMAT_TAGS, KNOWN_LIBRARIES, LIBRARY_ENDINGS, LIBRARY_FILES, TASK_IDS

RELATIONS = ("finetune", "adapter", "quantized", "merge")
TOKENIZER_KEYS = (
    "bos_token",
    "eos_token",
    "unk_token",
    "sep_token",
    "pad_token",
    "cls_token",
    "mask_token",
    "chat_template",
)
CONFIG_KEYS = ("architectures", "model_type", "auto_map", "quantization_config", "task_specific_params", "diffusers")
_QUANTIZED = re.compile(
    r"(?:^|[-_.])(gptq|awq|gguf|bnb|4bit|8bit|int4|int8|q\d(?:_[a-z0-9]+)*)(?:[-_.]|$)", re.IGNORECASE
)


def derive(source: Source, name: str) -> CardFacts:
    """All facts of a model. `name` is its full name, which may tell that it is quantised."""
    config = _config(source)
    library = _library(source)
    info = _transformers_info(source, library)
    task = _task(source, info)
    base = _base_models(source, name)
    facts = CardFacts(
        pipeline_tag=task,
        library_name=library,
        card_data=source.metadata or None,
        config=config,
        transformers_info=info,
        safetensors=source.safetensors,
        gguf=source.gguf,
        parameters=_parameters(source),
        mask_token=_mask_token(source),
        widget_data=_widget(source),
        model_index=_model_index(source),
        base_models=base,
        datasets=tuple(names(source.metadata.get("datasets"))),
    )
    return CardFacts(**{**vars(facts), "tags": tuple(_tags(source, facts))})


def _document(source: Source, path: str) -> Json:
    found = source.documents.get(path)
    return found if isinstance(found, dict) else {}


def _config(source: Source) -> Json | None:
    """The part of config.json and tokenizer_config.json that lists and snippets need."""
    config = _document(source, "config.json")
    tokenizer = _document(source, "tokenizer_config.json")
    shown: Json = {key: config[key] for key in CONFIG_KEYS if key in config}
    kept = {key: _plain_token(tokenizer[key]) for key in TOKENIZER_KEYS if tokenizer.get(key) is not None}
    if source.chat_template and "chat_template" not in kept:
        kept["chat_template"] = source.chat_template
    adapter = _document(source, "adapter_config.json")
    diffusers = _document(source, "model_index.json").get("_class_name")
    peft = {"base_model_name_or_path": adapter.get("base_model_name_or_path"), "task_type": adapter.get("task_type")}
    shown |= without_empty(
        tokenizer_config=kept,
        peft=peft if adapter else None,
        diffusers={"_class_name": diffusers} if diffusers else None,
    )
    return shown or None


def _plain_token(value: Any) -> Any:
    """Old tokenizers write a token as an object; clients expect its text."""
    return value.get("content", value) if isinstance(value, dict) else value


def _library(source: Source) -> str | None:
    said = source.metadata.get("library_name")
    if isinstance(said, str) and said:
        return said
    for tag in texts(source.metadata.get("tags")):
        if tag in KNOWN_LIBRARIES:
            return tag
    return _library_of_files(source)


def _library_of_files(source: Source) -> str | None:
    for library, path in LIBRARY_FILES:
        if path in source.files:
            return library
    for library, ending in LIBRARY_ENDINGS:
        if any(path.endswith(ending) for path in source.files):
            return library
    config = _document(source, "config.json")
    return "transformers" if config.get("model_type") or config.get("architectures") else None


def _transformers_info(source: Source, library: str | None) -> Json | None:
    if library != "transformers":
        return None
    config = _document(source, "config.json")
    architecture = next(iter(texts(config.get("architectures"))), "")
    custom = _document_value(config.get("auto_map"))
    head = head_of(architecture, str(config.get("model_type") or ""))
    if head is None and not custom:
        return {"auto_model": "AutoModel"} if config else None
    auto_model = head.auto_model if head else next(iter(custom), "AutoModel")
    return without_empty(
        auto_model=auto_model,
        custom_class=custom.get(auto_model),
        pipeline_tag=head.pipeline_tag if head else None,
        processor=head.processor if head else None,
    )


def _document_value(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {key: target for key, target in value.items() if key.startswith("AutoModel") and isinstance(target, str)}


def _task(source: Source, info: Json | None) -> str | None:
    said = source.metadata.get("pipeline_tag")
    if isinstance(said, str) and said:
        return said
    for tag in texts(source.metadata.get("tags")):
        if tag in TASK_IDS:
            return tag
    if "modules.json" in source.files:
        return "sentence-similarity"
    found = (info or {}).get("pipeline_tag")
    if found:
        return str(found)
    return "text-generation" if source.gguf else None


def _parameters(source: Source) -> int | None:
    for summary in (source.safetensors, source.gguf):
        if summary and summary.get("total"):
            return int(summary["total"])
    return None


def _mask_token(source: Source) -> str | None:
    token = _plain_token(_document(source, "tokenizer_config.json").get("mask_token"))
    return token if isinstance(token, str) else None


def _widget(source: Source) -> list[Json] | None:
    said = source.metadata.get("widget")
    return [item for item in said if isinstance(item, dict)] or None if isinstance(said, list) else None


def _model_index(source: Source) -> list[Json] | None:
    said = source.metadata.get("model-index")
    return said if isinstance(said, list) and all(isinstance(item, dict) for item in said) and said else None


def _base_models(source: Source, name: str) -> Json | None:
    """`{relation, models}`; the relation is guessed from the files where the card does not say it."""
    said = names(source.metadata.get("base_model"))
    if not said:
        adapted = _document(source, "adapter_config.json").get("base_model_name_or_path")
        said = names(adapted) if isinstance(adapted, str) and adapted.count("/") == 1 else []
    if not said:
        return None
    relation = source.metadata.get("base_model_relation")
    if relation not in RELATIONS:
        relation = _guessed_relation(source, name, len(said))
    return {"relation": relation, "models": [{"id": model} for model in said]}


def _guessed_relation(source: Source, name: str, bases: int) -> str:
    if "adapter_config.json" in source.files:
        return "adapter"
    if source.gguf or _QUANTIZED.search(name.partition("/")[2]):
        return "quantized"
    return "merge" if bases > 1 else "finetune"


# tags ------------------------------------------------------------------------------------------------------


def _tags(source: Source, facts: CardFacts) -> list[str]:
    tags = [facts.library_name, *_format_tags(source), *_config_tags(source, facts), facts.pipeline_tag]
    tags += texts(source.metadata.get("tags"))
    tags += texts(source.metadata.get("language"))
    tags += [f"dataset:{dataset}" for dataset in facts.datasets]
    tags += _base_tags(facts.base_models)
    tags += [f"arxiv:{number}" for number in arxiv_ids(source.body)]
    tags += [f"license:{licence}" for licence in texts(source.metadata.get("license"))]
    if facts.model_index:
        tags.append("model-index")
    if source.metadata.get("co2_eq_emissions"):
        tags.append("co2_eq_emissions")
    tags.append("region:us")
    return list(dict.fromkeys(tag for tag in tags if tag))


def _format_tags(source: Source) -> list[str]:
    paths = [path.lower() for path in source.files]
    found = [tag for tag, endings in FORMAT_TAGS if any(path.endswith(endings) for path in paths)]
    if any("tfevents" in path for path in paths):
        found.append("tensorboard")
    return found


def _config_tags(source: Source, facts: CardFacts) -> list[str]:
    config = _document(source, "config.json")
    tags = texts(config.get("model_type"))
    if config.get("auto_map"):
        tags.append("custom_code")
    quantization = config.get("quantization_config")
    if isinstance(quantization, dict):
        tags += texts(quantization.get("quant_method"))
        bits = quantization.get("bits") or (4 if quantization.get("load_in_4bit") else None)
        tags += [f"{bits}-bit"] if isinstance(bits, int) else []
    shown = facts.config or {}
    template = shown.get("tokenizer_config", {}).get("chat_template") or (source.gguf or {}).get("chat_template")
    if template and facts.pipeline_tag in ("text-generation", "image-text-to-text", None):
        tags.append("conversational")
    if facts.library_name == "transformers" and facts.safetensors and facts.pipeline_tag == "text-generation":
        tags.append("text-generation-inference")
    if facts.pipeline_tag and facts.library_name in ("transformers", "sentence-transformers", "diffusers"):
        tags.append("endpoints_compatible")
    return tags


def _base_tags(base: Json | None) -> list[str]:
    if base is None:
        return []
    ids = [model["id"] for model in base["models"]]
    return [f"base_model:{model}" for model in ids] + [f"base_model:{base['relation']}:{model}" for model in ids]
