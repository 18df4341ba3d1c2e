"""Tables as text."""

import pytest

from bearhug.formats.delimited import LONGEST_CELL, MOST_CELLS, rows, separator_of


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2\n3,5;4\n", ";"),
        ("a\tb,c\n1\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ('"x;y;z",b\n"p;q",2\n', ","),
        ("alone\nalone\n", ","),
        ("", ","),
    ],
)
def test_the_separator_is_the_sign_that_fits_most_lines(text: str, separator: str) -> None:
    assert separator_of(text) == separator


def test_rows_know_where_the_next_one_begins() -> None:
    text = 'a,b\n\n"two\nlines",2\n3,"say ""hi"""\r\n4'
    found = list(rows(text, ","))
    assert [cells for cells, _ in found] == [["a", "b"], ["two\nlines", "2"], ["3", 'say "hi"'], ["4"]]
    assert text[found[1][1] :].startswith("3,")


def test_long_cells_and_wide_rows_end_at_a_limit() -> None:
    wide, _ = next(rows("1," * 1_000_000 + "\n", ","))
    long, _ = next(rows("y" * 100_000 + "\n", ","))
    assert len(wide) == MOST_CELLS
    assert len(long[0]) == LONGEST_CELL


def test_a_cell_that_never_ends_ends_the_rows() -> None:
    found = [cells for cells, _ in rows('a,b\n1,"' + "x" * 500_000, ",")]
    assert found == [["a", "b"]]
