"""Tags by their type: the known vocabulary and what repositories use, for facets and for the metadata form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import itemgetter

from bearhug.hub.cards.vocabulary import (
    CREATORS,
    KNOWN_LIBRARIES,
    LIBRARIES,
    LICENCES,
    MULTILINGUALITY,
    SIZE_IDS,
    TASK_IDS,
    TASKS,
    language_label,
    languages,
)

MODEL_PREFIXES = ("dataset", "license", "region", "base_model", "arxiv", "doi", "deploy")
DATASET_PREFIXES = (
    "task_categories",
    "task_ids",
    "language",
    "license",
    "size_categories",
    "format",
    "modality",
    "library",
    "multilinguality",
    "annotations_creators",
    "language_creators",
    "source_datasets",
    "arxiv",
    "benchmark",
    "region",
)
HIDDEN = ("uses:", "apps:", "library:", "relation:")
"""Rows that only filters need; data sets show `library:`."""
_PLACE = itemgetter(0, 1)


@dataclass(frozen=True)
class Tag:
    """One tag: `id` is what filters take, `type` the facet, `group` a subdivision such as the modality of a task."""

    id: str
    label: str
    type: str
    count: int = 0
    group: str | None = None


def tags_by_type(kind: str, counts: Mapping[str, int]) -> dict[str, list[Tag]]:
    """Tags of models or data sets by type, the frequent ones first; `counts` are those in use, in lower case."""
    known = _words(kind)
    tags = [*known.values(), *(_tag(kind, name) for name in counts if name not in known and not _is_hidden(kind, name))]
    found: dict[str, list[Tag]] = {}
    for tag in tags:
        counted = Tag(tag.id, tag.label, tag.type, counts.get(tag.id.lower(), 0), tag.group)
        found.setdefault(tag.type, []).append(counted)
    return {name: sorted(rows, key=lambda tag: (-tag.count, tag.label.lower())) for name, rows in found.items()}


def tag_of(kind: str, name: str) -> Tag:
    """What a tag is and how it is called, whether it is in use or not."""
    return _words(kind).get(name.lower()) or _tag(kind, name)


def used_by_type(kind: str, counts: Mapping[str, int]) -> dict[str, list[Tag]]:
    """The same of those in use alone; their counts stay where they are."""
    known = _words(kind)
    found: dict[str, list[tuple[int, str, Tag]]] = {}
    for name, count in counts.items():
        tag = known.get(name)
        if tag is None and not _is_hidden(kind, name):
            tag = _tag(kind, name)
        if tag is not None:
            found.setdefault(tag.type, []).append((-count, tag.label.lower(), tag))
    return {name: [tag for _, _, tag in sorted(rows, key=_PLACE)] for name, rows in found.items()}


@cache
def _words(kind: str) -> Mapping[str, Tag]:
    """The words that are always shown, by their names in lower case."""
    return {tag.id.lower(): tag for tag in (_model_words() if kind == "model" else _dataset_words())}


def _model_words() -> Iterator[Tag]:
    yield from (Tag(task.id, task.label, "pipeline_tag", group=task.modality) for task in TASKS.values() if task.models)
    yield from (Tag(library.id, library.label, "library") for library in LIBRARIES.values() if library.facet)
    yield from (Tag(f"license:{licence}", licence, "license") for licence in LICENCES)


def _dataset_words() -> Iterator[Tag]:
    for task in TASKS.values():
        if task.datasets:
            yield Tag(f"task_categories:{task.id}", task.label, "task_categories", group=task.modality)
            yield from (
                Tag(f"task_ids:{name}", text, "task_ids", group=task.id) for name, text in task.subtasks.items()
            )
    for name, words in (
        ("license", LICENCES),
        ("size_categories", SIZE_IDS),
        ("multilinguality", MULTILINGUALITY),
        ("annotations_creators", CREATORS),
        ("language_creators", CREATORS),
    ):
        yield from (Tag(f"{name}:{word}", word, name) for word in words)


@lru_cache(maxsize=10_000)
def _tag(kind: str, name: str) -> Tag:
    """A tag that is no known word, put where its look says."""
    prefix, colon, rest = name.partition(":")
    if colon and prefix in (MODEL_PREFIXES if kind == "model" else DATASET_PREFIXES):
        return Tag(name, (language_label(rest) if prefix == "language" else None) or rest, prefix)
    if kind == "model" and name in KNOWN_LIBRARIES:
        return Tag(name, LIBRARIES[name].label, "library")
    if kind == "model" and name in TASK_IDS:
        return Tag(name, TASKS[name].label, "pipeline_tag", group=TASKS[name].modality)
    if kind == "model" and name in languages():
        return Tag(name, languages()[name], "language")
    return Tag(name, name, "other")


def _is_hidden(kind: str, name: str) -> bool:
    return name.startswith(HIDDEN) and not (kind == "dataset" and name.startswith("library:"))
