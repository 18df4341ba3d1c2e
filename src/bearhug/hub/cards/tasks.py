"""Which task a model does, from the card first and from its configuration where the card is silent."""

from collections.abc import Mapping

from bearhug.formats.values import Json, text_of
from bearhug.hub.cards.reading import texts
from bearhug.hub.cards.records import Source
from bearhug.hub.cards.vocabulary import TASK_IDS

DIFFUSERS: tuple[tuple[str, str], ...] = (
    ("ImageToVideo", "image-to-video"),
    ("StableVideoDiffusion", "image-to-video"),
    ("I2V", "image-to-video"),
    ("Video", "text-to-video"),
    ("TextToVideo", "text-to-video"),
    ("Wan", "text-to-video"),
    ("Audio", "text-to-audio"),
    ("MusicLDM", "text-to-audio"),
    ("Img2Img", "image-to-image"),
    ("ImageVariation", "image-to-image"),
    ("Inpaint", "image-to-image"),
    ("Upscale", "image-to-image"),
    ("InstructPix2Pix", "image-to-image"),
    ("Kontext", "image-to-image"),
    ("Edit", "image-to-image"),
    ("Marigold", "depth-estimation"),
    ("ShapE", "text-to-3d"),
    ("DDPM", "unconditional-image-generation"),
    ("DDIM", "unconditional-image-generation"),
    ("ScoreSdeVe", "unconditional-image-generation"),
    ("LDMSuperResolution", "image-to-image"),
    ("Pipeline", "text-to-image"),
)
"""Parts of a diffusers pipeline's class name, the more telling ones first."""

PEFT = {
    "CAUSAL_LM": "text-generation",
    "SEQ_2_SEQ_LM": "text2text-generation",
    "SEQ_CLS": "text-classification",
    "TOKEN_CLS": "token-classification",
    "QUESTION_ANS": "question-answering",
    "FEATURE_EXTRACTION": "feature-extraction",
}
OF_LIBRARY = {
    "setfit": "text-classification",
    "span-marker": "token-classification",
    "gliner": "token-classification",
    "open_clip": "zero-shot-image-classification",
    "spacy": "token-classification",
    "fasttext": "text-classification",
    "bertopic": "text-classification",
    "model2vec": "feature-extraction",
}
SENTENCE_KINDS = {"CrossEncoder": "text-ranking", "SparseEncoder": "feature-extraction"}


def task_of(source: Source, library: str | None, info: Mapping[str, Json] | None) -> str | None:
    """`pipeline_tag` wins, then a tag that names a task, then what the files tell."""
    said = text_of(source.metadata.get("pipeline_tag"))
    if said:
        return said
    for tag in texts(source.metadata.get("tags")):
        if tag in TASK_IDS and tag != "other":
            return tag
    return _of_library(source, library) or text_of((info or {}).get("pipeline_tag")) or _of_gguf(source)


def _of_library(source: Source, library: str | None) -> str | None:
    match library:
        case "sentence-transformers":
            kind = text_of(source.document("config_sentence_transformers.json").get("model_type"))
            return SENTENCE_KINDS.get(kind or "", "sentence-similarity")
        case "diffusers":
            name = text_of(source.document("model_index.json").get("_class_name")) or ""
            return next((task for part, task in DIFFUSERS if part in name), None)
        case "peft":
            return PEFT.get(text_of(source.document("adapter_config.json").get("task_type")) or "")
        case "timm":
            classes = source.document("config.json").get("num_classes")
            return "image-feature-extraction" if classes == 0 else "image-classification"
        case "sklearn":
            return _of_sklearn(source)
        case _:
            return OF_LIBRARY.get(library or "")


def _of_sklearn(source: Source) -> str | None:
    described = source.document("config.json").get("sklearn")
    task = text_of(described.get("task")) if isinstance(described, dict) else None
    return task if task in TASK_IDS else None


def _of_gguf(source: Source) -> str | None:
    return "text-generation" if source.gguf and source.gguf.get("architecture") not in NOT_TEXT else None


NOT_TEXT = frozenset({None, "clip", "bert", "nomic-bert", "whisper", "flux", "sd1", "sdxl", "sd3", "wan", "ltxv"})
"""GGUF architectures that do not write text."""
