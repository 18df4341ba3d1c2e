"""The catalogues and the templates say the same."""

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bearhug.base.html import languages
from bearhug.base.html.pages import ROOT, Pages

METHODS = [("**/templates/**.html", "jinja2.ext:babel_extract")]


def said_in_templates() -> set[str]:
    found = extract_from_dir(str(ROOT), method_map=METHODS, options_map={"**.html": {"silent": "false"}})
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


@pytest.mark.parametrize("language", [name for name in languages.NAMES if name != languages.DEFAULT])
def test_every_sentence_of_a_page_is_translated(language: str) -> None:
    with Path(languages.FOLDER, f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    known = [message for message in catalogue if message.id and message.string and not message.fuzzy]
    translated = {message.id if isinstance(message.id, str) else message.id[0] for message in known}
    assert said_in_templates() - translated == set()


@pytest.mark.parametrize("language", list(languages.NAMES))
def test_translations_keep_the_blanks_that_are_filled_in(language: str) -> None:
    words = languages.translations(language)
    for message in said_in_templates():
        assert words.ugettext(message).count("%(") == message.count("%(")


def test_every_template_compiles() -> None:
    environment = Pages()._environment("zh")
    names = environment.list_templates()
    assert "html/page.html" in names
    for name in names:
        environment.get_template(name)
