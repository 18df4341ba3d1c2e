"""Lists: filters with counts, searches, orders, pages both ways."""

import re

import pytest
from tests.hubbox import HubBox
from tests.people import ADA, BOB
from tests.reading import look, sign_in
from tests.repowork import commit, make

from bearhug.hub.listing import store
from bearhug.hub.lists import service

CARD = "---\nlicense: mit\npipeline_tag: text-classification\nlanguage: zh\n---\n# About bears\n"
TUNED = "---\nlicense: apache-2.0\nbase_model: ada/bear\npipeline_tag: fill-mask\nlanguage: [en, zh]\n---\n"


@pytest.fixture
def filled(box: HubBox) -> HubBox:
    make(box, "bear")
    commit(box, "ada/bear", {"README.md": CARD})
    make(box, "tuned")
    commit(box, "ada/tuned", {"README.md": TUNED})
    make(box, "plain")
    make(box, "data", kind="dataset")
    make(box, "hidden", private=True)
    box.settle()
    return box


def listed(box: HubBox, path: str) -> list[str]:
    """Names on a list, in order."""
    return re.findall(r"<h3>.*?<b>([^<]+)</b>", look(box, path).text)


def pills(box: HubBox, path: str) -> dict[str, str]:
    """Address and count of each filter."""
    found = re.findall(
        r'<a class="chip[^"]*" href="([^"]+)"[^>]*>[^<]*<span class="soft">([^<]+)<', look(box, path).text
    )
    return {href.replace("&amp;", "&"): count for href, count in found}


@pytest.mark.parametrize(("language", "task"), [("en", "Text classification"), ("zh", "文本分类")])
def test_a_list_shows_public_repositories_filters_and_a_total(filled: HubBox, language: str, task: str) -> None:
    with filled.counting() as statements:
        page = look(filled, "/models", language).text
    assert len(statements) <= 8
    assert "/ada/bear" in page
    assert "/ada/hidden" not in page
    assert task in page
    assert '<span class="soft" id="total" role="status">3</span>' in page


def test_filters_count_what_is_there_and_what_would_be_left(filled: HubBox) -> None:
    whole = pills(filled, "/models")
    assert whole["/models?filter=license%3Amit"] == "1"
    assert whole["/models?filter=zh"] == "2"
    assert whole["/models?filter=relation%3Afinetune"] == "1"
    narrowed = pills(filled, "/models?filter=fill-mask")
    assert narrowed["/models?filter=fill-mask&filter=license%3Aapache-2.0"] == "1"
    assert "/models?filter=fill-mask&filter=license%3Amit" not in narrowed


def test_members_count_their_private_repositories_too(filled: HubBox) -> None:
    sign_in(filled, ADA)
    assert 'role="status">4</span>' in look(filled, "/models").text
    sign_in(filled, BOB)
    assert 'role="status">3</span>' in look(filled, "/models").text


def test_very_long_lists_count_once_for_everybody(filled: HubBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "FEW", 1)
    assert pills(filled, "/models")["/models?filter=zh"] == "2"
    page = look(filled, "/models?filter=zh").text
    assert 'role="status">1+</span>' in page
    assert "filter=zh&amp;filter=license%3Amit" in page  # offered, but not counted
    assert pills(filled, "/models?filter=zh") == {}
    with filled.counting() as statements:
        look(filled, "/models")
    assert len(statements) <= 3  # the rows, their cards, and who asks: nothing is counted again


def test_two_filters_that_many_meet_are_met_together(filled: HubBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "FEW", 0)
    assert listed(filled, "/models?filter=zh&filter=license:mit") == ["bear"]
    assert listed(filled, "/models?filter=zh&search=bears") == ["bear"]
    assert listed(filled, "/models?search=about&search=bears") == ["bear"]


def test_what_a_narrow_question_finds_is_looked_for_once(filled: HubBox) -> None:
    with filled.counting() as statements:
        assert listed(filled, "/models?name=bear") == ["bear"]
    assert sum("MATCH" in statement or "@@" in statement for statement in statements) == 1


def test_every_state_of_a_list_has_an_address(filled: HubBox) -> None:
    page = look(filled, "/models?filter=license:mit&sort=likes").text
    assert "/ada/bear" in page
    assert "/ada/plain" not in page
    assert '<option value="likes" selected>' in page
    assert 'href="/models?sort=likes"' in page  # the filter taken away again
    assert "/ada/plain" in look(filled, "/models?search=plain").text
    assert "/ada/data" not in look(filled, "/models?author=ada").text


