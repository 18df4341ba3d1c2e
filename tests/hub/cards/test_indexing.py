"""From a commit to facts: which files are read, and what becomes of those that cannot be."""

import json
from typing import Any

import pytest
from tests.formats.weights import gguf, safetensors
from tests.hubbox import HubBox
from tests.people import NOBODY
from tests.repowork import commit, large, lines, make, send, upload

SHARD = "model-0000{}-of-00002.safetensors"


def _info(box: HubBox, repo: str, types: str = "models") -> dict[str, Any]:
    found: dict[str, Any] = box.get(NOBODY, f"/api/{types}/{repo}").json()
    return found


def test_shards_of_a_model_are_counted_together(box: HubBox) -> None:
    repo = make(box)
    weights = {"a": SHARD.format(1), "b": SHARD.format(2)}
    index = {"metadata": {"total_size": 24}, "weight_map": weights}
    files: dict[str, bytes | str] = {
        "model.safetensors.index.json": json.dumps(index),
        SHARD.format(1): safetensors({"a": ("F32", [4], 16)}),
        SHARD.format(2): safetensors({"b": ("F16", [4], 8)}),
    }
    commit(box, repo, files)
    info = _info(box, repo)
    assert info["safetensors"] == {"parameters": {"F32": 4, "F16": 4}, "total": 8, "sharded": True}
    assert "safetensors" in info["tags"]


def test_weights_in_lfs_are_counted_unpacked(box: HubBox) -> None:
    repo = make(box)
    data = safetensors({"l.qweight": ("I32", [10], 40), "l.scales": ("F16", [2], 4), "n.weight": ("F16", [3], 6)})
    upload(box, repo, data)
    assert send(box, repo, lines(large("model.safetensors", data))).status_code == 200
    config = {"model_type": "llama", "quantization_config": {"quant_method": "gptq", "bits": 4}}
    commit(box, repo, {"config.json": json.dumps(config)})
    info = _info(box, repo)
    assert info["safetensors"]["parameters"] == {"I32": 80, "F16": 3}
    assert {"4-bit", "gptq"} <= set(info["tags"])


def test_a_sharded_gguf_model_is_read_from_its_first_part(box: HubBox) -> None:
    repo = make(box)
    first = gguf({"general.architecture": ("str", "llama"), "llama.context_length": ("u32", 4096)}, {"a": (8,)})
    files: dict[str, bytes | str] = {
        "m-Q4_K_M-00001-of-00002.gguf": first,
        "m-Q4_K_M-00002-of-00002.gguf": gguf({}, {"b": (4,)}),
        "mmproj-model.gguf": gguf({}, {"c": (100,)}),
    }
    commit(box, repo, files)
    assert _info(box, repo)["gguf"] == {"total": 12, "architecture": "llama", "context_length": 4096}


@pytest.mark.parametrize(
    "files",
    [
        {"model.safetensors": b"\xff" * 100},
        {"model.safetensors.index.json": '{"weight_map": {"a": "../x.safetensors"}}'},
        {"model.safetensors.index.json": '{"weight_map": {"a": "gone.safetensors"}}'},
        {"m.gguf": b"GGUF" + b"\xff" * 100},
        {"m-00001-of-00003.gguf": gguf({}, {"a": (8,)})},
        {"config.json": "{" * 1000, "tokenizer_config.json": "[]", "model_index.json": b"\xff\xfe"},
        {"config.json": '{"architectures": ["\\ud800"], "model_type": "a\\u0000b"}'},
    ],
)
def test_files_that_cannot_be_read_are_passed_over(box: HubBox, files: dict[str, bytes | str]) -> None:
    repo = make(box)
    commit(box, repo, {"README.md": "---\nlicense: mit\n---\n", **files})
    info = _info(box, repo)
    assert "license:mit" in info["tags"]
    assert "safetensors" not in info
    assert "gguf" not in info


def test_a_lone_weight_file_under_another_name_is_counted(box: HubBox) -> None:
    repo = make(box)
    commit(box, repo, {"lora.safetensors": safetensors({"a": ("F32", [4], 16)})})
    assert _info(box, repo)["safetensors"]["total"] == 4


def test_a_chat_template_of_its_own_file_is_told(box: HubBox) -> None:
    repo = make(box)
    config = json.dumps({"model_type": "llama", "architectures": ["LlamaForCausalLM"]})
    commit(box, repo, {"chat_template.jinja": "{{ messages }}", "config.json": config})
    info = _info(box, repo)
    assert info["config"]["chat_template_jinja"] == "{{ messages }}"
    assert "conversational" in info["tags"]


def test_a_data_set_tells_what_its_files_are(box: HubBox) -> None:
    repo = make(box, "d", "dataset")
    commit(box, repo, {"README.md": "# Bears\n\nA collection of hugs from bears.\n", "a.csv": "x\n1\n"}, "datasets")
    info = _info(box, repo, "datasets")
    assert info["description"] == "A collection of hugs from bears."
    assert {"format:csv", "library:pandas"} <= set(info["tags"])


@pytest.mark.parametrize(
    ("kind", "content", "status", "errors", "warnings"),
    [
        ("model", "---\nlicense: mit\n---\n", 200, 0, 0),
        ("model", "# no metadata", 200, 0, 1),
        ("model", "---\nlicense: nonsense\n---\n", 400, 1, 0),
        ("dataset", "---\na: [\n---\n", 400, 1, 0),
        ("space", "---\nsdk: none\n---\n", 400, 1, 0),
    ],
)
def test_a_card_is_checked_before_it_is_sent(
    box: HubBox, kind: str, content: str, status: int, errors: int, warnings: int
) -> None:
    answer = box.post(NOBODY, "/api/validate-yaml", json={"repoType": kind, "content": content})
    assert answer.status_code == status
    assert len(answer.json()["errors"]) == errors
    assert len(answer.json()["warnings"]) == warnings
    assert all(row["message"] for row in answer.json()["errors"])


def test_tags_in_use_are_counted_by_type(box: HubBox) -> None:
    commit(box, make(box), {"README.md": "---\nlicense: mit\nlanguage: zh\n---\n"})
    found = box.get(NOBODY, "/api/models-tags-by-type").json()
    assert found["language"] == [{"type": "language", "label": "Chinese", "id": "zh", "count": 1}]
    assert found["license"][0]["id"] == "license:mit"
    assert box.get(NOBODY, "/api/datasets-tags-by-type").json()["task_categories"][0]["count"] == 0
