"""Facts about data sets."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.hub.cards.sources import dataset

from bearhug.formats.values import Json
from bearhug.hub.cards.dataset_facts import citation_of, derive, description_of
from bearhug.hub.cards.records import CardFacts, JsonObject, Source
from bearhug.hub.cards.vocabulary import size_category


def _facts(source: Source) -> CardFacts:
    return derive(source, "ada/data")


def test_the_card_becomes_tags_in_the_order_of_the_hub() -> None:
    card: JsonObject = {
        "task_categories": ["text-classification"],
        "task_ids": ["sentiment-classification"],
        "annotations_creators": "crowdsourced",
        "multilinguality": ["monolingual"],
        "language": ["en", "zh"],
        "license": "cc-by-4.0",
        "size_categories": ["1K<n<10K"],
        "tags": ["reviews"],
    }
    found = _facts(
        dataset(card, files="README.md data/train.parquet data/test.parquet", body="arxiv.org/abs/2101.00001")
    )
    assert found.tags == (
        "task_categories:text-classification",
        "task_ids:sentiment-classification",
        "annotations_creators:crowdsourced",
        "multilinguality:monolingual",
        "language:en",
        "language:zh",
        "license:cc-by-4.0",
        "size_categories:1K<n<10K",
        "format:parquet",
        "library:datasets",
        "library:dask",
        "library:pandas",
        "library:polars",
        "library:mlcroissant",
        "arxiv:2101.00001",
        "region:us",
        "reviews",
    )


@pytest.mark.parametrize(
    ("files", "formats", "modalities"),
    [
        ("a.csv b.tsv c.json", ("csv",), ()),
        ("a.jsonl.gz README.md LICENSE.txt", ("json",), ()),
        ("notes.txt more.txt", ("text",), ("text",)),
        ("0.tar 1.tar", ("webdataset",), ()),
        ("cats/1.jpg cats/2.jpg metadata.csv", ("imagefolder",), ("image",)),
        ("a.wav b.mp3 metadata.jsonl", ("audiofolder",), ("audio",)),
        ("a.pdf", ("pdffolder",), ("document",)),
        ("map.geojson scan.glb", (), ("3d", "geospatial")),
        ("README.md .gitattributes script.py", (), ()),
        ("", (), ()),
    ],
)
def test_files_tell_format_and_modality(files: str, formats: tuple[str, ...], modalities: tuple[str, ...]) -> None:
    found = _facts(dataset(files=files))
    assert (found.formats, found.modalities) == (formats, modalities)


def test_columns_tell_modalities_and_splits_the_size() -> None:
    info: JsonObject = {
        "features": [
            {"name": "text", "dtype": "string"},
            {"name": "label", "dtype": {"class_label": {"names": {"0": "string", "1": "audio"}}}},
            {"name": "pictures", "list": "image"},
            {"name": "turns", "list": [{"name": "at", "dtype": "timestamp[s]"}]},
            {"name": "box", "struct": [{"name": "x", "dtype": "float32"}]},
            {"name": "sound", "dtype": {"audio": {"sampling_rate": 16000}}},
        ],
        "splits": [{"name": "train", "num_examples": 900}, {"name": "test", "num_examples": 200}],
    }
    found = _facts(dataset({"dataset_info": info}))
    assert set(found.modalities) == {"text", "tabular", "image", "timeseries", "audio"}
    assert found.size_categories == ("1K<n<10K",)


@pytest.mark.parametrize(("rows", "category"), [(1, "n<1K"), (1000, "1K<n<10K"), (10**9, "1B<n<10B"), (10**13, "n>1T")])
def test_sizes_are_told_by_powers_of_ten(rows: int, category: str) -> None:
    assert size_category(rows) == category


def test_the_description_is_the_first_plain_paragraph() -> None:
    body = (
        "# Title\n\n![badge](x)\n\n```python\nthis is code and no description\n```\n| a | table with words |\n"
        "- a list item that is long\n\nA collection of *reviews* with [labels](http://x) from **Beijing**.\nMore.\n"
    )
    assert description_of(body) == "A collection of reviews with labels from Beijing."
    assert description_of("# Only a title\n") is None


def test_the_citation_is_the_first_entry() -> None:
    entry = "@inproceedings{bear2024,\n  title={Bears {and} hugs},\n  year={2024}\n}"
    assert citation_of(f"Cite:\n```bibtex\n{entry}\n```\n@misc{{x,\n}}\n") == entry
    assert citation_of("mail me@example.com{") is None


def test_a_text_of_openings_takes_no_time() -> None:
    started = time.process_time()
    for body in ("@misc{" * 50_000, "\n@misc{x" * 50_000, "[" * 200_000, "*" * 200_000, "arxiv:" * 50_000):
        _facts(dataset(body=body))
    assert time.process_time() - started < 2


_JSON: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from("features splits dtype list struct sequence num_examples name class_label x".split()),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(
    card=st.dictionaries(st.sampled_from("dataset_info language license tags task_ids size_categories".split()), _JSON),
    body=st.text(max_size=100),
)
def test_whatever_is_written_facts_can_be_told(card: JsonObject, body: str) -> None:
    json.dumps(vars(_facts(dataset(card, body=body))))
