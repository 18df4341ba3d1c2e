"""The rules for card metadata: errors refuse a commit or a push, warnings are shown."""

import re
from collections.abc import Iterator
from typing import Any

from bearhug.formats.front_matter import FrontMatterError, split
from bearhug.hub.cards.reading import texts
from bearhug.hub.cards.records import Json, Review
from bearhug.hub.cards.vocabulary import LICENCES, TASK_IDS

NAMED = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}\Z")
SPACE_SDKS = ("gradio", "docker", "static", "streamlit")
COLOURS = ("red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray")
NO_METADATA = "empty or missing yaml metadata in repo card"


def review(kind: str, text: str) -> Review:
    """Check a card's text. Bad YAML is an error; a card without metadata only a warning."""
    try:
        metadata, _ = split(text)
    except FrontMatterError as error:
        return Review(errors=(f"The metadata between the --- lines is not valid: {error}",))
    if not metadata:
        return Review(warnings=(NO_METADATA,))
    rules = {"model": _model, "dataset": _dataset, "space": _space}[kind]
    found = [*_common(metadata), *rules(metadata)]
    errors = tuple(message for grave, message in found if grave)
    return Review(errors, tuple(message for grave, message in found if not grave))


def card_errors(kind: str, text: str) -> tuple[str, ...]:
    """Only what refuses a commit or a push."""
    return review(kind, text).errors


Finding = tuple[bool, str]
"""(is an error, message)."""


def _common(metadata: Json) -> Iterator[Finding]:
    for key in ("license", "language", "tags"):
        value = metadata.get(key)
        if value is not None and not _is_texts(value):
            yield True, f'"{key}" must be a string or a list of strings.'
    for licence in texts(metadata.get("license")):
        if licence.lower() not in LICENCES:
            yield (
                True,
                f'"license: {licence}" is not a known licence id. Use "other" with license_name and license_link.',
            )
    for language in texts(metadata.get("language")):
        if not re.fullmatch(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*", language):
            yield True, f'"language: {language}" is not a language code such as "en" or "zh".'


def _model(metadata: Json) -> Iterator[Finding]:
    task = metadata.get("pipeline_tag")
    if task is not None and task not in TASK_IDS:
        yield False, f'"pipeline_tag: {str(task)[:80]}" is not a known task.'
    for key in ("base_model", "datasets"):
        value = metadata.get(key)
        if value is not None and not _is_texts(value):
            yield True, f'"{key}" must be a repository id or a list of them.'
    for base in texts(metadata.get("base_model")):
        if not NAMED.match(base):
            yield False, f'"base_model: {base[:80]}" is not an id of the form owner/name.'
    if "model-index" in metadata:
        yield from ((True, message) for message in _model_index(metadata["model-index"]))


def _model_index(value: Any) -> Iterator[str]:
    if not isinstance(value, list):
        yield '"model-index" must be a list.'
        return
    for number, item in enumerate(value):
        place = f'"model-index[{number}]'
        if not isinstance(item, dict) or not isinstance(item.get("name"), str):
            yield f'{place}.name" is required.'
        elif not isinstance(item.get("results"), list):
            yield f'{place}.results" must be a list.'
        else:
            for at, result in enumerate(item["results"]):
                yield from _result(f"{place}.results[{at}]", result)


def _result(place: str, result: Any) -> Iterator[str]:
    if not isinstance(result, dict):
        yield f'{place}" must be an object.'
        return
    for key, needed in (("task", ("type",)), ("dataset", ("type", "name"))):
        part = result.get(key)
        for name in needed:
            if not isinstance(part, dict) or not part.get(name):
                yield f'{place}.{key}.{name}" is required.'
    metrics = result.get("metrics")
    if not isinstance(metrics, list):
        yield f'{place}.metrics" must be a list.'
        return
    for at, metric in enumerate(metrics):
        if not isinstance(metric, dict) or not metric.get("type") or "value" not in metric:
            yield f'{place}.metrics[{at}]" needs a type and a value.'


def _dataset(metadata: Json) -> Iterator[Finding]:
    for task in texts(metadata.get("task_categories")):
        if task not in TASK_IDS:
            yield False, f'"task_categories: {task}" is not a known task.'
    configs = metadata.get("configs")
    if configs is not None:
        names = (
            [item.get("config_name") for item in configs if isinstance(item, dict)] if isinstance(configs, list) else []
        )
        if not names or not all(isinstance(name, str) and name for name in names):
            yield True, '"configs" must be a list of objects with a config_name.'
        elif len(set(names)) != len(names):
            yield True, '"configs" names the same config_name twice.'


def _space(metadata: Json) -> Iterator[Finding]:
    sdk = metadata.get("sdk")
    if sdk is None:
        yield False, '"sdk" is missing: say gradio, docker or static.'
    elif sdk not in SPACE_SDKS:
        yield True, f'"sdk: {str(sdk)[:40]}" must be one of {", ".join(SPACE_SDKS)}.'
    for key in ("colorFrom", "colorTo"):
        if key in metadata and metadata[key] not in COLOURS:
            yield True, f'"{key}" must be one of {", ".join(COLOURS)}.'
    short = metadata.get("short_description")
    if isinstance(short, str) and len(short) > 60:
        yield True, '"short_description" may have at most 60 characters.'


def _is_texts(value: Any) -> bool:
    items = value if isinstance(value, list) else [value]
    return all(isinstance(item, str | int | float) or item is None for item in items)
