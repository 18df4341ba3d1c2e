"""CSV and TSV: the first rows as a table, and the next ones by the place where they begin."""

from dataclasses import dataclass
from itertools import islice

from bearhug.formats import delimited
from bearhug.hub.previews.records import Sight, Unreadable
from bearhug.hub.previews.texts import decoded

WINDOW = 512 * 1024
ROWS = 50
SHOWN_CELLS = 60
FURTHEST = 1 << 50


@dataclass(frozen=True)
class Sheet:
    """Names of columns and rows. `columns` says how many; `row` is the place of these rows, `after` of the next."""

    header: list[str]
    rows: list[list[str]]
    columns: int
    encoding: str
    separator: str
    row: int
    after: int | None
    page: str
    source: str


def sheet(sight: Sight) -> Sheet:
    """A page of rows. The first row names the columns."""
    start = sight.start(WINDOW)
    text, encoding = _text(start, sight.size > len(start))
    sign = delimited.separator_of(text, "\t" if sight.path.lower().endswith((".tsv", ".tab")) else ",")
    found = next(delimited.rows(text, sign), None)
    if found is None:
        raise Unreadable("it has no rows")
    header, ends = found
    first = len(_bytes(start, text[:ends], encoding))
    row = max(sight.number("row", first, most=FURTHEST), first)
    window = sight.content.read_at(row, WINDOW) if row < sight.size else b""
    rows, used = _rows(window, encoding, sign, is_cut=row + len(window) < sight.size)
    columns = max([len(header), *map(len, rows)])
    return Sheet(
        header[:SHOWN_CELLS],
        [cells[:SHOWN_CELLS] for cells in rows],
        columns,
        encoding,
        sign,
        row if row > first else 0,
        row + used if used and row + used < sight.size else None,
        sight.page,
        sight.source,
    )


def _text(data: bytes, is_cut: bool) -> tuple[str, str]:
    found = decoded(data, cut=is_cut)
    if found is None or found[1].startswith("utf-16"):
        raise Unreadable("it is not text in an encoding whose rows can be found again")
    return found


def _bytes(data: bytes, text: str, encoding: str) -> bytes:
    """The bytes that a beginning of the text came from."""
    mark = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    return data[: mark + len(text.encode(encoding))]


def _rows(window: bytes, encoding: str, sign: str, *, is_cut: bool) -> tuple[list[list[str]], int]:
    """Whole rows, and the bytes that they take; a row larger than the window is shown as far as it goes."""
    text = window.decode(encoding, "ignore")
    found = list(islice(delimited.rows(text, sign), ROWS + 1))
    if is_cut and 1 < len(found) <= ROWS:
        found.pop()
    found = found[:ROWS]
    if not found:
        return [], 0
    return [cells for cells, _ in found], len(text[: found[-1][1]].encode(encoding))
