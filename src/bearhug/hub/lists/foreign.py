"""Addresses of lists as the public hub's pages write them, in the spelling of this one."""

from bearhug.base.http.call import Call
from bearhug.hub.lists.wire import LONGEST, MOST_VALUES, State, address

BARE = {"pipeline_tag", "library", "language", "other", "sdk"}
"""Parts whose values are tags as they stand."""
NAMED = {"license", "dataset", "task_categories", "task_ids", "modality", "format", "size_categories"}
"""Parts whose values begin with the name of the part."""
ORDERS = {"trending": "trending_score", "created": "created_at", "modified": "last_modified"}


def own_address(call: Call, kind: str) -> str:
    """Where the list of a foreign address is found here; nothing if this is an address of our own."""
    pairs = [pair for key, value in call.pairs[:MOST_VALUES] for pair in _own(kind, key, value)]
    own = list(dict.fromkeys(pairs))[:MOST_VALUES]
    return "" if own == call.pairs[: len(own)] or not own else address(call.path, own)


def _own(kind: str, key: str, value: str) -> State:
    if key == "sort":
        return [(key, ORDERS.get(value, value))]
    if key == "filter":
        return [(key, tag) for tag in value.split(",") if tag]
    if key not in BARE | NAMED:
        return [(key, value)]
    bare = key in BARE and not (kind == "dataset" and key in {"language", "library"})
    tags = [tag for tag in value[:LONGEST].split(",") if tag]
    return [("filter", tag if bare or tag.startswith(f"{key}:") else f"{key}:{tag}") for tag in tags]
