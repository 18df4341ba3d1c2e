"""What model_info, dataset_info and space_info tell, and what the card and the files add to it."""

import json
from typing import get_args

import httpx
import pytest
from huggingface_hub import HfApi, ModelCard, hf_api
from huggingface_hub.errors import BadRequestError
from tests.live_hub import LiveHub
from tests.oracle import NewRepo, add_files, eventually

pytestmark = pytest.mark.client
CARD = """---
license: apache-2.0
language: [en, zh]
pipeline_tag: fill-mask
library_name: transformers
base_model: ada/parent
datasets: [ada/corpus]
tags: [custom-tag]
widget:
- text: Paris is the [MASK] of France.
model-index:
- name: tiny
  results:
  - task: {type: fill-mask}
    dataset: {type: ada/corpus, name: corpus}
    metrics: [{type: accuracy, value: 0.9}]
---
# Tiny
"""


@pytest.mark.covers("model_info", client="huggingface_hub")
def test_model_info_tells_what_the_card_says(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"README.md": CARD, "config.json": '{"model_type": "bert"}'})
    assert eventually(lambda: ada.model_info(repo).pipeline_tag == "fill-mask")
    info = ada.model_info(repo)
    assert info.library_name == "transformers"
    assert {"license:apache-2.0", "en", "zh", "custom-tag", "fill-mask", "transformers"} <= set(info.tags)
    assert {"base_model:ada/parent", "dataset:ada/corpus"} <= set(info.tags)
    assert info.card_data.license == "apache-2.0"
    assert info.card_data.eval_results[0].metric_value == 0.9
    assert info.widget_data == [{"text": "Paris is the [MASK] of France."}]
    assert info.config["model_type"] == "bert"


@pytest.mark.covers("model_info", client="huggingface_hub")
def test_model_info_counts_parameters_from_safetensors(ada: HfApi, new_repo: NewRepo) -> None:
    import torch
    from safetensors.torch import save

    weights = save({"a": torch.zeros(3, 4), "b": torch.zeros(5, dtype=torch.float16)})
    repo = new_repo({"model.safetensors": weights})
    assert eventually(lambda: ada.model_info(repo, expand=["safetensors"]).safetensors is not None)
    counted = ada.model_info(repo).safetensors
    assert (counted.total, counted.parameters) == (17, {"F32": 12, "F16": 5})
    assert "safetensors" in ada.model_info(repo).tags


@pytest.mark.covers("model_info", client="huggingface_hub")
def test_model_info_tells_how_transformers_loads_it(ada: HfApi, new_repo: NewRepo) -> None:
    config = {"model_type": "bert", "architectures": ["BertForMaskedLM"]}
    repo = new_repo({"config.json": json.dumps(config), "README.md": "---\nlibrary_name: transformers\n---\n"})
    assert eventually(lambda: ada.model_info(repo).transformers_info is not None)
    info = ada.model_info(repo)
    assert info.transformers_info.auto_model == "AutoModelForMaskedLM"
    assert info.pipeline_tag == "fill-mask"
    assert info.config["architectures"] == ["BertForMaskedLM"]


@pytest.mark.covers("model_info", client="huggingface_hub")
def test_a_fresh_model_has_sober_figures(ada: HfApi, new_repo: NewRepo) -> None:
    info = ada.model_info(new_repo())
    assert (info.author, info.private, info.gated, info.disabled) == ("ada", False, False, False)
    assert (info.downloads, info.likes) == (0, 0)
    assert info.created_at <= info.last_modified


@pytest.mark.covers("model_info", client="huggingface_hub")
def test_downloads_are_counted(ada: HfApi, nobody: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"config.json": "{}"})
    nobody.hf_hub_download(repo, "config.json", force_download=True)
    assert eventually(lambda: ada.model_info(repo).downloads > 0)
    assert ada.model_info(repo).downloads == 1
    assert ada.model_info(repo, expand=["downloadsAllTime"]).downloads_all_time == 1


@pytest.mark.covers("model_info", client="huggingface_hub")
def test_expand_brings_only_what_was_named(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"w.bin": b"\0" * 5000})
    info = ada.model_info(repo, expand=["sha", "likes", "usedStorage"])
    assert info.sha
    assert info.likes == 0
    assert info.used_storage >= 5000
    assert info.siblings is None
    assert info.tags is None


