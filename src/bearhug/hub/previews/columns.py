"""Parquet: the schema, the row groups and the first rows of one of them."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from bearhug.formats.parquet import Field, Footer, ParquetError, RowGroup, read_footer
from bearhug.formats.parquet_pages import Budget, first_values
from bearhug.formats.parquet_records import cells
from bearhug.hub.previews.records import Sight, Unreadable

ROWS = 20
SHOWN_COLUMNS = 40
SHOWN_FIELDS = 300
SHOWN_GROUPS = 200
MOST_UNPACKED = 64 << 20
LONGEST_CELL = 600


@dataclass(frozen=True)
class ShownField:
    """A line of the schema, `deep` levels in."""

    deep: int
    name: str
    label: str
    repetition: str


@dataclass(frozen=True)
class Cell:
    """A value as text; `kind` is text, number, bytes, none or missing (where a column could not be read)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Columns:
    """What is shown of a Parquet file; `group` is the row group whose first rows stand in `rows`."""

    footer: Footer
    fields: list[ShownField]
    more_fields: bool
    names: list[str]
    count: int
    rows: list[list[Cell]]
    group: int
    codecs: list[str]
    page: str


def columns(sight: Sight) -> Columns:
    """Footer and first rows."""
    try:
        footer = read_footer(sight.content.read_at, sight.size)
    except ParquetError as error:
        raise Unreadable(str(error)) from error
    fields = list(islice(_walk(footer.root.children, 0), SHOWN_FIELDS + 1))
    leaves = list(islice(footer.leaves(), SHOWN_COLUMNS + 1))
    group = min(sight.number("group", 0, most=10**6), max(len(footer.groups) - 1, 0))
    rows = _rows(sight, footer.groups[group], leaves[:SHOWN_COLUMNS]) if footer.groups else []
    return Columns(
        footer,
        fields[:SHOWN_FIELDS],
        len(fields) > SHOWN_FIELDS,
        [_name(path) for path in leaves[:SHOWN_COLUMNS]],
        sum(1 for _ in footer.leaves()),
        rows,
        group,
        sorted({chunk.codec for item in footer.groups[:10] for chunk in item.chunks}),
        sight.page,
    )


def _walk(fields: list[Field], deep: int) -> Any:
    for one in fields:
        yield ShownField(deep, one.name, one.label or ("struct" if one.children else one.kind), one.repetition)
        yield from _walk(one.children, deep + 1)


def _name(path: tuple[Field, ...]) -> str:
    """The name of a column without the helper fields of lists and maps."""
    shown = [one.name for place, one in enumerate(path) if not _is_helper(path, place)]
    return ".".join(shown)


def _is_helper(path: tuple[Field, ...], place: int) -> bool:
    if not place:
        return False
    is_in_list = path[place - 1].label in ("list", "map") and path[place].repetition == "repeated"
    return is_in_list or (place > 1 and path[place - 2].label == "list" and path[place - 1].repetition == "repeated")


def _rows(sight: Sight, group: RowGroup, leaves: list[tuple[Field, ...]]) -> list[list[Cell]]:
    """Rows of cells, column by column; a column that cannot be read is missing, the others are there."""
    budget = Budget(MOST_UNPACKED)
    wanted = min(ROWS, group.rows)
    chunks = {chunk.path: chunk for chunk in group.chunks}
    found: list[list[Cell]] = []
    for path in leaves:
        chunk = chunks.get(tuple(one.name for one in path))
        try:
            if chunk is None:
                raise ParquetError("The column is not in this row group.")
            column = cells(path, first_values(sight.content.read_at, chunk, path, wanted, budget), wanted)
        except ParquetError:
            column = []
        drawn = [_cell(value) for value in column]
        found.append(drawn + [Cell("missing", "")] * (wanted - len(drawn)))
    return [list(row) for row in zip(*found, strict=True)]


def _cell(value: Any) -> Cell:
    match value:
        case None:
            return Cell("none", "null")
        case bytes():
            return Cell("bytes", f"{value[:6].hex(' ')}{' …' if len(value) > 6 else ''} ({len(value)} B)")
        case bool() | int() | float():
            return Cell("number", str(value))
        case list():
            return Cell("text", _brief(value)[:LONGEST_CELL])
    text = str(value)
    return Cell("text", text[:LONGEST_CELL] + ("…" if len(text) > LONGEST_CELL else ""))


def _brief(value: Any) -> str:
    """A list in one line; bytes as their number."""
    if isinstance(value, list):
        inner = ", ".join(_brief(item) for item in value[:30])
        return f"[{inner}{', …' if len(value) > 30 else ''}]"
    if isinstance(value, bytes):
        return f"{len(value)} B"
    return "null" if value is None else f'"{value[:200]}"' if isinstance(value, str) else str(value)
