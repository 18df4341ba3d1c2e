"""Values as JSON knows them."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bearhug.formats.values import (
    Json,
    ValuesError,
    clean,
    depth,
    is_laden,
    list_of,
    mapping_of,
    parse_json,
    storable,
    text_of,
    texts_of,
    whole_of,
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not valid"),
        (b"{", "not valid"),
        (b"\xff", "not valid"),
        (b"[" * 100_000, "not valid"),
        (b"[" * 150 + b"]" * 150, "nested"),
        (b"1" * 5000, "not valid"),
        (b" " * 10_001, "larger"),
    ],
)
def test_bad_bytes_are_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ValuesError, match=reason):
        parse_json(data, limit=100_000 if reason != "larger" else 10_000)


def test_numbers_that_json_lacks_become_null() -> None:
    assert parse_json(b'\xef\xbb\xbf{"a": NaN, "b": [-Infinity, 1e999, 1e3]}', limit=100) == {
        "a": None,
        "b": [None, None, 1000.0],
    }


@pytest.mark.parametrize(("value", "levels"), [(1, 0), ([], 1), ({"a": [1, {"b": 2}]}, 3), ([[], [[1]]], 3)])
def test_depth_counts_levels(value: Json, levels: int) -> None:
    assert depth(value) == levels


def test_what_a_database_cannot_keep_is_replaced() -> None:
    assert storable({"a\0": ["\ud800x", 1, None]}) == {"a\ufffd": ["\ufffdx", 1, None]}


@given(st.text())
def test_a_clean_text_can_be_written(text: str) -> None:
    assert b"\0" not in clean(text).encode()


def test_values_are_asked_for_texts() -> None:
    assert texts_of(["a", " b ", "a", 1, True, None, "", {"x": 1}]) == ["a", "b", "1", "true"]
    assert texts_of("one") == ["one"]
    assert texts_of(None) == []
    assert text_of([1]) is None


def test_wrong_kinds_are_empty() -> None:
    assert mapping_of([1]) == {}
    assert list_of({"a": 1}) == []
    assert whole_of(True) is None
    assert whole_of(3) == 3


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(ValuesError):
        json.dumps(parse_json(data, limit=1000), allow_nan=False)


def test_what_would_take_long_to_parse_is_known_before() -> None:
    assert is_laden(b"[" + b"[]," * 300_000 + b"1]")
    assert is_laden(b"[" + b"1," * 1_100_000 + b"1]")
    assert not is_laden(json.dumps({"inputs": [[7] * 512] * 512, "text": "a, b [c] {d}" * 1000}).encode())
