"""The home page, preferences, static files and pages for errors."""

import re

import pytest
from tests.hubbox import HubBox
from tests.people import ADA
from tests.reading import look, sign_in, visible
from tests.repowork import make


def test_home_tells_strangers_and_members_what_to_do_next(box: HubBox) -> None:
    assert "export HF_ENDPOINT=http://hub.test" in look(box, "/").text
    sign_in(box, ADA)
    page = look(box, "/", "zh")
    assert "你好，ada" in page.text
    assert "hf upload ada/my-model ./my-model" in page.text


def test_home_shows_what_the_reader_may_see(box: HubBox) -> None:
    make(box, "seen")
    make(box, "hidden", private=True)
    page = look(box, "/").text
    assert "/ada/seen" in page
    assert "/ada/hidden" not in page
    sign_in(box, ADA)
    with box.counting() as statements:
        assert "/ada/hidden" in look(box, "/").text
    assert len(statements) <= 12


def test_language_and_theme_are_remembered(box: HubBox) -> None:
    answer = box.http.post("/preferences", data={"language": "zh", "theme": "dark", "next": "/models?sort=likes"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/models?sort=likes")
    page = look(box, "/models")
    assert 'data-theme="dark"' in page.text
    assert "模型" in page.text


def test_preferences_take_known_values_only_and_stay_on_the_hub(box: HubBox) -> None:
    sent = {"language": '"><script>', "theme": "x", "next": "//evil.example"}
    answer = box.http.post("/preferences", data=sent)
    assert answer.headers["location"] == "/"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(("language", "words"), [("en", "There is nothing here"), ("zh", "这里什么都没有")])
def test_what_is_not_there_gets_a_page(box: HubBox, language: str, words: str) -> None:
    answer = look(box, "/nobody-of-that-name", language)
    assert answer.status_code == 404
    assert words in answer.text
    assert look(box, "/nowhere/at/all/really", language).status_code == 404


def test_hidden_and_missing_repositories_look_the_same(box: HubBox) -> None:
    make(box, "hidden", private=True)
    hidden, missing = look(box, "/ada/hidden"), look(box, "/ada/missing")
    assert (hidden.status_code, missing.status_code) == (401, 401)
    assert visible(hidden) == visible(missing)


def test_programs_still_get_errors_as_json(box: HubBox) -> None:
    assert box.http.get("/ada/missing").json() == {"error": "Repository not found"}
    assert look(box, "/api/models/ada/missing").headers["content-type"].startswith("application/json")


def test_pages_allow_no_script_but_the_hubs_own(box: HubBox) -> None:
    page = look(box, "/")
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert "<script>" not in page.text
    assert " style=" not in page.text
    assert " onclick" not in page.text


def test_style_and_script_are_kept_by_browsers_for_good(box: HubBox) -> None:
    address = box.app.pages.statics.address("html/look.css")
    assert address in look(box, "/").text
    answer = box.http.get(address)
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" not in box.http.get("/static/old/html/look.css").headers["cache-control"]
    assert box.http.get("/static/x/html/pages.py").status_code == 404


def test_a_page_weighs_little(box: HubBox) -> None:
    statics = box.app.pages.statics
    weight = len(look(box, "/").content)
    weight += sum(len(box.http.get(statics.address(f"html/{name}")).content) for name in ("look.css", "page.js"))
    assert weight < 60_000


@pytest.mark.parametrize("path", ["/", "/search?q=x", "/login", "/ada/missing"])
def test_one_style_file_and_no_picture_stand_before_the_first_paint(box: HubBox, path: str) -> None:
    text = look(box, path).text
    assert text.count('rel="stylesheet"') == 1
    assert "<script" in text
    assert all('type="module"' in script for script in re.findall("<script[^>]*>", text))
    assert "<use" not in text
    assert all('loading="lazy"' in picture for picture in re.findall("<img[^>]*>", text))
    assert text.count('<svg class="icon" viewBox="0 0 16 16"') >= 3
