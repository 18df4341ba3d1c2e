"""Dataset.push_to_hub, save_to_disk, load_from_disk: what a notebook makes, others load."""

import pytest
from huggingface_hub import HfApi
from tests import assets
from tests.clients.notebook import Notebook
from tests.live_hub import LiveHub
from tests.people import EVE

pytestmark = [pytest.mark.client, pytest.mark.slow]
MAKE = """
from datasets import Dataset, DatasetDict, load_dataset, load_from_disk
made = Dataset.from_list(rows)
"""


@pytest.mark.covers("push_to_hub", client="datasets")
def test_pushed_rows_come_back_the_same(notebook: Notebook, ada: HfApi, name: str) -> None:
    same = notebook(
        MAKE
        + """
parts = made.train_test_split(0.25, seed=1)
parts.push_to_hub(repo, private=True, commit_message="Reviews")
back = load_dataset(repo)
[back["train"].to_list() == parts["train"].to_list(), len(back["test"])]
""",
        repo=name,
        rows=assets.reviews(40),
    )
    assert same == [True, 10]
    files = set(ada.list_repo_files(name, repo_type="dataset"))
    assert files >= {"README.md", "data/train-00000-of-00001.parquet", "data/test-00000-of-00001.parquet"}
    assert ada.dataset_info(name).private is True


@pytest.mark.covers("push_to_hub", client="datasets")
def test_shards_configurations_and_branches_are_pushed(notebook: Notebook, ada: HfApi, name: str) -> None:
    counts = notebook(
        MAKE
        + """
made.push_to_hub(repo, "short", num_shards=3)
made.select(range(5)).push_to_hub(repo, "tiny", split="validation")
made.select(range(7)).push_to_hub(repo, "short", revision="dev")
[len(load_dataset(repo, "short", split="train")), len(load_dataset(repo, "tiny", split="validation")),
 len(load_dataset(repo, "short", split="train", revision="dev"))]
""",
        repo=name,
        rows=assets.reviews(20),
    )
    assert counts == [20, 5, 7]
    files = ada.list_repo_files(name, repo_type="dataset")
    assert sum(path.startswith("short/train-") for path in files) == 3


@pytest.mark.covers("push_to_hub", client="datasets")
def test_pushing_again_replaces_the_rows(notebook: Notebook, ada: HfApi, name: str) -> None:
    count = notebook(
        MAKE
        + """
made.push_to_hub(repo, num_shards=2)
made.select(range(3)).push_to_hub(repo)
len(load_dataset(repo, split="train"))
""",
        repo=name,
        rows=assets.reviews(10),
    )
    assert count == 3
    files = ada.list_repo_files(name, repo_type="dataset")
    assert [path for path in files if path.endswith(".parquet")] == ["data/train-00000-of-00001.parquet"]


@pytest.mark.covers("push_to_hub", client="datasets")
def test_pictures_are_pushed_inside_the_rows(notebook: Notebook, name: str) -> None:
    found = notebook(
        """
        from datasets import Dataset, Image, load_dataset
        from PIL import Image as Picture
        pictures = [Picture.frombytes("L", (28, 28), bytes.fromhex(pixels)) for pixels, _ in digits]
        made = Dataset.from_dict({"image": pictures, "label": [label for _, label in digits]})
        made.push_to_hub(repo)
        back = load_dataset(repo, split="train")
        [back[3]["image"].tobytes().hex() == digits[3][0], back["label"][:] == [label for _, label in digits]]
        """,
        repo=name,
        digits=[(pixels.hex(), label) for pixels, label in assets.digits(20)],
    )
    assert found == [True, True]


@pytest.mark.covers("push_to_hub", client="datasets")
def test_a_stranger_cannot_push_into_somebody_elses_dataset(hub: LiveHub, notebook: Notebook, name: str) -> None:
    notebook(MAKE + "made.push_to_hub(repo)", repo=name, rows=assets.reviews(5))
    refused = notebook(
        MAKE
        + """
try:
    made.push_to_hub(repo)
    refused = None
except Exception as error:
    refused = str(error)
refused
""",
        repo=name,
        rows=assets.reviews(6),
        token=hub.token(EVE),
    )
    assert refused is not None
    assert "403" in refused


@pytest.mark.covers("save_to_disk and load_from_disk through the hub", client="datasets")
def test_arrow_folders_are_saved_uploaded_downloaded_and_loaded(notebook: Notebook, name: str) -> None:
    same = notebook(
        MAKE
        + """
from huggingface_hub import create_repo, snapshot_download, upload_folder
mapped = made.map(lambda batch: {"length": [len(text) for text in batch["text"]]}, batched=True)
DatasetDict(train=mapped).save_to_disk("saved")
create_repo(repo, repo_type="dataset")
upload_folder(repo_id=repo, repo_type="dataset", folder_path="saved")
folder = snapshot_download(repo, repo_type="dataset")
one = load_from_disk(folder)["train"]
two = load_from_disk(f"hf://datasets/{repo}")["train"]
one.to_list() == two.to_list() == mapped.to_list()
""",
        repo=name,
        rows=assets.reviews(30),
    )
    assert same is True