@pytest.mark.covers("model_info", "dataset_info", "space_info", "list_models", client="huggingface_hub")
@pytest.mark.parametrize("kind", ["model", "dataset", "space"])
def test_every_property_that_the_client_knows_can_be_asked_for(ada: HfApi, new_repo: NewRepo, kind: str) -> None:
    repo = new_repo(repo_type=kind)
    known = list(get_args(getattr(hf_api, f"Expand{kind.title()}Property_T")))
    assert getattr(ada, f"{kind}_info")(repo, expand=known).id == repo
    listed = getattr(ada, f"list_{kind}s")(author="ada", expand=known)
    assert repo in [one.id for one in listed]


@pytest.mark.covers("model_info", "error classes", client="huggingface_hub")
def test_an_unknown_property_is_refused_with_the_list_of_known_ones(ada: HfApi, new_repo: NewRepo) -> None:
    with pytest.raises(BadRequestError, match="expected one of"):
        ada.model_info(new_repo(), expand=["colour"])


@pytest.mark.covers("model_info", client="huggingface_hub")
def test_security_status_is_given_when_asked_for(ada: HfApi, new_repo: NewRepo) -> None:
    assert ada.model_info(new_repo(), securityStatus=True).id


@pytest.mark.covers("dataset_info", "repo_info", client="huggingface_hub")
def test_dataset_info_tells_what_the_card_says(ada: HfApi, new_repo: NewRepo) -> None:
    card = (
        "---\nlicense: cc0-1.0\ntask_categories: [text-classification]\nlanguage: zh\npretty_name: 评论\n---\n# 评论\n"
    )
    repo = new_repo({"README.md": card, "train.csv": "a\n1\n"}, repo_type="dataset")
    assert eventually(lambda: "license:cc0-1.0" in ada.dataset_info(repo).tags)
    info = ada.repo_info(repo, repo_type="dataset")
    assert {"task_categories:text-classification", "language:zh"} <= set(info.tags)
    assert info.card_data.pretty_name == "评论"
    assert {file.rfilename for file in info.siblings} == {".gitattributes", "README.md", "train.csv"}


@pytest.mark.covers("space_info", client="huggingface_hub")
def test_space_info_tells_the_sdk_and_its_models(ada: HfApi, new_repo: NewRepo) -> None:
    card = "---\nsdk: gradio\nmodels: [ada/tiny]\ntitle: Demo\n---\n"
    repo = new_repo({"README.md": card, "app.py": "print(1)"}, repo_type="space")
    assert eventually(lambda: ada.space_info(repo).sdk == "gradio")
    info = ada.space_info(repo)
    assert info.card_data["title"] == "Demo"
    assert eventually(lambda: ada.space_info(repo).models == ["ada/tiny"])


@pytest.mark.covers("ModelCard and DatasetCard", client="huggingface_hub")
def test_cards_are_pushed_loaded_and_validated(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    card = ModelCard(CARD)
    card.validate()
    card.push_to_hub(repo, token=ada.token)
    loaded = ModelCard.load(repo, token=ada.token)
    assert loaded.data.base_model == "ada/parent"
    assert loaded.text.strip() == "# Tiny"


@pytest.mark.covers("ModelCard and DatasetCard", client="huggingface_hub")
def test_a_card_with_broken_metadata_is_refused_by_the_hub(hub: LiveHub) -> None:
    broken = {"content": "---\nlicense: mit\nlanguage: {\n---\n", "repoType": "model"}
    answer = httpx.post(f"{hub.url}/api/validate-yaml", json=broken, headers={"accept": "text/plain"}, trust_env=False)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"]


@pytest.mark.covers("model_info", client="huggingface_hub")
def test_the_card_follows_the_default_branch(ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"README.md": "---\nlicense: mit\n---\n"})
    assert eventually(lambda: "license:mit" in ada.model_info(repo).tags)
    ada.create_branch(repo, branch="dev")
    add_files(ada, repo, {"README.md": "---\nlicense: gpl-3.0\n---\n"}, revision="dev")
    add_files(ada, repo, {"README.md": "---\nlicense: apache-2.0\n---\n"})
    assert eventually(lambda: "license:apache-2.0" in ada.model_info(repo).tags)
    assert not {"license:mit", "license:gpl-3.0"} & set(ada.model_info(repo).tags)
