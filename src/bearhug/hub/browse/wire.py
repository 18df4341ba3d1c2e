"""The state of a list as its address: filters switched on and off, and the filters there are."""

from collections.abc import Mapping
from urllib.parse import urlencode

from bearhug.base.http.call import Call
from bearhug.hub.browse.records import Pill
from bearhug.hub.cards.wire import tags_by_type

TYPES = {
    "model": ("pipeline_tag", "library", "language", "license", "dataset", "other"),
    "dataset": ("task_categories", "modality", "format", "size_categories", "language", "license", "library"),
    "space": ("license", "language", "other"),
}
"""Which types of tag are filters of a kind, in the order in which they are shown."""

STATE = ("search", "author", "filter", "pipeline_tag", "sort")
MOST_VALUES = 20


def state(call: Call) -> list[tuple[str, str]]:
    """What a list page keeps of its address."""
    kept = [(key, value[:200]) for key, value in call.pairs if key in STATE and value]
    return list(dict.fromkeys(kept))[:MOST_VALUES]


def toggled(call: Call, tag: str) -> str:
    """The same list with a tag switched: on if it was off, off if it was on."""
    pair = ("filter", tag)
    pairs = state(call)
    changed = [one for one in pairs if one != pair] if pair in pairs else [*pairs, pair]
    return _address(call, changed)


def without(call: Call, key: str) -> str:
    """The same list without one part of its state."""
    return _address(call, [pair for pair in state(call) if pair[0] != key])


def page_at(call: Call, cursor: str) -> str:
    """The same list, further on."""
    return _address(call, [*state(call), ("cursor", cursor)])


def facets(kind: str, counts: Mapping[str, int]) -> dict[str, list[Pill]]:
    """Pills by type, the frequent ones first; types without any are left out."""
    found = tags_by_type(kind, counts)
    return {
        name: [Pill(tag["id"], tag["label"], tag["count"]) for tag in found[name]]
        for name in TYPES[kind]
        if found.get(name)
    }


def _address(call: Call, pairs: list[tuple[str, str]]) -> str:
    return f"{call.path}?{urlencode(pairs)}" if pairs else call.path
