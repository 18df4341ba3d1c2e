"""Library and task of a model."""

import pytest
from tests.hub.cards.sources import facts, model

from bearhug.formats.values import Json
from bearhug.hub.cards.records import JsonObject


@pytest.mark.parametrize(
    ("files", "documents", "library", "task"),
    [
        ("modules.json", {"config.json": {"model_type": "bert"}}, "sentence-transformers", "sentence-similarity"),
        (
            "modules.json",
            {"config_sentence_transformers.json": {"model_type": "CrossEncoder"}},
            "sentence-transformers",
            "text-ranking",
        ),
        ("", {"model_index.json": {"_class_name": "StableDiffusionXLPipeline"}}, "diffusers", "text-to-image"),
        ("", {"model_index.json": {"_class_name": "WanImageToVideoPipeline"}}, "diffusers", "image-to-video"),
        ("", {"model_index.json": {"_class_name": "DDPMPipeline"}}, "diffusers", "unconditional-image-generation"),
        ("", {"adapter_config.json": {"peft_type": "LORA", "task_type": "CAUSAL_LM"}}, "peft", "text-generation"),
        ("", {"adapter_config.json": {"model_name": "bert"}}, "adapter-transformers", None),
        ("", {"config.json": {"architecture": "resnet18", "num_classes": 10}}, "timm", "image-classification"),
        ("", {"config.json": {"architecture": "vit", "num_classes": 0}}, "timm", "image-feature-extraction"),
        ("open_clip_config.json", {}, "open_clip", "zero-shot-image-classification"),
        ("meta.json config.cfg", {}, "spacy", "token-classification"),
        ("gliner_config.json", {}, "gliner", "token-classification"),
        ("asr.nemo", {}, "nemo", None),
        ("hyperparams.yaml", {}, "speechbrain", None),
        ("model.keras", {}, "keras", None),
        ("", {"config.json": {"sklearn": {"task": "tabular-regression"}}}, "sklearn", "tabular-regression"),
        ("", {"config.json": {"model_type": "span-marker"}}, "span-marker", "token-classification"),
        ("", {"config.json": {"architectures": ["BertForQuestionAnswering"]}}, "transformers", "question-answering"),
        ("weights.bin", {}, None, None),
        ("", {"config.json": {"layers": 3}}, None, None),
        ("", {"config.json": [1, 2]}, None, None),
    ],
)  # fmt: skip
def test_files_tell_library_and_task(
    files: str, documents: dict[str, Json], library: str | None, task: str | None
) -> None:
    found = facts(model(files=files, documents=documents))
    assert (found.library_name, found.pipeline_tag) == (library, task)


@pytest.mark.parametrize(
    ("card", "library", "task"),
    [
        ({"library_name": "mine", "pipeline_tag": "translation"}, "mine", "translation"),
        ({"tags": ["chat", "setfit", "flair"]}, "setfit", "text-classification"),
        ({"tags": ["summarization", "translation"]}, "transformers", "summarization"),
        ({"tags": ["other", "grok"]}, "transformers", "fill-mask"),
        ({"library_name": ["a"], "pipeline_tag": {"b": 1}}, "transformers", "fill-mask"),
    ],
)
def test_the_card_goes_before_the_files(card: JsonObject, library: str, task: str) -> None:
    documents: dict[str, Json] = {"config.json": {"model_type": "bert", "architectures": ["BertForMaskedLM"]}}
    found = facts(model(card, documents=documents))
    assert (found.library_name, found.pipeline_tag) == (library, task)
