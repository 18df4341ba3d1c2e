"""Evaluation results beside a model: `.eval_results/*.yaml`, each a list of measured values."""

from collections.abc import Callable, Iterable, Iterator

from bearhug.formats.values import Json, ValuesError, list_of, mapping_of, text_of
from bearhug.formats.yaml_values import YamlError, YamlValues
from bearhug.hub.cards.records import JsonObject

FOLDER = ".eval_results/"
ENDINGS = (".yaml", ".yml")
MOST_FILES = 50
MOST_RESULTS = 200
LONGEST = 200
TEXTS = ("verifyToken", "date", "notes")


def evaluations_of(paths: Iterable[str], text: Callable[[str], str | None]) -> tuple[Json, ...]:
    """`{filename, data}` for each result; `{filename, error}` for a file that cannot be used."""
    files = sorted(path for path in paths if path.startswith(FOLDER) and path.endswith(ENDINGS))
    found = [result for path in files[:MOST_FILES] for result in _of_file(path, text(path))]
    return tuple(found[:MOST_RESULTS])


def _of_file(path: str, text: str | None) -> Iterator[Json]:
    try:
        items = list_of(YamlValues().document(text)) if text is not None else []
    except (YamlError, ValuesError) as error:
        yield {"filename": path, "error": str(error)[:LONGEST]}
        return
    results = [_result(item) for item in items[:MOST_RESULTS]]
    if not results or None in results:
        yield {"filename": path, "error": "Each result needs dataset.id, dataset.task_id and a value."}
        return
    for result in results:
        yield {"filename": path, "data": result}


def _result(item: Json) -> JsonObject | None:
    said = mapping_of(item)
    dataset, source = mapping_of(said.get("dataset")), mapping_of(said.get("source"))
    identity, task, value = (_short(dataset.get("id")), _short(dataset.get("task_id")), said.get("value"))
    if not identity or not task or value is None or isinstance(value, list | dict):
        return None
    found: JsonObject = {"dataset": {"id": identity, "task_id": task}, "value": value}
    if revision := _short(dataset.get("revision")):
        found["dataset"] = {"id": identity, "task_id": task, "revision": revision}
    if url := text_of(source.get("url")):
        names = {key: name for key in ("name", "user", "org") if (name := _short(source.get(key)))}
        found["source"] = {"url": url[:1000], **names}
    return {**found, **{key: text for key in TEXTS if (text := text_of(said.get(key)) or "") and len(text) < 2000}}


def _short(value: Json) -> str | None:
    return (text_of(value) or "")[:LONGEST] or None
