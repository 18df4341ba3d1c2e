"""Lists, search and the pages of owners."""

import re
from html import unescape

import pytest
from tests.hubbox import HubBox
from tests.people import ADA
from tests.reading import look, sign_in
from tests.repowork import commit, make

from bearhug.hub.browse import service as browse

CARD = "---\nlicense: mit\npipeline_tag: text-classification\nlanguage: zh\n---\n# About bears\n"


@pytest.fixture
def filled(box: HubBox) -> HubBox:
    make(box, "bear")
    commit(box, "ada/bear", {"README.md": CARD})
    make(box, "plain")
    make(box, "data", kind="dataset")
    make(box, "hidden", private=True)
    box.settle()
    return box


@pytest.mark.parametrize("path", ["/search?q=!", "/search?q=%20!"])
def test_questions_that_make_no_sense_are_answered_on_the_page(box: HubBox, path: str) -> None:
    answer = look(box, path)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_hostile_questions_stay_text(box: HubBox) -> None:
    for path in ("/models?search=", "/models?filter=", "/search?q=", "/models?author="):
        assert "<script>alert" not in look(box, path + '"><script>alert(1)</script>').text


def test_search_looks_at_all_kinds(filled: HubBox) -> None:
    page = look(filled, "/search?q=bears", "zh").text
    assert "/ada/bear" in page
    assert "没有找到" in page


def test_search_shows_where_in_a_card_the_words_stand(filled: HubBox) -> None:
    commit(filled, "ada/plain", {"README.md": "# Plain\n\nNo <img src=x onerror=alert(1) but **bears** & more\n"})
    filled.settle()
    with filled.counting() as statements:
        page = look(filled, "/search?q=bears").text
    assert "About <mark>bears</mark>" in page
    assert "but <mark>bears</mark> &amp; more" in page
    assert "&lt;img src=x" in page
    assert len(statements) <= 12


def test_a_search_that_finds_nothing_says_where_to_look(filled: HubBox) -> None:
    page = look(filled, "/search?q=walrus&x", "zh").text
    assert "本站没有与“walrus”匹配的内容" in page
    assert 'href="/datasets?name=walrus"' in page
    assert "没有找到" not in page


def tabs(page: str) -> dict[str, str]:
    """Addresses and counts of the tabs of a search."""
    shown = re.findall(r'<a href="(/search[^"]*)"[^>]*>.*?<span class="soft">([^<]*)</span></a>', page)
    return {unescape(address): count for address, count in shown}


@pytest.mark.parametrize("chosen", ["", "&type=model", "&type=people", "&type=nothing"])
def test_a_search_tells_how_many_there_are_of_each_kind(filled: HubBox, chosen: str) -> None:
    look(filled, "/search?q=ada")
    with filled.counting() as statements:
        page = look(filled, f"/search?q=ada{chosen}").text
    assert list(tabs(page).values()) == ["2", "1", "0", "1"]
    assert len(statements) <= 16
    assert ("/ada/bear" in page) == (chosen != "&type=people")
    assert ("/datasets/ada/data" in page) == (chosen in ("", "&type=nothing"))


def test_tabs_of_a_search_keep_its_words(filled: HubBox) -> None:
    assert "/search?q=ada%20%26b&type=dataset" in tabs(look(filled, "/search?q=ada+%26b").text)
    page = look(filled, "/search?q=nothing-like-it&type=dataset", "zh").text
    assert list(tabs(page).values()) == ["0"] * 4
    assert "全部" in page


def test_a_search_counts_no_further_than_it_says(filled: HubBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browse, "MOST_COUNTED", 1)
    assert list(tabs(look(filled, "/search?q=ada&type=people").text).values()) == ["1+", "1", "0", "1"]


def test_owners_have_a_page(filled: HubBox) -> None:
    with filled.counting() as statements:
        page = look(filled, "/ada").text
    assert len(statements) <= 15
    assert "/datasets/ada/data" in page
    assert "/ada/hidden" not in page
    org = look(filled, "/lab", "zh").text
    assert "成员" in org
    assert 'href="/bob"' in org


def test_owners_see_their_private_repositories(filled: HubBox) -> None:
    sign_in(filled, ADA)
    page = look(filled, "/ada").text
    assert "/ada/hidden" in page
    assert "/settings/profile" in page


def test_a_closed_hub_shows_nothing_to_strangers(filled: HubBox) -> None:
    filled.app.settings.change("anonymous_reading", "false")
    assert "ada" not in look(filled, "/models").text
    assert "/ada/bear" not in look(filled, "/").text
    assert look(filled, "/ada").status_code == 401
    assert look(filled, "/ada/bear").status_code == 401
