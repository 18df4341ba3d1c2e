"""Reviews and tag tables as clients read them."""

from collections.abc import Mapping
from typing import Any

from bearhug.hub.cards.records import Review
from bearhug.hub.cards.vocabulary import KNOWN_LIBRARIES, TASK_IDS

MODEL_TYPES = {
    "dataset:": "dataset",
    "license:": "license",
    "region:": "region",
    "base_model:": "base_model",
    "arxiv:": "arxiv",
    "uses:": "",
    "library:": "",
}
DATASET_TYPES = {
    "task_categories:": "task_categories",
    "task_ids:": "task_ids",
    "language:": "language",
    "license:": "license",
    "size_categories:": "size_categories",
    "format:": "format",
    "modality:": "modality",
    "library:": "library",
    "multilinguality:": "multilinguality",
    "annotations_creators:": "annotations_creators",
    "language_creators:": "language_creators",
    "source_datasets:": "source_datasets",
    "arxiv:": "arxiv",
    "region:": "region",
    "uses:": "",
}


def review_json(review: Review) -> dict[str, Any]:
    return {
        "errors": [{"message": message} for message in review.errors],
        "warnings": [{"message": message} for message in review.warnings],
    }


def tags_by_type(kind: str, counts: Mapping[str, int]) -> dict[str, list[dict[str, Any]]]:
    """Tags in use by their type, the frequent ones first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for tag, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        name = _model_type(tag) if kind == "model" else _type(tag, DATASET_TYPES)
        if name:
            label = tag.partition(":")[2] or tag
            found.setdefault(name, []).append({"id": tag, "label": label, "type": name, "count": count})
    return found


def _model_type(tag: str) -> str:
    if tag in TASK_IDS:
        return "pipeline_tag"
    if tag in KNOWN_LIBRARIES:
        return "library"
    if ":" not in tag and len(tag) in (2, 3) and tag.isalpha():
        return "language"
    return _type(tag, MODEL_TYPES)


def _type(tag: str, prefixes: Mapping[str, str]) -> str:
    for prefix, name in prefixes.items():
        if tag.startswith(prefix):
            return name
    return "other"
