"""What templates say once for all, and what each page says anew."""

from jinja2 import DictLoader

from bearhug.base.html.templating import OneLanguage


def _page(text: str, **facts: object) -> tuple[str, list[str]]:
    """The page, and what was asked of the words meanwhile."""
    asked: list[str] = []

    def translate(words: str) -> str:
        asked.append(words)
        return {"Hello": "Grüß & Gott", "%(who)s is here": "Da ist %(who)s"}.get(words, words)

    known = OneLanguage(loader=DictLoader({"page": text}), autoescape=True, extensions=["jinja2.ext.i18n"])
    known.constants = {"_": translate}
    known.install_gettext_callables(translate, lambda one, many, count: one, newstyle=True)  # type: ignore[attr-defined]
    template = known.get_template("page")
    asked_before = list(asked)
    return template.render(**facts), asked_before


def test_sentences_are_translated_when_a_page_is_compiled() -> None:
    assert _page('{{ _("Hello") }}, {% if 1 %}{{ _("Hello") }}{% endif %}') == (
        "Grüß & Gott, Grüß & Gott",
        ["Hello", "Hello"],
    )


def test_blanks_are_filled_in_and_escaped_by_each_page() -> None:
    said, asked = _page('{{ _("%(who)s is here", who=name) }}', name="<b>")
    assert said == "Da ist &lt;b&gt;"
    assert asked == ["%(who)s is here"]


def test_what_stands_in_a_variable_is_translated_when_it_is_known() -> None:
    assert _page("{{ _(name) }}", name="Hello") == ("Grüß & Gott", [])


def test_sentences_inside_of_macros_and_arguments_are_found() -> None:
    page = '{% macro bold(text) %}<b>{{ text }}</b>{% endmacro %}{{ bold(_("%(who)s is here", who=_("Hello"))) }}'
    assert _page(page)[0] == "<b>Da ist Grüß & Gott</b>"
