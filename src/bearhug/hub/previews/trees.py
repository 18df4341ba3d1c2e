"""JSON and JSON lines as trees that fold, with a limit for how much of them is drawn."""

from dataclasses import dataclass, field
from itertools import islice

from bearhug.formats.values import Json, ValuesError, parse_json
from bearhug.hub.previews.records import Sight, Unreadable

LARGEST = 4 << 20
WINDOW = 1 << 20
RECORDS = 30
MOST_NODES = 1_500
MOST_CHILDREN = 100
DEEPEST = 24
LONGEST_TEXT = 2_000
LONGEST_KEY = 200
GLANCE = 90
FURTHEST = 1 << 50


@dataclass(frozen=True)
class Node:
    """A value: `kind` is object, list, text, number, word or more; `count` is how many children there really are."""

    key: str
    kind: str
    text: str = ""
    count: int = 0
    children: list["Node"] = field(default_factory=list)


@dataclass(frozen=True)
class Forest:
    """Trees, the place of the first one, and of the next ones."""

    nodes: list[Node]
    row: int
    after: int | None
    page: str


class _Gardener:
    """Grows trees of values until there are enough nodes on the page."""

    def __init__(self, most: int) -> None:
        self._left = most

    def node(self, key: str, value: Json, deep: int = 0) -> Node:
        self._left -= 1
        key = key[:LONGEST_KEY]
        match value:
            case dict():
                pairs = [(name, child) for name, child in islice(value.items(), MOST_CHILDREN)]
                return self._branch(Node(key, "object", _glance(value), len(value)), pairs, deep)
            case list():
                numbered = [(str(place), child) for place, child in enumerate(value[:MOST_CHILDREN])]
                return self._branch(Node(key, "list", _glance(value), len(value)), numbered, deep)
            case str():
                return Node(key, "text", value[:LONGEST_TEXT], len(value))
            case bool() | None:
                return Node(key, "word", {True: "true", False: "false", None: "null"}[value])
            case _:
                return Node(key, "number", str(value)[:60])

    def _branch(self, node: Node, pairs: list[tuple[str, Json]], deep: int) -> Node:
        if deep < DEEPEST:
            for name, child in pairs:
                if self._left <= 0:
                    break
                node.children.append(self.node(name, child, deep + 1))
        return node


def _glance(value: Json) -> str:
    """A value in one short line."""
    match value:
        case dict():
            inner = ", ".join(f"{key[:30]}: {_short(child)}" for key, child in islice(value.items(), 6))
            return f"{{{inner[:GLANCE]}{'…' if len(inner) > GLANCE or len(value) > 6 else ''}}}"
        case list():
            inner = ", ".join(_short(child) for child in value[:8])
            return f"[{inner[:GLANCE]}{'…' if len(inner) > GLANCE or len(value) > 8 else ''}]"
    return _short(value)


def _short(value: Json) -> str:
    match value:
        case dict():
            return "{…}" if value else "{}"
        case list():
            return "[…]" if value else "[]"
        case str():
            return f'"{value[:40]}{"…" if len(value) > 40 else ""}"'
        case bool() | None:
            return {True: "true", False: "false", None: "null"}[value]
    return str(value)[:24]


def tree(sight: Sight) -> Forest:
    """A JSON document; one that is too large is shown as text."""
    if sight.size > LARGEST:
        raise Unreadable("it is large")
    root = _Gardener(MOST_NODES).node("", _value(sight.start(LARGEST)))
    return Forest([root], 0, None, sight.page)


def forest(sight: Sight) -> Forest:
    """A page of records of JSON lines."""
    row = sight.number("row", 0, most=FURTHEST)
    window = sight.content.read_at(row, WINDOW) if row < sight.size else b""
    is_cut = row + len(window) < sight.size
    gardener, nodes, at = _Gardener(MOST_NODES * 2), list[Node](), 0
    while at < len(window) and len(nodes) < RECORDS:
        end = window.find(b"\n", at)
        if end < 0 and is_cut:
            break
        end = end if end >= 0 else len(window)
        line = window[at:end].strip()
        if line:
            nodes.append(gardener.node(str(len(nodes) + 1), _value(line)))
        at = end + 1
    if not nodes and not row:
        raise Unreadable("its first line is longer than can be shown")
    return Forest(nodes, row, row + at if at and row + at < sight.size else None, sight.page)


def _value(data: bytes) -> Json:
    try:
        return parse_json(data, limit=LARGEST)
    except ValuesError as error:
        raise Unreadable(str(error)) from error
