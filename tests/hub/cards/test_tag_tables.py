"""Tags by their type."""

from bearhug.hub.cards import wire
from bearhug.hub.cards.tag_tables import Tag, tags_by_type, used_by_type


def _ids(kind: str, name: str, counts: dict[str, int] | None = None) -> list[str]:
    return [tag.id for tag in tags_by_type(kind, counts or {})[name]]


def test_known_words_are_there_in_an_empty_hub() -> None:
    assert {"fill-mask", "text-generation"} <= set(_ids("model", "pipeline_tag"))
    assert "transformers" in _ids("model", "library")
    assert "license:apache-2.0" in _ids("model", "license")
    assert "task_categories:translation" in _ids("dataset", "task_categories")
    assert "task_ids:sentiment-classification" in _ids("dataset", "task_ids")
    assert "size_categories:n<1K" in _ids("dataset", "size_categories")


def test_tags_in_use_are_sorted_into_types() -> None:
    counts = dict.fromkeys(
        "en zh-hans custom dataset:a/b license:own arxiv:1 acestep audio text2text-generation".split(), 1
    )
    found = tags_by_type("model", counts)
    in_use = {name: [tag.id for tag in tags if tag.count] for name, tags in found.items()}
    assert {name: ids for name, ids in in_use.items() if ids} == {
        "language": ["en", "zh-hans"],
        "other": ["audio", "custom"],
        "dataset": ["dataset:a/b"],
        "license": ["license:own"],
        "arxiv": ["arxiv:1"],
        "library": ["acestep"],
        "pipeline_tag": ["text2text-generation"],
    }


def test_the_frequent_ones_come_first_with_their_labels() -> None:
    found = tags_by_type("model", {"zh": 4, "en": 1, "paddleocr": 9})
    assert found["language"] == [Tag("zh", "Chinese", "language", 4), Tag("en", "English", "language", 1)]
    assert found["library"][0] == Tag("PaddleOCR", "PaddleOCR", "library", 9)
    assert tags_by_type("dataset", {"language:zh": 1})["language"][0].label == "Chinese"


def test_rows_for_filters_alone_are_not_shown() -> None:
    found = tags_by_type("model", {"uses:model:x": 1, "library:x": 2, "apps:vllm": 1})
    assert "other" not in found
    assert "library:datasets" in _ids("dataset", "library", {"library:datasets": 3})


def test_tables_are_written_as_clients_read_them() -> None:
    tables = wire.tags_json(tags_by_type("model", {"fill-mask": 2}))
    assert tables["pipeline_tag"][0] == {
        "type": "pipeline_tag",
        "label": "Fill-Mask",
        "id": "fill-mask",
        "count": 2,
        "subType": "nlp",
    }
    assert "subType" not in tables["license"][0]


def test_facets_show_what_is_in_use() -> None:
    facets = wire.tags_by_type("model", {"zh": 1, "license:mit": 2})
    assert {name: [tag["id"] for tag in tags] for name, tags in facets.items()} == {
        "language": ["zh"],
        "license": ["license:mit"],
    }
    assert wire.tags_by_type("space", {"gradio": 1})["other"][0]["count"] == 1


def test_those_in_use_stand_in_the_same_order() -> None:
    counts = {"license:mit": 3, "transformers": 5, "zh": 2, "mine": 2, "also-mine": 2, "uses:model:a/b": 9}
    for kind in ("model", "dataset"):
        every = {name: [tag.id for tag in tags if tag.count] for name, tags in tags_by_type(kind, counts).items()}
        used = {name: [tag.id for tag in tags] for name, tags in used_by_type(kind, counts).items()}
        assert used == {name: tags for name, tags in every.items() if tags}
