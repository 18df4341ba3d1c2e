"""Front matter of READMEs, good and hostile."""

import json
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bearhug.formats.front_matter import LARGEST, FrontMatterError, Parts, cut, parse, split
from bearhug.formats.values import Json

_PLAIN = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
_TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
VALUES = st.recursive(
    _PLAIN | _TEXTS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4)
)
CARD = """---
license: mit
language:
- no
- zh
tags: [a, 'b']
model-index:
- name: x
  results: []
---
# Title
"""


def _error(text: str) -> FrontMatterError:
    with pytest.raises(FrontMatterError) as caught:
        parse(text, first_line=2)
    return caught.value


def test_a_card_is_metadata_and_text() -> None:
    metadata, body = split(CARD)
    assert metadata == {
        "license": "mit",
        "language": ["no", "zh"],
        "tags": ["a", "b"],
        "model-index": [{"name": "x", "results": []}],
    }
    assert body == "# Title\n"


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("# no metadata", Parts(None, "# no metadata")),
        ("---\nnever closed", Parts(None, "---\nnever closed")),
        ("text\n---\na: 1\n---\n", Parts(None, "text\n---\na: 1\n---\n")),
        ("---\n---\nbody", Parts("", "body", 2)),
        ("---\na: 1\n---", Parts("a: 1\n", "", 2)),
        ("\ufeff---\na: 1\n---\nb", Parts("a: 1\n", "b", 2)),
        ("\n\n---\na: 1\n---\nb", Parts("a: 1\n", "b", 4)),
        ("---\r\na: 1\r\n---\r\nb\r\n", Parts("a: 1\r\n", "b\r\n", 2)),
        ("---\na: x---y\n--- \nb", Parts("a: x---y\n", "b", 2)),
        ("----\na: 1\n---\n", Parts(None, "----\na: 1\n---\n")),
        ("", Parts(None, "")),
    ],
)
def test_fences_are_found(content: str, parts: Parts) -> None:
    assert cut(content) == parts


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("~", None),
        ("2024-01-31", "2024-01-31"),
        ("2024-01-31T10:00:00Z", "2024-01-31T10:00:00Z"),
        ("12:30", "12:30"),
        ("1", 1),
        ("-7", -7),
        ("007", "007"),
        ("1_000", "1_000"),
        ("0x1f", 31),
        ("1.5", 1.5),
        ("1e-5", 1e-5),
        ("1e999", "1e999"),
        (".nan", None),
        ("9" * 30, "9" * 30),
        ("'1'", "1"),
        ("!!str 1", "1"),
        ("!!float 1", 1),
        ('"a\\0b"', "a\ufffdb"),
        ("|\n  two\n  lines\n", "two\nlines\n"),
    ],
)
def test_plain_values_mean_what_yaml_1_2_says(text: str, value: Json) -> None:
    assert parse(f"key: {text}") == {"key": value}


def test_empty_metadata_is_no_metadata() -> None:
    assert parse("") == parse("# only a remark\n") == {}


def test_aliases_and_merges_are_expanded() -> None:
    text = "base: &b {a: 1, b: 2}\nsame: *b\nmore: {<<: *b, b: 3}\nboth: {<<: [*b, {c: 4}]}\n'<<': plain\n"
    assert parse(text) == {
        "base": {"a": 1, "b": 2},
        "same": {"a": 1, "b": 2},
        "more": {"a": 1, "b": 3},
        "both": {"a": 1, "b": 2, "c": 4},
        "<<": "plain",
    }


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: 1\nb: 2\na: 3", 4, '"a" appears twice'),
        ("a: [1", 3, "expected"),
        ("a: b: c", 2, "mapping values"),
        ("- list", 2, "key: value"),
        ("a: *b", 2, '"&b"'),
        ("a: &a [*a]", 2, "contain itself"),
        ("a: !!python/object/apply:os.system [x]", 2, "tag"),
        ("a: !!binary aGk=", 2, "tag"),
        ("a: !!int true", 2, "tag"),
        ("? [1]\n: 2", 2, "plain text"),
        ("a: &x [1]\n*x : 2", 3, "plain text"),
        ("a: {<<: 1}", 2, "merged"),
        ("a: 1\n...\n---\nb: 2", 4, "more than one"),
        ("a: " + "[" * 60 + "]" * 60, 2, "nested"),
        ("a: \x01", None, "character"),
        ("a: \ud800", None, "Unicode"),
    ],
)
def test_a_broken_card_names_the_line_and_the_reason(text: str, line: int | None, reason: str) -> None:
    error = _error(text)
    assert error.line == line
    assert reason in error.message


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
        "a: &a " + "x" * 100_000 + "\nb: [" + ",".join(["*a"] * 1000) + "]",
        "a: [" + "x," * 250_000 + "]",
        "a: " + "x" * LARGEST,
        "- " * 300_000,
        "[" * 1_000_000,
        "{" * 1_000_000,
    ],
    ids=["nested aliases", "long alias", "many values", "too large", "dashes", "brackets", "braces"],
)
def test_a_bomb_is_refused_soon(text: str) -> None:
    started = time.process_time()
    _error(text)
    assert time.process_time() - started < 5


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(_TEXTS, VALUES, max_size=5))
def test_json_is_read_as_itself(metadata: dict[str, Json]) -> None:
    text = json.dumps(metadata, ensure_ascii=False)
    assert parse(text) == json.loads(text)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("a: \n-[]{}&*!'\"<|>#%?,~0.\t"), max_size=60) | st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(FrontMatterError):
        json.dumps(parse(text), allow_nan=False).encode()


@settings(max_examples=100, deadline=None)
@given(at=st.integers(0, len(CARD) - 1), sign=st.characters(), cut=st.integers(0, len(CARD)))
def test_a_damaged_card_is_read_or_refused(at: int, sign: str, cut: int) -> None:
    for content in (CARD[:at] + sign + CARD[at + 1 :], CARD[:cut]):
        with suppress(FrontMatterError):
            split(content)
