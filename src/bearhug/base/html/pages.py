"""Renders templates into answers."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import FileSystemLoader, PrefixLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape
from starlette.responses import Response

from bearhug.base.html import figures, languages
from bearhug.base.html.statics import Statics
from bearhug.base.html.templating import OneLanguage
from bearhug.base.http.call import Call
from bearhug.formats.file_names import encoded, spelled

ROOT = Path(__file__).parent.parent.parent
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
THEME_COOKIE = "bearhug_theme"
THEMES = ("system", "light", "dark")


class Pages:
    """Templates by `room/file.html`; a page's `{% extends "html/page.html" %}` is the shared frame."""

    def __init__(self, shared: Mapping[str, Any] | None = None) -> None:
        folders = sorted(ROOT.glob("*/**/templates"))
        self._loader = PrefixLoader({folder.parent.name: FileSystemLoader(folder) for folder in folders})
        self.statics = Statics()
        self._shared = dict(shared or {})
        self._by_language: dict[str, OneLanguage] = {}

    def render(
        self, call: Call, template: str, /, *, status: int = 200, headers: Mapping[str, str] | None = None, **facts: Any
    ) -> Response:
        """The page in the reader's language; pages about people are never kept by caches."""
        language = languages.wanted(call)
        page = self._environment(language).get_template(template)
        text = page.render(call=call, language=language, theme=theme(call), **facts)
        common = {
            "content-security-policy": POLICY,
            "referrer-policy": "same-origin",
            "cache-control": "private, no-cache",
            "vary": "accept-language, cookie",
            "content-language": language,
            **(headers or {}),
        }
        return Response(encoded(text), status, common, "text/html")

    def _environment(self, language: str) -> OneLanguage:
        known = self._by_language.get(language)
        if known is None:
            known = OneLanguage(
                loader=self._loader,
                autoescape=select_autoescape(default=True),
                undefined=StrictUndefined,
                extensions=["jinja2.ext.i18n"],
                trim_blocks=True,
                lstrip_blocks=True,
            )
            files = {"static": self.statics.address, "drawn": self.statics.drawn}
            known.globals.update(self._shared, languages=languages.NAMES, **files)
            words = languages.translations(language)
            known.constants = {"_": words.ugettext, **files}
            known.install_gettext_callables(words.ugettext, words.ungettext, newstyle=True)  # type: ignore[attr-defined]
            known.filters["said"] = languages.speaker(language, words)  # errors are made in English
            known.filters |= {"spelled": spelled, "ticked": ticked}
            known.filters.update(_figures(language))
            self._by_language[language] = known
        return known


def theme(call: Call) -> str:
    """What the reader chose: light, dark, or as the system has it."""
    chosen = call.request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "system"


def ticked(text: str) -> Markup:
    """A sentence with what stands between backticks set as code."""
    said = str(escape(text)).split("`")
    whole = said if len(said) % 2 else [*said[:-2], "`".join(said[-2:])]
    return Markup("").join(Markup(f"<code>{part}</code>" if at % 2 else part) for at, part in enumerate(whole))  # noqa: S704 - escaped


def _figures(language: str) -> dict[str, Callable[..., object]]:
    """Filters that write numbers and times."""
    return {
        "bytes": figures.size,
        "amount": figures.amount,
        "exactly": partial(figures.exactly, language=language),
        "ago": partial(figures.ago, language=language),
        "moment": partial(figures.moment, language=language),
        "day": partial(figures.day, language=language),
        "task": figures.spoken,
        "tongue": partial(figures.tongue, language=language),
        "address": partial(quote, safe="/"),
    }
