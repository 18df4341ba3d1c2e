"""Notebooks: text, code and what the code printed; nothing of it runs, and HTML in it is cleaned like a card's."""

import re
from dataclasses import dataclass, field

from markupsafe import Markup

from bearhug.base.html import code, markdown
from bearhug.base.html.cleaning import Place, TooTangled, clean
from bearhug.formats.notebook import Cell, Notebook, NotebookError, Output, parse
from bearhug.hub.previews.records import Sight, Unreadable

LARGEST = 24 << 20
MOST_CELLS = 200
LARGEST_PAGE = 6 << 20
LONGEST_TANGLED = 20_000
_IDS = re.compile(r'(<[a-z][a-z0-9]*(?: [a-z]+="[^"<>]*")*?) id="[^"]*"')


@dataclass(frozen=True)
class ShownOutput:
    """`kind` is text, error, html, image or other; `html` is clean, `text` is for escaping, or an image's address."""

    kind: str
    text: str = ""
    html: Markup = field(default_factory=Markup)


@dataclass(frozen=True)
class ShownCell:
    """A cell: `html` of its text or coloured code."""

    kind: str
    html: Markup
    count: int | None
    outputs: list[ShownOutput]


@dataclass(frozen=True)
class ShownNotebook:
    """Cells in order, how many are left out, and the language of the code."""

    cells: list[ShownCell]
    left_out: int
    language: str


def notebook(sight: Sight) -> ShownNotebook:
    """The cells as people read them."""
    if sight.size > LARGEST:
        raise Unreadable("it is large")
    try:
        found = parse(sight.start(LARGEST), limit=LARGEST)
    except NotebookError as error:
        raise Unreadable(str(error)) from error
    place = Place(sight.pages, sight.files, sight.path.rpartition("/")[0])
    cells: list[ShownCell] = []
    room = LARGEST_PAGE
    for cell in found.cells[:MOST_CELLS]:
        room -= cell.weight
        if room < 0:
            break
        cells.append(_cell(cell, found, place))
    return ShownNotebook(cells, len(found.cells) - len(cells), found.language)


def _cell(cell: Cell, book: Notebook, place: Place) -> ShownCell:
    if cell.kind == "markdown":
        return ShownCell("markdown", _text(cell.source, place), None, [])
    language = book.language if cell.kind == "code" else ""
    html = Markup(code.by_language(cell.source, language))  # noqa: S704 - escaped by the formatter
    return ShownCell(cell.kind, html, cell.count, [_output(output, place) for output in cell.outputs])


def _output(output: Output, place: Place) -> ShownOutput:
    if output.kind == "html":
        return _html(output.text, place)
    if output.kind == "markdown":
        return ShownOutput("html", html=_text(output.text, place))
    return ShownOutput(output.kind, output.text)


def _html(text: str, place: Place) -> ShownOutput:
    try:
        return ShownOutput("html", html=_anchorless(clean(text, place)))
    except TooTangled:
        return ShownOutput("text", text[:LONGEST_TANGLED])


def _text(text: str, place: Place) -> Markup:
    return _anchorless(markdown.render(text, place).html)


def _anchorless(html: str) -> Markup:
    """Two cells may name the same place, but a page has each id once."""
    return Markup(_IDS.sub(r"\1", str(html)))  # noqa: S704 - cleaned before, and only made shorter
