"""From names and options of engines to plans."""

import json
from pathlib import Path
from typing import Any

import pytest

from bearhug.base.errors import BadRequest, Unprocessable
from bearhug.inference.engine import plans
from bearhug.inference.engine.plans import Local, Options
from bearhug.inference.environments.service import Environments
from bearhug.inference.workers import machine
from bearhug.inference.workers.records import Plan

MODEL = Local(Path("/models/a"), Path("/models/a.graphs"), 1_000_000_000)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environments:
    """A machine without GPU and without vLLM."""
    monkeypatch.setattr(machine, "NVIDIA", tmp_path / "dev")
    (tmp_path / "dev").mkdir()
    return Environments(tmp_path / "environments", {"CUDA_VISIBLE_DEVICES": "1"})


@pytest.fixture
def with_vllm(bare: Environments) -> Environments:
    (recipe,) = bare.recipes.values()
    folder = bare._folder(recipe)
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "vllm").touch()
    (folder / "bearhug.json").write_text(json.dumps({"name": "vllm", "version": recipe.version, "size": 1}))
    return bare


def plan(environments: Environments, model: Local | None = MODEL, **options: Any) -> Plan:
    return plans.plan(Options(**options), environments, key="k", label="ada/chat", model=model)


def test_engines_of_this_process_get_folder_and_precision(bare: Environments) -> None:
    made = plan(bare, context=512)
    assert (made.servant, made.forwards) == (plans.TEXT, False)
    assert (made.options["folder"], made.options["precision"], made.options["context"]) == ("/models/a", "int8", 512)
    exact = plan(bare, engine="transformers")
    assert exact.options["precision"] == "fp32"
    assert exact.memory > made.memory * 2


def test_auto_is_vllm_only_with_a_gpu_and_its_environment(with_vllm: Environments, tmp_path: Path) -> None:
    assert plan(with_vllm).servant == plans.TEXT
    assert plan(with_vllm, engine="vllm").servant == plans.VLLM
    (tmp_path / "dev" / "nvidia0").touch()
    assert plan(with_vllm).servant == plans.VLLM
    assert plan(with_vllm, engine="openvino").servant == plans.TEXT


def test_vllm_gets_its_flags_and_variables(with_vllm: Environments) -> None:
    made = plan(with_vllm, engine="vllm", context=2048, flags=("--tensor-parallel-size", "2"))
    assert made.forwards
    assert made.options["flags"] == ["--max-model-len", "2048", "--tensor-parallel-size", "2"]
    assert made.options["variables"] == {"CUDA_VISIBLE_DEVICES": "1"}
    assert made.options["program"][0].endswith("bin/vllm")
    assert made.options["code"] is False


def test_what_is_not_there_is_said(bare: Environments) -> None:
    with pytest.raises(Unprocessable, match="bearhug engine install vllm"):
        plan(bare, engine="vllm")
    with pytest.raises(Unprocessable, match="there is none here"):
        plan(bare, flags=("--enforce-eager",))
    with pytest.raises(BadRequest, match="needs a model"):
        plan(bare, model=None)


def test_remote_models_need_an_address_alone(bare: Environments) -> None:
    made = plan(bare, None, engine="remote", url="https://api.example.org/v1/", api_key="sk", remote_model="m")
    assert made.options == {"url": "https://api.example.org/v1", "api_key": "sk", "model": "m"}
    assert made.forwards
    assert made.memory < 1 << 30


@pytest.mark.parametrize(
    "options",
    [
        {"engine": "onnx"},
        {"precision": "int1"},
        {"engine": "openvino", "flags": ("--x",)},
        {"engine": "vllm", "url": "http://h/v1"},
        {"engine": "remote"},
        {"engine": "remote", "url": "ftp://h/v1"},
        {"engine": "remote", "url": "http:///v1"},
        {"engine": "remote", "url": "http://h:99999/v1"},
        {"engine": "remote", "url": "http://u:p@h/v1"},
        {"engine": "remote", "url": "http://h/v1?key=x"},
        {"engine": "remote", "url": "http://h/v1\r\nx: y"},
        {"engine": "remote", "url": "http://h/" + "v" * 3000},
        {"engine": "remote", "url": "http://h/v1", "api_key": "a\r\nb: c"},
        {"engine": "vllm", "flags": ("--x",) * 100},
        {"engine": "vllm", "flags": ("--model=other",)},
        {"engine": "vllm", "flags": ("--host", "0.0.0.0")},
        {"engine": "vllm", "flags": ("--trust_remote_code",)},
        {"engine": "vllm", "flags": ("--trust-remote",)},
        {"engine": "vllm", "flags": ("--hos=0.0.0.0",)},
    ],
)
def test_wrong_options_are_refused(bare: Environments, options: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        plan(bare, **options)
