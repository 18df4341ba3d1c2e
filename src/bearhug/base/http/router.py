"""Finds the endpoint of a request by its still percent-encoded path, so that `feat%2Fx` stays one revision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar
from urllib.parse import unquote

from bearhug.base.http.rows import Row
from bearhug.formats.file_names import spelled

T = TypeVar("T")
PROGRAMS = "api"


@dataclass
class _Node:
    exact: dict[str, "_Node"] = field(default_factory=dict)
    any_one: list[tuple[str, "_Node"]] = field(default_factory=list)
    rest: dict[str, tuple[str, Row]] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """The row and its decoded parameters."""

    row: Row
    params: dict[str, str]


@dataclass(frozen=True)
class WrongMethod:
    """The address exists; these are the methods it takes."""

    allowed: tuple[str, ...]


class Router:
    """A tree of segments: exact words first, then parameters, then the rest of the path."""

    def __init__(self, rows: Iterable[Row], choices: Mapping[str, Mapping[str, str]]) -> None:
        self._root = _Node()
        self.rows = list(rows)
        self._fixed: dict[tuple[str, str], dict[str, str]] = {}
        for row in self.rows:
            for path, fixed in expand(row.path, choices):
                self._add(replace(row, path=path), fixed)

    def _add(self, row: Row, fixed: dict[str, str]) -> None:
        node = self._root
        self._fixed[row.method, row.path] = fixed
        for segment in filter(None, row.path.split("/")):
            if segment.startswith("{") and segment.endswith("*}"):
                _once(node.rest, row.method, row)
                node.rest[row.method] = (segment[1:-2], row)
                return
            node = _child(node, segment)
        _once(node.rows, row.method, row)
        node.rows[row.method] = row

    def find(self, method: str, raw_path: str) -> Match | WrongMethod | None:
        """What answers; below `/api` only rows that begin so, because no owner has that name."""
        segments = [part for part in raw_path.split("/") if part]
        allowed: set[str] = set()
        found = self._walk(self._root, segments, 0, {}, method, allowed)
        if found is not None:
            return found
        return WrongMethod(tuple(sorted(allowed))) if allowed else None

    def _walk(
        self,
        node: _Node,
        segments: list[str],
        at: int,
        params: dict[str, str],
        method: str,
        allowed: set[str],
    ) -> Match | None:
        if at == len(segments):
            allowed.update(node.rows)
            row = _taker(node.rows, method)
            if row is not None:
                return self._match(row, params)
            return self._rest(node, segments, at, params, method, allowed)
        child = node.exact.get(segments[at])
        if child is not None:
            found = self._walk(child, segments, at + 1, params, method, allowed)
            if found is not None:
                return found
        for name, child in node.any_one if at or segments[0] != PROGRAMS else ():
            value = decode(segments[at])
            found = self._walk(child, segments, at + 1, {**params, name: value}, method, allowed)
            if found is not None:
                return found
        return self._rest(node, segments, at, params, method, allowed)

    def _rest(
        self,
        node: _Node,
        segments: list[str],
        at: int,
        params: dict[str, str],
        method: str,
        allowed: set[str],
    ) -> Match | None:
        allowed.update(node.rest)
        taker = _taker(node.rest, method)
        if taker is None:
            return None
        name, row = taker
        return self._match(row, {**params, name: "/".join(decode(part) for part in segments[at:])})

    def _match(self, row: Row, params: dict[str, str]) -> Match:
        return Match(row, {**self._fixed[row.method, row.path], **params})


def decode(segment: str) -> str:
    """Percent-decode one segment; bytes that are not UTF-8 are spelled, as names of files may be."""
    return spelled(unquote(segment, errors="surrogateescape")) if "%" in segment else segment


def expand(path: str, choices: Mapping[str, Mapping[str, str]]) -> list[tuple[str, dict[str, str]]]:
    """A template with a `{choice}` becomes one path a choice; its value is handed over as a parameter."""
    for name, values in choices.items():
        mark = "{" + name + "}"
        if mark in path:
            return [(path.replace(mark, word).replace("//", "/"), {name: value}) for word, value in values.items()]
    return [(path, {})]


def _child(node: _Node, segment: str) -> _Node:
    if segment.startswith("{"):
        name = segment[1:-1]
        for known, child in node.any_one:
            if known == name:
                return child
        child = _Node()
        node.any_one.append((name, child))
        return child
    return node.exact.setdefault(segment, _Node())


def _taker(taken: Mapping[str, T], method: str) -> T | None:
    """Whoever takes the method; what takes GET takes HEAD."""
    return taken.get(method) or (taken.get("GET") if method == "HEAD" else None)


def _once(taken: Mapping[str, object], method: str, row: Row) -> None:
    if method in taken:
        raise ValueError(f"two endpoints for {method} {row.path}")
