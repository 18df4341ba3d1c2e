"""The part of a model's configuration that lists, snippets and widgets need, and how transformers loads it."""

from collections.abc import Mapping

from bearhug.formats.values import Json, list_of, mapping_of, text_of
from bearhug.hub.cards.architectures import Head, head_of, head_of_class
from bearhug.hub.cards.reading import texts
from bearhug.hub.cards.records import JsonObject, Source

SPECIAL_TOKENS = ("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token")
QUANTIZATION_KEYS = ("quant_method", "bits", "load_in_4bit", "load_in_8bit", "group_size", "fmt", "format")
LONGEST_TEMPLATE = 256 * 1024
LONGEST_TOKEN = 200
MOST = 50


def config_of(source: Source) -> JsonObject | None:
    """`config` as the Hub shows it: a few keys of several files."""
    config = source.document("config.json")
    shown: JsonObject = {
        "architectures": list(texts(list_of(config.get("architectures"))[:MOST])),
        "model_type": text_of(config.get("model_type")),
        "auto_map": dict(_auto_map(config)),
        "quantization_config": _picked(quantization_of(source), QUANTIZATION_KEYS),
        "tokenizer_config": _tokenizer_config(source),
        "processor_config": _template_only(source.document("processor_config.json")),
        "chat_template_jinja": _template(source.chat_template),
        "peft": _picked(source.document("adapter_config.json"), ("base_model_name_or_path", "task_type", "peft_type")),
        "diffusers": _picked(source.document("model_index.json") or config, ("_class_name",)),
        "speechbrain": _picked(mapping_of(config.get("speechbrain")), ("speechbrain_interface", "vocoder_interface")),
        "sklearn": _sklearn(mapping_of(config.get("sklearn"))),
        "adapter_transformers": _adapter(source),
    }
    return {key: value for key, value in shown.items() if value} or None


def quantization_of(source: Source) -> Mapping[str, Json]:
    """What says how weights are packed; MLX writes it under another name, multimodal models one level down."""
    config = source.document("config.json")
    for holder in (config, mapping_of(config.get("text_config"))):
        for key in ("quantization_config", "quantization"):
            found = mapping_of(holder.get(key))
            if found:
                return found
    return {}


def transformers_info(source: Source, library: str | None) -> JsonObject | None:
    """How `AutoModel…` classes load it; None for models that transformers does not load."""
    config = source.document("config.json")
    if library != "transformers" or not config:
        return None
    custom = {name: path for name, path in _auto_map(config).items() if name.startswith("AutoModel")}
    head = _head(config, custom)
    found: JsonObject = {
        "auto_model": head.auto_model,
        "custom_class": custom.get(head.auto_model),
        "pipeline_tag": head.pipeline_tag,
        "processor": head.processor,
    }
    return {key: value for key, value in found.items() if value}


def chat_template_of(source: Source) -> str | None:
    """The text that turns a chat into a prompt, wherever it is kept."""
    tokenizer = source.document("tokenizer_config.json").get("chat_template")
    named = [mapping_of(item).get("template") for item in list_of(tokenizer)]
    places = (
        source.chat_template,
        tokenizer,
        *named,
        source.document("processor_config.json").get("chat_template"),
        source.document("chat_template.json").get("chat_template"),
        (source.gguf or {}).get("chat_template"),
    )
    return next((place for place in places if isinstance(place, str) and place), None)


def mask_token_of(source: Source) -> str | None:
    """The sign that fill-mask replaces."""
    places = (
        source.metadata.get("mask_token"),
        source.document("tokenizer_config.json").get("mask_token"),
        source.document("special_tokens_map.json").get("mask_token"),
    )
    return next((token for place in places if (token := _token(place))), None)


def _head(config: Mapping[str, Json], custom: Mapping[str, str]) -> Head:
    architecture = next(iter(texts(config.get("architectures"))), "")
    found = head_of(architecture, text_of(config.get("model_type")) or "")
    if found and (not custom or found.auto_model in custom):
        return found
    own = [name for name in custom if name != "AutoModel"] or list(custom)
    return (head_of_class(own[0]) if own else None) or found or Head("AutoModel", None, None)


def _auto_map(config: Mapping[str, Json]) -> dict[str, str]:
    """Auto class to the path of the class that comes with the repository."""
    found = list(mapping_of(config.get("auto_map")).items())[:MOST]
    return {name: path for name, path in found if isinstance(path, str) and len(path) <= LONGEST_TOKEN}


def _tokenizer_config(source: Source) -> JsonObject:
    tokenizer = source.document("tokenizer_config.json")
    kept: JsonObject = {name: _token(tokenizer.get(name)) for name in SPECIAL_TOKENS}
    template = tokenizer.get("chat_template")
    if isinstance(template, list):
        named = [mapping_of(item) for item in template[:MOST]]
        kept["chat_template"] = [
            {"name": text_of(item.get("name")) or "default", "template": text}
            for item in named
            if (text := _template(item.get("template")))
        ]
    else:
        kept["chat_template"] = _template(template)
    if tokenizer.get("use_default_system_prompt") is True:
        kept["use_default_system_prompt"] = True
    return {key: value for key, value in kept.items() if value}


def _token(value: Json) -> str | None:
    """Older tokenizers write a token as an object; clients expect its text."""
    text = mapping_of(value).get("content") if isinstance(value, dict) else value
    return text if isinstance(text, str) and 0 < len(text) <= LONGEST_TOKEN else None


def _template(value: Json) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_TEMPLATE else None


def _template_only(processor: Mapping[str, Json]) -> JsonObject:
    text = _template(processor.get("chat_template"))
    return {"chat_template": text} if text else {}


def _picked(found: Mapping[str, Json], keys: tuple[str, ...]) -> JsonObject:
    """Plain values under some keys."""
    values: JsonObject = {key: found[key] for key in keys if isinstance(found.get(key), str | int | float)}
    return {key: value for key, value in values.items() if not isinstance(value, str) or len(value) <= LONGEST_TOKEN}


def _sklearn(found: Mapping[str, Json]) -> JsonObject:
    shown: JsonObject = {**_picked(found, ("model_format",))}
    file = _picked(mapping_of(found.get("model")), ("file",))
    return {**shown, "model": file} if file else shown


def _adapter(source: Source) -> JsonObject:
    adapter = source.document("adapter_config.json")
    return _picked(adapter, ("model_name", "model_class")) if "peft_type" not in adapter else {}
