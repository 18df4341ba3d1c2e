"""Puts the values of Parquet columns together again as records: lists, maps and structs from levels.

Source of the method: S. Melnik and others, "Dremel: Interactive Analysis of Web-Scale Datasets", section 4.2.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from bearhug.formats.parquet import Field
from bearhug.formats.parquet_pages import Column
from bearhug.formats.parquet_values import Scalar, meaning

MOST_ITEMS = 200
"""Items of one list that are kept."""


def cells(path: Sequence[Field], column: Column, rows: int) -> list[Any]:
    """The values of the first rows of one column as nested Python: lists stay lists, their helper fields vanish."""
    leaf = path[-1]
    top = sum(one.repetition != "required" for one in path)
    found: list[Any] = []
    values = iter(column.values)
    entries: list[tuple[int, int, Scalar]] = []
    for repetition, definition in zip(column.repetitions, column.definitions, strict=True):
        if repetition == 0 and entries:
            found.append(_record(path, entries))
            entries = []
            if len(found) == rows:
                return found
        value = next(values, None) if definition == top else None
        if len(entries) <= MOST_ITEMS:
            entries.append((repetition, definition, meaning(value, leaf) if value is not None else None))
    if entries:
        found.append(_record(path, entries))
    return found


def _record(path: Sequence[Field], entries: list[tuple[int, int, Scalar]]) -> Any:
    """One row's value of a column."""
    return _value(path, 0, 0, 0, entries)


def _value(path: Sequence[Field], at: int, repeated: int, defined: int, entries: list[tuple[int, int, Scalar]]) -> Any:
    """What stands at field `at` and below, with the levels that were passed on the way."""
    if at == len(path):
        return entries[0][2]
    one = path[at]
    if one.repetition == "required":
        return _value(path, at + 1, repeated, defined, entries)
    if entries[0][1] <= defined:
        return [] if one.repetition == "repeated" else None
    if one.repetition == "optional":
        return _value(path, at + 1, repeated, defined + 1, entries)
    parts = list(_split(entries, repeated + 1))
    return [_value(path, at + 1, repeated + 1, defined + 1, part) for part in parts]


def _split(entries: list[tuple[int, int, Scalar]], level: int) -> Iterator[list[tuple[int, int, Scalar]]]:
    """Entries of each item of a list: one begins where the level is not greater."""
    part: list[tuple[int, int, Scalar]] = []
    for entry in entries:
        if part and entry[0] <= level:
            yield part
            part = []
        part.append(entry)
    yield part
