"""Adapters and the models they belong on answer as one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from safetensors.torch import save_file
from tests.inference import tiny

from bearhug.base.errors import Unprocessable
from bearhug.inference.tasks.adapter import ADAPTER, BASE, CONFIG, PICKLE, WEIGHTS, base_of, whole
from bearhug.inference.tasks.source import Source
from bearhug.inference.tasks.text_classification import TextClassification
from bearhug.inference.tasks.text_generation import TextGeneration

pytestmark = pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")  # of peft
Make = Callable[[str], Path]
RANK, ALPHA = 4, 16
LORA = {"peft_type": "LORA", "r": RANK, "lora_alpha": ALPHA, "base_model_name_or_path": "ada/base"}
LINEAR = "transformer.h.0.attn.c_attn"
QUERY = "bert.encoder.layer.0.attention.self.query"


def lora(name: str, rows: int, columns: int) -> dict[str, torch.Tensor]:
    """Both halves of what is added to one matrix."""
    made = torch.Generator().manual_seed(3)
    down, up = torch.randn(RANK, columns, generator=made), torch.randn(rows, RANK, generator=made)
    return {f"base_model.model.{name}.lora_A.weight": down, f"base_model.model.{name}.lora_B.weight": up}


def delta(tensors: dict[str, torch.Tensor]) -> torch.Tensor:
    """What LoRA's paper adds to a matrix: alpha / r * B A."""
    down, up = (next(one for key, one in tensors.items() if half in key) for half in ("lora_A", "lora_B"))
    return ALPHA / RANK * up @ down


def laid_out(folder: Path, base: Path, config: dict[str, Any], tensors: dict[str, torch.Tensor]) -> Path:
    """A folder as hubs lay it out for workers."""
    (folder / BASE).symlink_to(base)
    (folder / ADAPTER).mkdir()
    (folder / ADAPTER / CONFIG).write_text(json.dumps({**LORA, **config}))
    save_file(tensors, folder / ADAPTER / WEIGHTS, {"format": "pt"})
    return folder


def writer(folder: Path, base: Path, **config: Any) -> Path:
    """The tiny GPT-2 with something added to its first layer."""
    said = {"task_type": "CAUSAL_LM", "target_modules": ["c_attn"], "layers_to_transform": [0]}
    return laid_out(folder, base, {**said, "fan_in_fan_out": True, **config}, lora(LINEAR, 96, 32))


def test_a_language_model_is_the_sum_of_both(model: Make, tmp_path: Path) -> None:
    made = whole(writer(tmp_path, model("gpt2")))
    found = transformers.GPT2LMHeadModel.from_pretrained(made).state_dict()
    expected = transformers.GPT2LMHeadModel.from_pretrained(model("gpt2")).state_dict()
    expected[f"{LINEAR}.weight"] += delta(lora(LINEAR, 96, 32)).T
    assert found.keys() == expected.keys()
    assert all(torch.allclose(found[name], expected[name], atol=1e-6) for name in expected)
    assert TextGeneration.load(Source(made))("ada lives", max_new_tokens=2)["generated_text"]
    written = (made / "model.safetensors").stat().st_mtime_ns
    assert whole(tmp_path) == made
    assert (made / "model.safetensors").stat().st_mtime_ns == written


def test_an_adapter_brings_the_head_and_the_labels_of_its_task(model: Make, tmp_path: Path) -> None:
    head = {
        f"base_model.model.classifier.{name}": torch.randn(*size)
        for name, size in (("weight", (3, 32)), ("bias", (3,)))
    }
    config = {"task_type": "SEQ_CLS", "target_modules": ["query"], "modules_to_save": ["classifier"]}
    config |= {"layers_to_transform": [0]}
    made = whole(laid_out(tmp_path, model("bert-plain"), config, {**lora(QUERY, 32, 32), **head}))
    found = transformers.BertForSequenceClassification.from_pretrained(made).state_dict()
    plain = transformers.BertModel.from_pretrained(model("bert-plain")).state_dict()[
        QUERY.removeprefix("bert.") + ".weight"
    ]
    assert torch.allclose(found[f"{QUERY}.weight"], plain + delta(lora(QUERY, 32, 32)), atol=1e-6)
    assert torch.equal(found["classifier.weight"], head["base_model.model.classifier.weight"])
    scores = TextClassification.load(Source(made))("the film", top_k=5)
    assert {one["label"] for one in scores} == {"LABEL_0", "LABEL_1", "LABEL_2"}


def test_a_head_that_nobody_trained_is_not_made_up(model: Make, tmp_path: Path) -> None:
    config = {"task_type": "SEQ_CLS", "target_modules": ["query"], "layers_to_transform": [0]}
    folder = laid_out(tmp_path, model("bert-plain"), config, lora(QUERY, 32, 32))
    with pytest.raises(Unprocessable, match="Neither this adapter nor its base has weights for classifier"):
        whole(folder)
    assert not (folder / "whole").exists()


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"task_type": None}, "names no task that runs here"),
        ({"peft_type": "BEARS"}, "does not fit"),
        ({"r": 3}, "does not fit"),
        ({"target_modules": ["nothing"]}, "does not fit"),
        ({"megatron_config": {}, "megatron_core": "antigravity", "init_lora_weights": "pissa"}, ""),
    ],
)
def test_what_does_not_fit_is_told_and_what_only_training_needs_is_passed_over(
    model: Make, tmp_path: Path, config: dict[str, Any], words: str
) -> None:
    folder = writer(tmp_path, model("gpt2"), **config)
    if not words:
        assert whole(folder).is_dir()
        return
    with pytest.raises(Unprocessable, match=words):
        whole(folder)


def test_whole_models_are_left_as_they_are(model: Make, tmp_path: Path) -> None:
    assert whole(model("gpt2")) == model("gpt2")
    assert base_of(model("gpt2")) == ""
    (tmp_path / CONFIG).write_text(json.dumps(LORA))
    assert base_of(tmp_path) == ""
    (tmp_path / PICKLE).touch()
    assert base_of(tmp_path) == "ada/base"
    tiny.gpt2(tmp_path)
    assert base_of(tmp_path) == ""
