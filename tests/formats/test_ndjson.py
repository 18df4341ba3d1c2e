"""Lines out of chunks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bearhug.formats.ndjson import Lines, LineTooLong


def _split(data: bytes, sizes: list[int], limit: int = 1000) -> list[bytes]:
    lines = Lines(limit)
    out: list[bytes] = []
    for size in [*sizes, len(data)]:
        out += lines.feed(data[:size])
        data = data[size:]
    return [*out, last] if (last := lines.rest()) else out


@given(
    texts=st.lists(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), min_size=1)),
    sizes=st.lists(st.integers(0, 20)),
    end=st.sampled_from([b"\n", b"\r\n", b"\n\n"]),
)
def test_lines_do_not_depend_on_how_they_were_cut(texts: list[str], sizes: list[int], end: bytes) -> None:
    lines = [text.encode() for text in texts if text.encode().strip()]
    assert _split(end.join(lines), sizes, limit=10_000) == lines


def test_a_last_line_needs_no_line_end() -> None:
    assert _split(b"a\nb", [1, 1]) == [b"a", b"b"]


def test_blank_lines_are_left_out() -> None:
    assert _split(b"\n\r\n  \na\n\n", []) == [b"a"]


def test_a_line_at_the_limit_passes_and_one_byte_more_does_not() -> None:
    lines = Lines(4)
    assert list(lines.feed(b"1234\n")) == [b"1234"]
    with pytest.raises(LineTooLong):
        list(lines.feed(b"12345\n"))


def test_a_line_that_never_ends_is_not_kept() -> None:
    lines = Lines(10)
    assert [list(lines.feed(b"123")) for _ in range(3)] == [[], [], []]
    with pytest.raises(LineTooLong):
        list(lines.feed(b"123"))
    assert lines.rest() == b""


def test_a_long_line_of_small_chunks_is_put_together_once() -> None:
    lines = Lines(10_000_000)
    for _ in range(20_000):
        assert list(lines.feed(b"x" * 100)) == []
    assert len(lines.rest()) == 2_000_000
