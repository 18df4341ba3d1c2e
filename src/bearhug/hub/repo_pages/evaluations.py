"""Evaluation results as rows of a table, from the card's model-index and from files of results."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bearhug.formats.values import Json, list_of, mapping_of, text_of
from bearhug.hub.cards.reading import is_repo_id

MOST = 100
LONGEST = 120


@dataclass(frozen=True)
class Result:
    """One measured value. `dataset_id` names a data set of a hub, `source` leads to where the value comes from."""

    task: str
    dataset: str
    metric: str
    value: str
    dataset_id: str | None = None
    source: str | None = None
    source_name: str = ""
    note: str = ""


def results(facts: Mapping[str, Any]) -> list[Result]:
    """All results, those of files first."""
    found = [*_of_files(list_of(facts.get("evaluations"))), *_of_index(list_of(facts.get("model_index")))]
    return found[:MOST]


def _of_files(items: list[Json]) -> Iterator[Result]:
    for item in items:
        data = mapping_of(mapping_of(item).get("data"))
        dataset, source = mapping_of(data.get("dataset")), mapping_of(data.get("source"))
        if data:
            name = _short(dataset.get("id"))
            link, host = _source(source)
            task = _short(dataset.get("task_id"))
            yield Result("", name, task, _value(data.get("value")), _id(name), link, host, _short(data.get("notes")))


def _of_index(models: list[Json]) -> Iterator[Result]:
    for model in models:
        for item in list_of(mapping_of(model).get("results")):
            described = mapping_of(item)
            task, dataset = mapping_of(described.get("task")), mapping_of(described.get("dataset"))
            link, host = _source(mapping_of(described.get("source")))
            for metric in map(mapping_of, list_of(described.get("metrics"))):
                yield Result(
                    _short(task.get("name")) or _short(task.get("type")),
                    _short(dataset.get("name")) or _short(dataset.get("type")),
                    _short(metric.get("name")) or _short(metric.get("type")),
                    _value(metric.get("value")),
                    _id(_short(dataset.get("type"))),
                    link,
                    host,
                    _short(dataset.get("split")),
                )


def _value(value: Json) -> str:
    """Numbers with as many digits as are read; anything else as it was written, cut short."""
    if isinstance(value, float):
        return f"{value:.4g}"
    return _short(value)


def _short(value: Json) -> str:
    return (text_of(value) or "")[:LONGEST]


def _id(name: str) -> str | None:
    return name if "/" in name and is_repo_id(name) else None


def _source(source: Mapping[str, Json]) -> tuple[str | None, str]:
    """An address that a browser may follow, and a name for it."""
    url = text_of(source.get("url")) or ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None, ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None, ""
    return url[:1000], _short(source.get("name")) or parts.netloc[:LONGEST]
