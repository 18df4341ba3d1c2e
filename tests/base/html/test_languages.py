"""The catalogues and the templates say the same."""

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bearhug.base.html import languages
from bearhug.base.html.pages import ROOT, Pages
from bearhug.hub.repo_pages.tabs import in_order

METHODS = [("**/templates/**.html", "jinja2.ext:babel_extract")]


def said_in_templates() -> set[str]:
    found = extract_from_dir(str(ROOT), method_map=METHODS, options_map={"**.html": {"silent": "false"}})
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


@pytest.mark.parametrize("language", [name for name in languages.NAMES if name != languages.DEFAULT])
def test_every_sentence_of_a_page_is_translated(language: str) -> None:
    known = []
    for file in languages.catalogues(language):
        with file.open("rb") as source:
            catalogue = read_po(source, locale=language)
        known += [message for message in catalogue if message.id and message.string and not message.fuzzy]
    translated = {message.id if isinstance(message.id, str) else message.id[0] for message in known}
    assert said_in_templates() - translated == set()


@pytest.mark.parametrize("language", [name for name in languages.NAMES if name != languages.DEFAULT])
def test_a_sentence_is_translated_in_one_way(language: str) -> None:
    """Catalogues are merged, so of two translations one would silently win everywhere."""
    ways: dict[str, set[str]] = {}
    for file in languages.catalogues(language):
        with file.open("rb") as source:
            for message in read_po(source, locale=language):
                if message.id:
                    ways.setdefault(str(message.id), set()).add(str(message.string))
    assert {sentence: found for sentence, found in ways.items() if len(found) > 1} == {}


@pytest.mark.parametrize("language", list(languages.NAMES))
def test_translations_keep_the_blanks_that_are_filled_in(language: str) -> None:
    words = languages.translations(language)
    for message in said_in_templates():
        assert words.ugettext(message).count("%(") == message.count("%(")


@pytest.mark.parametrize("language", [name for name in languages.NAMES if name != languages.DEFAULT])
def test_labels_of_tabs_are_translated(language: str) -> None:
    words = languages.translations(language)
    labels = {label for tab in in_order(()) for label in tab.labels.values()}
    assert {label for label in labels if words.ugettext(label) == label} == set()


def test_every_template_compiles() -> None:
    environment = Pages()._environment("zh")
    names = environment.list_templates()
    assert "html/page.html" in names
    for name in names:
        environment.get_template(name)


def test_sentences_with_filled_blanks_are_recognised() -> None:
    said = languages.speaker("zh", languages.translations("zh"))
    assert said("The name ada is already taken.") == "名称 ada 已被占用。"
    assert said("No such sentence.") == "No such sentence."
    assert said("The name " + "x" * 1000 + " is already taken.").startswith("The name")


@pytest.mark.parametrize("language", [name for name in languages.NAMES if name != languages.DEFAULT])
def test_no_sentence_has_more_blanks_than_are_recognised(language: str) -> None:
    for file in languages.catalogues(language):
        with file.open("rb") as source:
            catalogue = read_po(source, locale=language)
        for message in catalogue:
            assert str(message.id).count("%(") <= languages.MOST_PARTS // 2 - 1, message.id


def test_counts_of_jobs_are_said_in_chinese() -> None:
    said = languages.speaker("zh", languages.translations("zh"))
    told = said("7 waiting, 0 running, 13 done, 0 failed, 0 cancelled")
    assert told == "7 个等待，0 个进行中，13 个完成，0 个失败，0 个已取消"
    odd = " waiting, " * 12 + " running, " * 12 + " done, " * 12
    assert said(odd) == odd


def test_the_reason_within_a_sentence_is_said_too() -> None:
    said = languages.speaker("zh", languages.translations("zh"))
    refused = 'The path ".git/x" cannot be used: ".git" is, or is taken for, the folder that git itself uses.'
    assert said(refused) == "不能使用路径“.git/x”：“.git”是 git 自己使用的文件夹，或会被当作它。"
    unreadable = "The metadata in README.md cannot be read: line 3: It is nested more than 50 levels deep."
    assert said(unreadable) == "README.md 里的元数据无法读取：第 3 行：嵌套超过 50 层。"
    assert said("Invalid rev id: Files") == "没有此版本：Files"
