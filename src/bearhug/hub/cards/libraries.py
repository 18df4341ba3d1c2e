"""Which library a model is made for, from the card first and from its files where the card is silent."""

from collections.abc import Callable

from bearhug.formats.values import text_of
from bearhug.hub.cards.reading import texts
from bearhug.hub.cards.records import Source
from bearhug.hub.cards.vocabulary import TAG_LIBRARIES


def library_of(source: Source) -> str | None:
    """`library_name` wins, then a tag that names a library, then the files."""
    said = text_of(source.metadata.get("library_name"))
    if said:
        return said
    for tag in texts(source.metadata.get("tags")):
        if tag in TAG_LIBRARIES:
            return tag
    return next((library for library, shows in SIGNS if shows(source)), None)


def _file(*paths: str) -> Callable[[Source], bool]:
    return lambda source: any(path in source.files for path in paths)


def _all_files(*paths: str) -> Callable[[Source], bool]:
    return lambda source: all(path in source.files for path in paths)


def _model_type(name: str) -> Callable[[Source], bool]:
    return lambda source: source.document("config.json").get("model_type") == name


def _ending(*endings: str) -> Callable[[Source], bool]:
    return lambda source: any(path.lower().endswith(endings) for path in source.files)


def _config(*keys: str) -> Callable[[Source], bool]:
    return lambda source: any(key in source.document("config.json") for key in keys)


def _is_peft(source: Source) -> bool:
    adapter = source.document("adapter_config.json")
    return "peft_type" in adapter or "base_model_name_or_path" in adapter


def _is_timm(source: Source) -> bool:
    config = source.document("config.json")
    return "architecture" in config and ("pretrained_cfg" in config or "num_classes" in config)


def _is_keras_hub(source: Source) -> bool:
    metadata = source.document("metadata.json")
    return "keras_version" in metadata and "registered_name" in source.document("config.json")


def _has_whole_adapter(source: Source) -> bool:
    return "adapter_config.json" in source.files


SIGNS: tuple[tuple[str, Callable[[Source], bool]], ...] = (
    ("sentence-transformers", _file("modules.json", "config_sentence_transformers.json", "sentence_bert_config.json")),
    ("setfit", _file("config_setfit.json")),
    ("span-marker", _model_type("span-marker")),
    ("diffusers", _file("model_index.json", "modular_model_index.json")),
    ("peft", _is_peft),
    ("adapter-transformers", _has_whole_adapter),
    ("open_clip", _file("open_clip_config.json")),
    ("gliner", _file("gliner_config.json")),
    ("keras-hub", _is_keras_hub),
    ("keras", _ending(".keras")),
    ("keras", _file("keras_metadata.pb")),
    ("nemo", _ending(".nemo")),
    ("speechbrain", _file("hyperparams.yaml")),
    ("spacy", _all_files("meta.json", "config.cfg")),
    ("bertopic", _all_files("topics.json", "topic_embeddings.safetensors")),
    ("fasttext", _ending(".ftz")),
    ("model2vec", _model_type("model2vec")),
    ("sklearn", _config("sklearn")),
    ("diffusers", _config("_diffusers_version")),
    ("timm", _is_timm),
    ("transformers", _config("model_type", "architectures", "auto_map", "transformers_version")),
)
"""Libraries and the sign that tells them, the more telling ones first."""
