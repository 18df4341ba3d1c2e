"""Names that many file systems take for one."""

import pytest

from bearhug.formats.alike_names import alike


@pytest.mark.parametrize(
    "pair",
    [
        ("Read.txt", "read.txt"),
        ("caf\u00e9.txt", "cafe\u0301.txt"),
        ("CAF\u00c9.txt", "cafe\u0301.txt"),
        ("stra\u00dfe", "STRASSE"),
        ("\u03a3\u03a3", "\u03c3\u03c2"),
        ("\u1e9b\u0323", "\u1e9b\u0323".upper()),
        ("e\udce9", "E\udce9"),
    ],
)
def test_letter_case_and_unicode_form_make_no_other_name(pair: tuple[str, str]) -> None:
    assert alike(["other", *pair]) == [pair]


@pytest.mark.parametrize("pair", [("a", "b"), ("a.txt", "a.txt2"), ("e", "\u00e9"), ("模型", "模板"), ("ﬁ", "fl")])
def test_other_letters_make_another_name(pair: tuple[str, str]) -> None:
    assert alike(pair) == []


def test_what_lay_together_before_is_left_as_it_is() -> None:
    assert alike(["A", "a", "b"], ["a", "A"]) == []
    assert alike(["A", "a", "b"], ["a", "b"]) == [("A", "a")]
    assert alike(["AB", "Ab", "aB", "c"], ["AB", "Ab"]) == [("AB", "Ab")]


def test_an_empty_folder_has_none() -> None:
    assert alike([]) == []
