"""Architectures, held to the tables of the installed transformers."""

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from bearhug.hub.cards.architecture_names import EXCEPTIONS
from bearhug.hub.cards.architectures import CLASSES, ENDINGS, SPECIAL, Head, head_of, head_of_class
from bearhug.hub.cards.vocabulary import TASK_IDS


def _mappings() -> Iterator[tuple[str, list[str]]]:
    """Auto class and the architectures that it loads, read from the source without importing it."""
    found = importlib.util.find_spec("transformers")
    if found is None or found.origin is None:
        return
    source = Path(found.origin).parent / "models" / "auto" / "modeling_auto.py"
    names: dict[str, list[str]] = {}
    for node in ast.parse(source.read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            target = node.targets[0].id
            if target.endswith("MAPPING_NAMES") and isinstance(node.value, ast.Call) and node.value.args:
                names[target] = _names(node.value.args[0])
        if isinstance(node, ast.ClassDef) and node.name.startswith("AutoModel"):
            for line in node.body:
                if isinstance(line, ast.Assign) and isinstance(line.value, ast.Name):
                    yield node.name, names.get(f"{line.value.id}_NAMES", [])


def _names(rows: ast.expr) -> list[str]:
    """Class names of a list of (model type, class or classes); rows taken over from other lists are passed over."""
    assert isinstance(rows, ast.List)
    values = [ast.literal_eval(row)[1] for row in rows.elts if isinstance(row, ast.Tuple)]
    return [name for value in values for name in ([value] if isinstance(value, str) else value)]


def test_what_transformers_loads_is_loaded_by_a_class_that_can() -> None:
    classes: dict[str, set[str]] = {}
    for auto_model, names in _mappings():
        for name in names:
            classes.setdefault(name, set()).add(auto_model)
    if not classes:
        return  # without transformers there is nothing to compare with
    wrong = {
        name: (head.auto_model if (head := head_of(name)) else None)
        for name, able in classes.items()
        if able - {"AutoModel"} and ((head := head_of(name)) is None or head.auto_model not in able)
    }
    assert wrong == {}


HEADS = """
    BertForMaskedLM bert MaskedLM fill-mask Tokenizer
    BertModel bert - feature-extraction Tokenizer
    GPT2LMHeadModel gpt2 CausalLM text-generation Tokenizer
    SomethingNewForCausalLM new CausalLM text-generation Tokenizer
    T5ForConditionalGeneration t5 Seq2SeqLM text2text-generation Tokenizer
    MarianMTModel marian Seq2SeqLM translation Tokenizer
    PegasusForConditionalGeneration pegasus Seq2SeqLM summarization Tokenizer
    ViTForImageClassification vit ImageClassification image-classification ImageProcessor
    ViTModel vit - image-feature-extraction ImageProcessor
    CLIPModel clip ZeroShotImageClassification zero-shot-image-classification Processor
    WhisperForConditionalGeneration whisper SpeechSeq2Seq automatic-speech-recognition Processor
    Wav2Vec2ForSequenceClassification wav2vec2 AudioClassification audio-classification FeatureExtractor
    Qwen2_5_VLForConditionalGeneration qwen2_5_vl ImageTextToText image-text-to-text Processor
    BlipForConditionalGeneration blip ImageTextToText image-to-text Processor
    TapasForQuestionAnswering tapas TableQuestionAnswering table-question-answering Tokenizer
    TFBertForSequenceClassification bert SequenceClassification text-classification Tokenizer
    DeiTForImageClassificationWithTeacher deit ImageClassification image-classification ImageProcessor
"""


@pytest.mark.parametrize("row", HEADS.strip().splitlines())
def test_an_architecture_tells_class_task_and_processor(row: str) -> None:
    architecture, model_type, loader, task, processor = row.split()
    auto_model = "AutoModel" if loader == "-" else f"AutoModelFor{loader}"
    assert head_of(architecture, model_type) == Head(auto_model, task, f"Auto{processor}")


@pytest.mark.parametrize("name", ["", "Nothing", "For", "ForCausalLM", "\0", "x" * 10_000])
def test_an_unknown_name_tells_nothing(name: str) -> None:
    assert head_of(name) is None


def test_tables_speak_of_known_tasks_and_classes() -> None:
    tasks = {task for task, _ in CLASSES.values()} | {head.pipeline_tag for head in SPECIAL.values()}
    assert tasks - TASK_IDS == {None}
    assert {auto_model for _, auto_model in ENDINGS} <= set(CLASSES)
    assert set(EXCEPTIONS) <= set(CLASSES) | set(SPECIAL)
    assert head_of_class("AutoModelForCausalLM") == head_of("LlamaForCausalLM")
    assert head_of_class("AutoModelForMagic") is None
