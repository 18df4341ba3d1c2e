"""Rules for the cards of data sets: vocabulary, and which files make which configuration."""

from collections.abc import Collection, Iterator

from bearhug.formats.values import Json, mapping_of, text_of
from bearhug.hub.cards.findings import Finding, did_you_mean, error, is_missing, positions, shown, warning
from bearhug.hub.cards.records import JsonObject
from bearhug.hub.cards.vocabulary import CREATORS, MULTILINGUALITY, SIZE_IDS, SUBTASKS, TASK_IDS

WORDS: tuple[tuple[str, Collection[str]], ...] = (
    ("task_categories", TASK_IDS),
    ("task_ids", SUBTASKS),
    ("size_categories", SIZE_IDS),
    ("annotations_creators", CREATORS),
    ("language_creators", CREATORS),
    ("multilinguality", MULTILINGUALITY),
)
MOST_CONFIGS = 5000


def dataset_findings(metadata: JsonObject) -> Iterator[Finding]:
    """What the card of a data set gets wrong."""
    for key, known in WORDS:
        yield from _words(metadata, key, known)
    if "configs" in metadata:
        yield from _configs(metadata["configs"])
    infos = metadata.get("dataset_info")
    for place, info in positions(infos) if infos is not None else ():
        if not isinstance(info, dict):
            yield error(f'"dataset_info{place}" must be an object with features and splits.')
        elif not isinstance(info.get("features"), list | None):
            yield error(f'"dataset_info{place}.features" must be a list of columns with name and dtype.')


def _words(metadata: JsonObject, key: str, known: Collection[str]) -> Iterator[Finding]:
    for place, value in positions(metadata.get(key)):
        if is_missing(value):
            continue
        text = text_of(value)
        if text is None:
            yield error(f'"{key}{place}" must be a word.')
        elif text not in known:
            yield warning(f'"{key}{place}": "{shown(value)}" is not one of the known words.{did_you_mean(text, known)}')


def _configs(value: Json) -> Iterator[Finding]:
    if not isinstance(value, list) or len(value) > MOST_CONFIGS:
        yield error(f'"configs" must be a list of at most {MOST_CONFIGS} objects with config_name and data_files.')
        return
    seen: set[str] = set()
    defaults = 0
    for number, item in enumerate(value):
        config = mapping_of(item)
        name = text_of(config.get("config_name"))
        if name is None:
            yield error(f'"configs[{number}].config_name" is required.')
        elif name in seen:
            yield error(f'"configs[{number}].config_name": "{shown(name)}" is used twice.')
        seen.add(name or "")
        defaults += config.get("default") is True
        yield from _data_files(f"configs[{number}]", config.get("data_files"))
    if defaults > 1:
        yield error('"configs": only one of them can be the default.')


def _data_files(place: str, value: Json) -> Iterator[Finding]:
    for at, item in positions(value):
        path = mapping_of(item).get("path") if isinstance(item, dict) else item
        if isinstance(item, dict) and (text_of(item.get("split")) is None or path is None):
            yield error(f'"{place}.data_files{at}" needs a split and a path.')
        for _, pattern in positions(path):
            if pattern is not None and not _stays_inside(pattern):
                yield error(f'"{place}.data_files{at}": "{shown(pattern)}" must be a path inside of the repository.')


def _stays_inside(pattern: Json) -> bool:
    if not isinstance(pattern, str) or not pattern:
        return False
    if "://" in pattern:
        return True
    return not pattern.startswith("/") and ".." not in pattern.split("/")
