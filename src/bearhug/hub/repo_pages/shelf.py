"""Cards as HTML, kept by what they were made from, so that a page that is read again is not made again."""

import sys
import threading
from collections import OrderedDict
from dataclasses import dataclass

from bearhug.base.html import markdown
from bearhug.base.html.cleaning import Place
from bearhug.formats import front_matter
from bearhug.formats.front_matter import FrontMatterError
from bearhug.hub.repo_pages.records import Written

BUDGET = 32 << 20
"""Bytes of HTML that are kept."""
LARGEST = 4 << 20
"""Bytes of a card that is read at all."""


@dataclass(frozen=True)
class Card:
    """A card's text, None if it has none; `fault` says why its metadata cannot be used, `line` where."""

    text: markdown.Text | None = None
    fault: str | None = None
    line: int | None = None
    too_large: bool = False


class Shelf:
    """The cards that were read last."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._kept: OrderedDict[tuple[str, Place], Card] = OrderedDict()
        self._held = 0
        self._lock = threading.Lock()

    def card(self, written: Written, place: Place) -> Card:
        """The card of a blob as it looks at a place; links of it depend on where it stands."""
        key = (written.blob, place)
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = Card(too_large=True) if written.size > LARGEST else _made(written.read(), place)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._held += _weight(made)
            while self._held > self._budget and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self._held -= _weight(dropped)
        return made


def _made(content: str, place: Place) -> Card:
    parts = front_matter.cut(content)
    text = markdown.render(parts.body, place) if parts.body.strip() else None
    try:
        front_matter.split(content)
    except FrontMatterError as error:
        return Card(text, error.message, error.line)
    return Card(text)


def _weight(card: Card) -> int:
    return 1000 + (sys.getsizeof(card.text.html) if card.text else 0)
