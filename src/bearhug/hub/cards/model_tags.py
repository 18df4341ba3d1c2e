"""The tags of a model, in the order in which pages show them."""

from collections.abc import Iterator

from bearhug.formats.values import list_of, mapping_of, text_of, whole_of
from bearhug.hub.cards.model_config import chat_template_of, quantization_of
from bearhug.hub.cards.reading import texts, unique
from bearhug.hub.cards.records import CardFacts, Source

FORMATS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("pytorch", ("pytorch_model.bin", ".pth", ".pt", ".ckpt", "pytorch_model.bin.index.json", "adapter_model.bin")),
    ("tf", ("tf_model.h5", "tf_model.h5.index.json", "saved_model.pb")),
    ("jax", ("flax_model.msgpack", "flax_model.msgpack.index.json")),
    ("rust", ("rust_model.ot",)),
    ("coreml", (".mlmodel", ".mlpackage/manifest.json")),
    ("onnx", (".onnx",)),
    ("safetensors", (".safetensors",)),
    ("gguf", (".gguf",)),
    ("openvino", ("openvino_model.xml",)),
    ("tflite", (".tflite",)),
    ("keras", (".keras",)),
    ("joblib", (".joblib",)),
    ("nemo", (".nemo",)),
    ("mlx", (".mlxfn",)),
)
"""Tags and the endings of file names that earn them."""

CHATS = frozenset({"text-generation", "image-text-to-text", "audio-text-to-text", "video-text-to-text", "any-to-any"})
SERVED = frozenset({"transformers", "sentence-transformers", "diffusers", "setfit", "peft"})


def formats_of(source: Source) -> tuple[str, ...]:
    """Formats of weights that are there."""
    paths = [path.lower() for path in source.files]
    found = [tag for tag, endings in FORMATS if any(path.endswith(endings) for path in paths)]
    if any("tfevents" in path.rpartition("/")[2] for path in paths):
        found.append("tensorboard")
    return tuple(found)


def tags_of(source: Source, facts: CardFacts) -> tuple[str, ...]:
    """All tags; `facts` are those derived before."""
    card = source.metadata
    tags = [facts.library_name, *facts.formats, *_model_types(source), facts.pipeline_tag, *texts(card.get("tags"))]
    tags += _config_tags(source, facts)
    tags += facts.languages
    tags += [f"dataset:{dataset}" for dataset in facts.datasets]
    tags += [f"arxiv:{number}" for number in facts.arxiv]
    tags += _base_tags(facts)
    tags += [f"license:{facts.licence}"] if facts.licence else []
    tags += ["model-index"] if facts.model_index else []
    tags += ["co2_eq_emissions"] if card.get("co2_eq_emissions") else []
    tags += _serving_tags(facts)
    return unique([*tags, "region:us"])


def _model_types(source: Source) -> list[str]:
    return texts(source.document("config.json").get("model_type"))


def _config_tags(source: Source, facts: CardFacts) -> Iterator[str]:
    if chat_template_of(source) and (facts.pipeline_tag in CHATS or facts.pipeline_tag is None):
        yield "conversational"
    if mapping_of(source.document("config.json").get("auto_map")):
        yield "custom_code"
    yield from _quantization_tags(source)
    if source.gguf and source.gguf.get("quantize_imatrix_file"):
        yield "imatrix"
    if facts.library_name == "diffusers":
        yield from (f"diffusers:{name}" for name in texts(source.document("model_index.json").get("_class_name")))


def _quantization_tags(source: Source) -> Iterator[str]:
    quantization = quantization_of(source)
    width = whole_of(quantization.get("bits")) or (4 if quantization.get("load_in_4bit") is True else None)
    width = width or (8 if quantization.get("load_in_8bit") is True else None)
    if width is not None and 1 <= width <= 8:
        yield f"{width}-bit"
    method = text_of(quantization.get("quant_method"))
    if method and len(method) <= 40:
        yield method


def _base_tags(facts: CardFacts) -> Iterator[str]:
    base = mapping_of(facts.base_models)
    ids = [text for model in list_of(base.get("models")) if (text := text_of(mapping_of(model).get("id")))]
    yield from (f"base_model:{name}" for name in ids)
    yield from (f"base_model:{base.get('relation')}:{name}" for name in ids)


def _serving_tags(facts: CardFacts) -> Iterator[str]:
    if facts.library_name == "transformers" and facts.safetensors and facts.pipeline_tag == "text-generation":
        yield "text-generation-inference"
    if facts.pipeline_tag and facts.library_name in SERVED:
        yield "endpoints_compatible"
