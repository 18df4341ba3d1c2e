"""Rules for `model-index`, the evaluation results in a model's card; a broken one would break its readers."""

from collections.abc import Iterator

from bearhug.formats.values import Json, mapping_of
from bearhug.hub.cards.findings import Finding, error, is_missing

MOST_RESULTS = 1000


def model_index_findings(value: Json) -> Iterator[Finding]:
    """Everything that keeps clients from reading the results."""
    if not isinstance(value, list):
        yield error('"model-index" must be a list.')
        return
    for number, item in enumerate(value[:MOST_RESULTS]):
        yield from _model(f"model-index[{number}]", item)


def _model(place: str, item: Json) -> Iterator[Finding]:
    if not isinstance(item, dict):
        yield error(f'"{place}" must be an object with name and results.')
        return
    if not isinstance(item.get("name"), str) or is_missing(item.get("name")):
        yield _required(f"{place}.name")
    results = item.get("results")
    if not isinstance(results, list):
        yield error(f'"{place}.results" must be a list.')
        return
    for number, result in enumerate(results[:MOST_RESULTS]):
        yield from _result(f"{place}.results[{number}]", result)


def _result(place: str, result: Json) -> Iterator[Finding]:
    if not isinstance(result, dict):
        yield error(f'"{place}" must be an object with task, dataset and metrics.')
        return
    for part, keys in (("task", ("type",)), ("dataset", ("type", "name"))):
        described = mapping_of(result.get(part))
        for key in keys:
            if not isinstance(described.get(key), str) or is_missing(described.get(key)):
                yield _required(f"{place}.{part}.{key}")
    if "args" in mapping_of(result.get("dataset")) and not isinstance(
        mapping_of(result["dataset"])["args"], dict | None
    ):
        yield error(f'"{place}.dataset.args" must be an object.')
    yield from _metrics(place, result.get("metrics"))
    source = result.get("source")
    if source is not None and is_missing(mapping_of(source).get("url")):
        yield _required(f"{place}.source.url")


def _metrics(place: str, metrics: Json) -> Iterator[Finding]:
    if not isinstance(metrics, list):
        yield error(f'"{place}.metrics" must be a list.')
        return
    for number, metric in enumerate(metrics[:MOST_RESULTS]):
        described = mapping_of(metric)
        if not isinstance(described.get("type"), str) or is_missing(described.get("type")):
            yield _required(f"{place}.metrics[{number}].type")
        if is_missing(described.get("value")):
            yield _required(f"{place}.metrics[{number}].value")


def _required(place: str) -> Finding:
    return error(f'"{place}" is required.')
