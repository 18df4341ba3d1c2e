"""Excerpts: the place where words stand, without the signs of Markdown, whatever the card is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bearhug.formats.excerpt import BEFORE, LENGTH, excerpt

CARD = "# Bears\n\nA **small** model that [knows](https://example.org/a) <b>bears</b>.\n\n- brown\n- polar\n"
CARD += "filler " * 80


def test_the_words_are_marked_and_the_signs_are_gone() -> None:
    found = excerpt(CARD, ["BEARS", "polar"])
    assert [piece for piece, is_word in found if is_word] == ["Bears", "bears", "polar"]
    line = "".join(piece for piece, _ in found)
    assert line.startswith("Bears A small model that knows bears . - brown - polar filler")
    assert line.endswith("filler …")


def test_an_excerpt_begins_and_ends_with_whole_words() -> None:
    line = "".join(piece for piece, _ in excerpt("lorem ipsum " * 30 + "walrus " + "dolor sit " * 30, ["walrus"]))
    assert line.startswith(("… lorem ", "… ipsum "))
    assert line.endswith((" dolor …", " sit …"))
    assert "walrus" in line
    assert len(line) <= LENGTH + 4


def test_chinese_has_no_spaces_to_cut_at() -> None:
    found = excerpt("很" * 300 + "棕熊" + "好" * 300, ["棕熊"])
    assert ("棕熊", True) in found
    assert len(found[0][0]) == BEFORE + 2


@pytest.mark.parametrize(("card", "words"), [("bears", ["cats"]), ("", ["a"]), ("bears", []), ("bears", [""])])
def test_where_no_word_stands_there_is_no_excerpt(card: str, words: list[str]) -> None:
    assert excerpt(card, words) == ()


def test_signs_that_never_end_hide_nothing() -> None:
    assert excerpt("<" * 10_000 + "](" * 4_000 + " bear", ["bear"])[-1] == ("bear", True)


@given(st.text(max_size=400), st.lists(st.text(max_size=8), max_size=12))
def test_words_are_looked_for_as_they_are(card: str, words: list[str]) -> None:
    line = "".join(piece for piece, _ in excerpt(card, words))
    assert len(line) <= LENGTH + 4