@pytest.mark.parametrize(
    ("foreign", "own"),
    [
        ("/models?pipeline_tag=fill-mask&language=en,zh", "/models?filter=fill-mask&filter=en&filter=zh"),
        ("/models?license=license:mit&sort=trending", "/models?filter=license%3Amit&sort=trending_score"),
        ("/models?library=pytorch&other=bears&search=bear", "/models?filter=pytorch&filter=bears&search=bear"),
        ("/models?filter=fill-mask,zh", "/models?filter=fill-mask&filter=zh"),
        ("/datasets?language=language:zh&format=csv", "/datasets?filter=language%3Azh&filter=format%3Acsv"),
        ("/datasets?task_categories=task_categories:x", "/datasets?filter=task_categories%3Ax"),
        ("/spaces?sdk=gradio", "/spaces?filter=gradio"),
    ],
)
def test_addresses_of_the_public_hub_lead_to_the_same_list(box: HubBox, foreign: str, own: str) -> None:
    answer = look(box, foreign)
    assert (answer.status_code, answer.headers["location"]) == (302, own)
    assert look(box, own).status_code == 200


def test_chosen_filters_have_names_even_where_nothing_matches(filled: HubBox) -> None:
    page = look(filled, "/models?filter=text-classification&filter=de&filter=license:mit", "zh").text
    for name in ("文本分类 ×", "德语 ×", "mit ×", "去掉“德语”"):
        assert name in page
    assert "卡片" not in page.partition("</aside>")[0].partition("<aside")[2]  # not as if there were no cards


def test_names_are_filtered_and_texts_are_searched(filled: HubBox) -> None:
    assert listed(filled, "/models?name=bear") == ["bear"]
    assert set(listed(filled, "/models?search=bears")) == {"bear"}
    assert listed(filled, "/models?name=bears") == []
    page = look(filled, "/models?name=bears").text
    assert 'href="/models?search=bears"' in page  # what to try instead
    assert 'name="search"' in look(filled, "/models?text=1").text


def test_models_are_sorted_and_filtered_by_parameters(filled: HubBox) -> None:
    with filled.app.db.writing() as tx:
        tx.exec_driver_sql("UPDATE repos SET parameters = 7000000000 WHERE name = 'bear'")
        tx.exec_driver_sql("UPDATE repos SET parameters = 500000 WHERE name = 'tuned'")
    assert listed(filled, "/models?sort=most_params") == ["bear", "tuned"]
    assert listed(filled, "/models?sort=least_params") == ["tuned", "bear"]
    counts = pills(filled, "/models")
    assert counts["/models?num_parameters=min%3A3B%2Cmax%3A8B"] == "1"
    assert listed(filled, "/models?num_parameters=min:3B,max:8B") == ["bear"]
    assert counts["/models?num_parameters=max%3A1B"] == "1"


def test_long_lists_come_in_pages_both_ways(box: HubBox) -> None:
    for number in range(62):
        make(box, f"m{number}")
    first = look(box, "/models?sort=created_at").text
    assert first.count("repo-row") == 30
    assert 'rel="prev"' not in first
    second = _follow(box, first, "next")
    third = _follow(box, second, "next")
    assert third.count("repo-row") == 2
    assert 'rel="next"' not in third
    back = _follow(box, third, "prev")
    assert re.findall("<b>m[0-9]+</b>", back) == re.findall("<b>m[0-9]+</b>", second)
    start = _follow(box, back, "prev")
    assert re.findall("<b>m[0-9]+</b>", start) == re.findall("<b>m[0-9]+</b>", first)
    assert 'rel="prev"' not in start


def _follow(box: HubBox, page: str, rel: str) -> str:
    address = page.rpartition(f'rel="{rel}" href="')[2].partition('"')[0].replace("&amp;", "&")
    return look(box, address).text


def test_a_filter_with_many_values_has_a_page_of_them_all(box: HubBox) -> None:
    make(box, "many")
    languages = "[ab, bg, cs, da, de, el, en, es, et, fi]"
    commit(box, "ada/many", {"README.md": f"---\nlanguage: {languages}\n---\n"})
    assert 'href="/models?all=language"' in look(box, "/models").text
    page = look(box, "/models?all=language").text
    assert page.count('class="chip"') == 10
    found = look(box, "/models?all=language&find=GER").text
    assert found.count('class="chip"') == 1
    assert 'href="/models?filter=de"' in found
    assert "没有这样的选项" in look(box, "/models?all=language&find=xx", "zh").text


@pytest.mark.parametrize(
    "path", ["/models?sort=nothing", "/models?cursor=x", "/models?before=x", "/models?search=!", "/models?name=%20-"]
)
def test_questions_that_make_no_sense_are_answered_on_the_page(box: HubBox, path: str) -> None:
    answer = look(box, path)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_hostile_questions_stay_text(filled: HubBox) -> None:
    for key in ("search", "name", "filter", "author", "all", "num_parameters", "gated", "text"):
        answer = look(filled, f'/models?{key}="><script>alert(1)</script>')
        assert answer.status_code in (200, 400)
        assert "<script>alert" not in answer.text


def test_empty_lists_say_what_to_do(box: HubBox) -> None:
    assert 'href="/new-space"' in look(box, "/spaces").text
    page = look(box, "/models?filter=nothing-like-it&name=bear").text
    assert "Without “nothing-like-it”" in page
