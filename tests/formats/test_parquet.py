"""Parquet footers and first rows, of honest files and of others."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.parquet_sample import ROWS, SAMPLE

from bearhug.formats.parquet import MAGIC, ParquetError, read_footer
from bearhug.formats.parquet_pages import Budget, first_values
from bearhug.formats.parquet_records import cells
from bearhug.formats.parquet_values import hybrid
from bearhug.formats.thrift import Compact, ThriftError


def read(data: bytes, start: int, size: int) -> bytes:
    return data[start : start + size]


def rows_of(data: bytes, group: int, rows: int = 10, budget: int = 1 << 20) -> dict[str, list[object]]:
    """Every column of one row group."""
    footer = read_footer(lambda start, size: read(data, start, size), len(data))
    chunks = {chunk.path: chunk for chunk in footer.groups[group].chunks}
    found = {}
    for path in footer.leaves():
        chunk = chunks[tuple(one.name for one in path)]
        column = first_values(lambda start, size: read(data, start, size), chunk, path, rows, Budget(budget))
        found[path[0].name] = cells(path, column, rows)
    return found


def test_the_footer_tells_schema_and_row_groups() -> None:
    footer = read_footer(lambda start, size: read(SAMPLE, start, size), len(SAMPLE))
    assert footer.rows == 3
    assert [group.rows for group in footer.groups] == [2, 1]
    assert [(one.name, one.kind or "group", one.label, one.repetition) for one in footer.root.children] == [
        ("id", "int64", "int64", "optional"),
        ("name", "binary", "string", "optional"),
        ("parts", "group", "list", "optional"),
    ]
    assert {chunk.codec for group in footer.groups for chunk in group.chunks} == {"snappy"}


def test_rows_come_back_as_they_were_written() -> None:
    first, second = rows_of(SAMPLE, 0), rows_of(SAMPLE, 1)
    assert {name: first[name] + second[name] for name in first} == ROWS


def test_only_as_many_rows_come_as_are_wanted() -> None:
    assert rows_of(SAMPLE, 0, rows=1) == {"id": [1], "name": ["熊"], "parts": [[1, 2]]}


def test_a_budget_bounds_what_is_unpacked() -> None:
    with pytest.raises(ParquetError, match="larger"):
        rows_of(SAMPLE, 0, budget=10)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        MAGIC,
        MAGIC * 3,
        b"PAR1" + bytes(20) + struct.pack("<I", 1 << 31) + MAGIC,
        b"PAR1" + bytes(20) + struct.pack("<I", 20) + MAGIC,
        b"PAR1" + b"\xff" * 50 + struct.pack("<I", 50) + MAGIC,
        b"PAR1" + b"\x19\xfc\xff\xff\xff\xff\x07" + struct.pack("<I", 7) + MAGIC,
    ],
)
def test_what_is_no_parquet_is_refused(data: bytes) -> None:
    with pytest.raises(ParquetError):
        read_footer(lambda start, size: read(data, start, size), len(data))


@given(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255))
def test_a_changed_byte_never_breaks_more_than_the_file(place: int, byte: int) -> None:
    data = SAMPLE[:place] + bytes([byte]) + SAMPLE[place + 1 :]
    for group in (0, 1):
        try:
            found = rows_of(data, group)
        except (ParquetError, IndexError, KeyError):
            continue
        assert all(len(column) <= 10 for column in found.values())


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_by_thrift(data: bytes) -> None:
    try:
        Compact(data, most=100).struct()
    except ThriftError:
        return


def test_nesting_and_numbers_of_values_are_bounded() -> None:
    with pytest.raises(ThriftError, match="deep"):
        Compact(b"\x1c" * 100, most=1000).struct()
    with pytest.raises(ThriftError, match=r"long|many"):
        Compact(b"\x19\xf5\xff\xff\x03" + b"\x00" * 1000, most=100).struct()


@pytest.mark.parametrize(
    ("data", "width", "count", "numbers"),
    [(b"\x06\x05", 3, 3, [5, 5, 5]), (b"\x03\x88\xc6\xfa", 3, 8, [0, 1, 2, 3, 4, 5, 6, 7]), (b"", 0, 4, [])],
)
def test_runs_of_small_numbers(data: bytes, width: int, count: int, numbers: list[int]) -> None:
    assert hybrid(data, width, count) == numbers


@pytest.mark.parametrize("data", [b"", b"\x06", b"\x00\x05", b"\xff\xff\xff\xff\xff\xff"])
def test_runs_that_end_too_early_are_refused(data: bytes) -> None:
    with pytest.raises(ParquetError):
        hybrid(data, 3, 100)
