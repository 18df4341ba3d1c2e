"""The state of a list as its address, and the filters there are."""

import base64
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlencode

from bearhug.base.http.call import Call
from bearhug.hub.cards.tag_tables import Tag, tag_of, used_by_type
from bearhug.hub.lists.records import Facet, Pill, Tally
from bearhug.hub.repos.records import Repo

FACETS = {
    "model": ("pipeline_tag", "parameters", "library", "language", "license", "relation", "dataset", "more", "other"),
    "dataset": ("task_categories", "modality", "size_categories", "format", "language", "license", "library", "more"),
    "space": ("sdk", "license", "language", "more", "other"),
}
"""Which filters a kind has, in the order in which they are shown."""

STATE = ("name", "search", "author", "filter", "num_parameters", "gated", "inference", "sort", "all")
State = list[tuple[str, str]]
SDKS = ("gradio", "streamlit", "docker", "static")
TASKS = ("pipeline_tag", "task_categories")
RELATIONS = ("finetune", "adapter", "quantized", "merge")
MOST_VALUES = 20
LONGEST = 200


def state(call: Call) -> State:
    """What a list page keeps of its address."""
    kept = [(key, value[:LONGEST]) for key, value in call.pairs if key in STATE and value]
    return list(dict.fromkeys(kept))[:MOST_VALUES]


def toggled(path: str, state: State, key: str, value: str) -> str:
    """The same list with a value switched: on if it was off, off if it was on; only filters hold several."""
    pairs = [pair for pair in state if pair[0] != "all"]
    if (key, value) in pairs:
        return address(path, [pair for pair in pairs if pair != (key, value)])
    return address(path, [pair for pair in pairs if pair[0] != key or key == "filter"] + [(key, value)])


def changed(path: str, state: State, key: str, value: str = "") -> str:
    """The same list with another value of one part of its state, or without it."""
    pairs = [pair for pair in state if pair[0] not in (key, "all")]
    return address(path, [*pairs, (key, value)] if value else pairs)


def beyond(path: str, state: State, key: str, repo: Repo, sort: str) -> str:
    """The page that begins behind this row, or ends before it."""
    value = getattr(repo, sort)
    mark = json.dumps((value.isoformat() if isinstance(value, datetime) else value, repo.id))
    text = base64.urlsafe_b64encode(mark.encode()).decode().rstrip("=")
    return address(path, [*state, (key, text)])


def address(path: str, pairs: State) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path


@lru_cache(maxsize=16)
def facets(kind: str, tally: Tally, most: int) -> list[Facet]:
    """Filters of a kind that have any value here, up to `most` of each; tallies of everything serve many readers."""
    typed = used_by_type(kind, tally.tags)
    special = {
        "parameters": [
            _pill("num_parameters", span.value, span.label, tally.sizes[span], tally) for span in tally.sizes
        ],
        "relation": _known("relation:", RELATIONS, tally),
        "sdk": _known("", SDKS, tally),
        "more": _more(tally),
    }
    found = []
    for name in FACETS[kind]:
        if pills := special.get(name):
            found.append(Facet(name, pills, len(pills)))
        elif tags := _shown(typed.get(name, ()), kind):
            found.append(Facet(name, _tags(tags[:most], tally), len(tags)))
    return found


def labels(found: Iterable[Facet]) -> dict[tuple[str, str], tuple[str, str]]:
    """How values are called: facet and label by key and value; those of tags that are not shown are known anyway."""
    return {(pill.key, pill.value): (facet.name, pill.label) for facet in found for pill in facet.pills}


def chip(kind: str, pair: tuple[str, str], known: dict[tuple[str, str], tuple[str, str]]) -> tuple[str, str]:
    """Facet and label of a chosen value, also of one that nothing here carries."""
    key, value = pair
    if key != "filter":
        return known.get(pair, ("", value))
    tag = tag_of(kind, value)
    facet, label = known.get(pair, (tag.type, tag.label))
    return facet, value.rpartition(":")[2] if facet in TASKS else label


def _shown(tags: Sequence[Tag], kind: str) -> Sequence[Tag]:
    return [tag for tag in tags if tag.id not in SDKS] if kind == "space" else tags


def _tags(tags: Iterable[Tag], tally: Tally) -> list[Pill]:
    return [_pill("filter", tag.id, tag.label, tally.tags[tag.id.lower()], tally, tag.group or "") for tag in tags]


def _known(prefix: str, words: Iterable[str], tally: Tally) -> list[Pill]:
    used = [word for word in words if prefix + word in tally.tags]
    return [_pill("filter", prefix + word, word, tally.tags[prefix + word], tally) for word in used]


def _more(tally: Tally) -> list[Pill]:
    """What is no tag: who may read it, and whether it can be asked here."""
    found = []
    if tally.gated or tally.is_more:
        found += [_pill("gated", "true", "gated", tally.gated, tally)]
        found += [_pill("gated", "false", "open", tally.total - tally.gated, tally)]
    if "inference:warm" in tally.tags:
        found.append(_pill("inference", "warm", "inference", tally.tags["inference:warm"], tally))
    return found


def _pill(key: str, value: str, label: str, count: int, tally: Tally, group: str = "") -> Pill:
    return Pill(key, value, label, None if tally.is_more else count, group)
