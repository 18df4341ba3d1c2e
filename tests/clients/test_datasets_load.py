"""load_dataset on repositories of every usual shape, with real film reviews and real handwritten digits."""

import csv
import io
import json
from collections.abc import Iterator

import pytest
from huggingface_hub import HfApi
from tests import assets
from tests.clients.notebook import CellFailed, Notebook
from tests.live_hub import LiveHub
from tests.oracle import NewRepo, add_files, numbered
from tests.people import EVE

pytestmark = [pytest.mark.client, pytest.mark.slow]
ROWS = 60


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str | float]]:
    """Sixty real sentences with their scores."""
    return assets.reviews(ROWS)


@pytest.fixture(scope="module")
def reviews(ada: HfApi, rows: list[dict[str, str | float]]) -> Iterator[str]:
    """One private data set that holds the same reviews in four formats."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    repo = f"ada/{numbered('reviews')}"
    ada.create_repo(repo, repo_type="dataset", private=True)
    table, text = io.StringIO(newline=""), "\n".join(str(row["text"]) for row in rows)
    writer = csv.DictWriter(table, ["id", "score", "text"])
    writer.writeheader()
    writer.writerows(rows)
    packed = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), packed)
    files = {
        "csv/train.csv": table.getvalue(),
        "jsonl/train.jsonl": "".join(json.dumps(row) + "\n" for row in rows),
        "parquet/train-00000-of-00001.parquet": packed.getvalue(),
        "text/train.txt": text,
    }
    add_files(ada, repo, files, repo_type="dataset")
    yield repo
    ada.delete_repo(repo, repo_type="dataset")


def look(notebook: Notebook, call: str, **names: object) -> object:
    """Length, columns and the first text of what `load_dataset` gives."""
    cell = f"from datasets import load_dataset\nd = load_dataset({call})\n[len(d), d.column_names, d[0]['text']]"
    return notebook(cell, **names)


@pytest.mark.parametrize(
    ("folder", "columns"),
    [
        pytest.param("csv", ["id", "score", "text"], marks=pytest.mark.covers("load_dataset: csv", client="datasets")),
        pytest.param(
            "jsonl", ["id", "score", "text"], marks=pytest.mark.covers("load_dataset: json", client="datasets")
        ),
        pytest.param(
            "parquet", ["id", "score", "text"], marks=pytest.mark.covers("load_dataset: parquet", client="datasets")
        ),
        pytest.param("text", ["text"], marks=pytest.mark.covers("load_dataset: text", client="datasets")),
    ],
)
@pytest.mark.covers("load_dataset: private", client="datasets")
def test_every_format_gives_the_same_reviews(
    notebook: Notebook, reviews: str, rows: list[dict[str, str | float]], folder: str, columns: list[str]
) -> None:
    found = look(notebook, "repo, data_dir=folder, split='train'", repo=reviews, folder=folder)
    assert found == [ROWS, columns, rows[0]["text"]]


@pytest.mark.covers("load_dataset: data_files", client="datasets")
def test_files_are_chosen_by_name_and_pattern(notebook: Notebook, reviews: str) -> None:
    call = "repo, data_files={'test': 'jsonl/*.jsonl'}, split='test[:10]'"
    assert look(notebook, call, repo=reviews)[0] == 10  # type: ignore[index]
    call = "'csv', data_files=f'hf://datasets/{repo}/csv/train.csv', split='train'"
    assert look(notebook, call, repo=reviews)[0] == ROWS  # type: ignore[index]


@pytest.mark.covers("load_dataset: streaming", client="datasets")
@pytest.mark.parametrize("folder", ["parquet", "csv", "jsonl"])
def test_rows_are_streamed_without_a_download(
    notebook: Notebook, reviews: str, rows: list[dict[str, str | float]], folder: str
) -> None:
    found = notebook(
        """
        from datasets import load_dataset
        stream = load_dataset(repo, data_dir=folder, split="train", streaming=True)
        [row["text"] for row in stream.take(3)]
        """,
        repo=reviews,
        folder=folder,
    )
    assert found == [row["text"] for row in rows[:3]]


@pytest.mark.covers("load_dataset: private", client="datasets")
def test_a_stranger_loads_nothing_private(hub: LiveHub, notebook: Notebook, new_repo: NewRepo) -> None:
    repo = new_repo({"train.csv": "text\nsecret\n"}, repo_type="dataset", private=True)
    for token in (hub.token(EVE), ""):
        with pytest.raises(CellFailed, match=r"DatasetNotFoundError.*doesn't exist on the Hub or cannot be accessed"):
            look(notebook, "repo, split='train'", repo=repo, token=token)


@pytest.mark.covers("load_dataset: revision", client="datasets")
def test_an_old_revision_gives_the_old_rows(notebook: Notebook, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"train.csv": "text\none\n"}, repo_type="dataset")
    first = ada.dataset_info(repo).sha
    ada.create_tag(repo, tag="v1", repo_type="dataset")
    add_files(ada, repo, {"train.csv": "text\none\ntwo\n"}, repo_type="dataset")
    for revision, length in ((first, 1), ("v1", 1), ("main", 2)):
        found = look(notebook, "repo, revision=revision, split='train'", repo=repo, revision=revision)
        assert found == [length, ["text"], "one"]


@pytest.mark.covers(
    "load_dataset: configurations of the card", "get_dataset_config_names, load_dataset_builder", client="datasets"
)
def test_the_card_names_configurations_and_splits(notebook: Notebook, new_repo: NewRepo) -> None:
    card = """---
configs:
- config_name: english
  data_files:
  - {split: train, path: en/train.csv}
  - {split: test, path: en/test.csv}
- config_name: 中文
  data_files: zh/*.csv
---
"""
    files = {
        "README.md": card,
        "en/train.csv": "text\nhello\n",
        "en/test.csv": "text\nbye\n",
        "zh/a.csv": "text\n你好\n",
    }
    found = notebook(
        """
        from datasets import get_dataset_config_names, get_dataset_split_names, load_dataset, load_dataset_builder
        [
            sorted(get_dataset_config_names(repo)),
            sorted(get_dataset_split_names(repo, "english")),
            load_dataset(repo, "中文", split="train")[0]["text"],
            load_dataset(repo, "english")["test"][0]["text"],
            load_dataset_builder(repo, "english").info.config_name,
        ]
        """,
        repo=new_repo(files, repo_type="dataset"),
    )
    assert found == [["english", "中文"], ["test", "train"], "你好", "bye", "english"]


@pytest.mark.covers("load_dataset: imagefolder", client="datasets")
def test_a_folder_of_real_digits_is_an_image_dataset(notebook: Notebook, new_repo: NewRepo) -> None:
    from PIL import Image

    files: dict[str, str | bytes] = {}
    for number, (pixels, label) in enumerate(assets.digits(20)):
        picture = io.BytesIO()
        Image.frombytes("L", (28, 28), pixels).save(picture, "PNG")
        files[f"train/{label}/{number:03}.png"] = picture.getvalue()
    found = notebook(
        """
        from datasets import load_dataset
        digits = load_dataset(repo, split="train")
        [len(digits), digits.features["label"].names, list(digits[0]["image"].size)]
        """,
        repo=new_repo(files, repo_type="dataset"),
    )
    assert found == [20, [str(n) for n in range(10)], [28, 28]]


@pytest.mark.covers("load_dataset: csv", client="datasets")
def test_a_missing_dataset_is_explained(notebook: Notebook) -> None:
    with pytest.raises(CellFailed, match="DatasetNotFoundError"):
        look(notebook, "'ada/no-such-data', split='train'")
