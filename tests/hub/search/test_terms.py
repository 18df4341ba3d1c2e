"""How names and texts are cut, and that what was cut is found."""

import pytest
from tests.hubbox import HubBox

from bearhug.hub.search.records import Wanted
from bearhug.hub.search.service import Search
from bearhug.hub.search.terms import MOST_TEXT, name_terms, query_terms, text_terms

TEXT = "中文情感分析 model for Sentiment, 'quotes' AND stars*, café καλημέρα がき"


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("bert", True),
        ("ERT-b", True),
        ("ada/bert", True),
        ("bert ada", True),
        ("中文", True),
        ("情感分析", True),
        ("感", True),
        ("sentiment", True),
        ("ＢＥＲＴ", True),
        ("b", True),
        ("2", False),
        ("é", False),
        ("文", True),
        ("z b", True),
        ("a model", True),
        ("cafe", True),
        ("Café", True),
        ("ΚΑΛΗΜΕΡΑ", True),
        ("かき", False),
        ("gpt", False),
        ("bert gpt", False),
        ("翻译", False),
    ],
)
def test_names_are_found_by_any_part_and_texts_by_words(box: HubBox, question: str, found: bool) -> None:
    search = Search()
    with box.app.db.writing() as tx:
        search.put(
            tx,
            7,
            names=["ada/bert-base-zh"],
            texts=["中文情感分析 model for Sentiment, 'quotes' AND stars*, café καλημέρα がき"],
        )
        assert search.some(tx, Wanted((question,)), 10) == ([7] if found else [])


def test_a_removed_repository_is_not_found(box: HubBox) -> None:
    search = Search()
    with box.app.db.writing() as tx:
        search.put(tx, 7, names=["ada/m1"], texts=[])
        search.remove(tx, 7)
        assert search.some(tx, Wanted(("m1",)), 10) == []


@pytest.mark.parametrize("question", ['"', "* OR", "NEAR(", "a' OR 1=1 --", "((((", "\0", "😀😀", "x" * 5000])
def test_questions_are_never_read_as_query_language(box: HubBox, question: str) -> None:
    search = Search()
    with box.app.db.reading() as tx:
        if search.is_askable(question):
            assert search.some(tx, Wanted((question,)), 10) == []


def test_a_text_is_read_up_to_its_limit() -> None:
    assert "wend" not in text_terms("x " * MOST_TEXT + "end")


def test_terms_hold_letters_and_digits_only() -> None:
    assert all(term.isalnum() for term in name_terms("ada/m-1.b_2") | text_terms("模型 abc"))


def test_a_question_has_a_bounded_number_of_words() -> None:
    assert len(query_terms("ab " * 100)) == 8
