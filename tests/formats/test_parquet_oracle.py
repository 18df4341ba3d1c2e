"""Files as pyarrow writes them, in every way of packing that it knows."""

import datetime as dt
import decimal
import io
from typing import Any

import pytest

from bearhug.formats.parquet import read_footer
from bearhug.formats.parquet_pages import Budget, first_values
from bearhug.formats.parquet_records import cells

COUNT = 500
SHOWN = 20


def table() -> dict[str, list[Any]]:
    numbers = range(COUNT)
    return {
        "id": list(numbers),
        "text": [f"row {number} 中文" for number in numbers],
        "label": [("a", "b", None)[number % 3] for number in numbers],
        "vector": [[float(step) for step in range(number % 4)] if number % 5 else None for number in numbers],
        "nested": [[[[1, 2], []], [], None][number % 3] for number in numbers],
        "flag": [number % 3 == 0 for number in numbers],
        "day": [dt.date(2020, 1, 1 + number % 28) for number in numbers],
        "moment": [dt.datetime(2020, 1, 1, 12, 30, number % 60) for number in numbers],
        "price": [decimal.Decimal("1.23")] * COUNT,
    }


@pytest.mark.client
@pytest.mark.parametrize("codec", ["snappy", "zstd", "gzip", "brotli", "lz4", "none"])
@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("dictionary", [True, False])
def test_first_rows_are_those_that_pyarrow_wrote(codec: str, version: str, dictionary: bool) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    written, out = table(), io.BytesIO()
    options = {"compression": codec, "data_page_version": version, "use_dictionary": dictionary}
    parquet.write_table(pyarrow.table(written), out, row_group_size=100, **options)
    data = out.getvalue()

    def read(start: int, size: int) -> bytes:
        return data[start : start + size]

    footer = read_footer(read, len(data))
    chunks = {chunk.path: chunk for chunk in footer.groups[0].chunks}
    assert footer.rows == COUNT
    for path in footer.leaves():
        chunk = chunks[tuple(one.name for one in path)]
        found = cells(path, first_values(read, chunk, path, SHOWN, Budget(1 << 24)), SHOWN)
        wanted = written[path[0].name][:SHOWN]
        if path[0].name in ("day", "moment", "price"):
            wanted = [str(value) for value in wanted]
        assert found == wanted, path[0].name
