"""Markdown that people wrote, as HTML that can do no harm. The parser is loaded with the first text."""

from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from bearhug.base.html.cleaning import Place, TooTangled, clean
from bearhug.base.html.headings import Heading, anchored

__all__ = ["LARGEST", "Heading", "Place", "Text", "render", "spoken"]

LARGEST = 300_000
"""Characters of a text that are rendered; a longer one is shown as it was written."""


@dataclass(frozen=True)
class Text:
    """Rendered text and its headings. `plain` texts are shown as they were written: too long, or made to be slow."""

    html: Markup
    headings: tuple[Heading, ...] = ()
    has_diagrams: bool = False
    plain: bool = False


@lru_cache(maxsize=64)
def render(text: str, place: Place) -> Text:
    """GitHub's Markdown, cleaned; relative links lead to pages, relative pictures to files."""
    if len(text) > LARGEST:
        return _as_written(text)
    from bearhug.base.html.parsing import Making, TooMuch, parser

    making = Making()
    made = parser(making)
    try:
        tokens = made.parse(text)
        headings = anchored(tokens)
        html = clean(made.renderer.render(tokens, made.options, {}), place)
    except (TooMuch, TooTangled):
        return _as_written(text)
    safe = Markup(making.put_back(html))  # noqa: S704 - cleaned by an allow-list, then completed by pieces made here
    return Text(safe, headings, making.diagrams > 0)


def spoken(text: str) -> Text:
    """Markdown of a machine: its HTML is shown and not obeyed, and it has no anchors, so that several fit on a page."""
    from bearhug.base.html.parsing import Making, TooMuch, parser

    making = Making()
    made = parser(making)
    made.options["html"] = False
    made.disable(["html_block", "html_inline", "footnote_def", "footnote_ref", "footnote_tail"])
    try:
        html = clean(made.render(text[:LARGEST]), Place())
    except (TooMuch, TooTangled):
        return _as_written(text)
    return Text(Markup(making.put_back(html)))  # noqa: S704 - as above


def _as_written(text: str) -> Text:
    return Text(Markup("<pre>{}</pre>").format(text[:LARGEST]), plain=True)
