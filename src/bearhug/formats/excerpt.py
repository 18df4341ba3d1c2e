"""The place of a card where words that were looked for stand, as a line that people can read."""

import re
from collections.abc import Sequence

LOOKED_AT = 20_000
BEFORE, LENGTH = 60, 200
MOST_WORDS = 8
_TAGS = re.compile(r"<[^<>]{1,300}>|\||-{3,}")
_SIGNS = re.compile(r"\]\([^()\s]{0,500}\)|[#>*_`~\[\]]+")
_SPACE = re.compile(r"\s+")

Piece = tuple[str, bool]
"""A piece of text, and whether it is one of the words."""


def excerpt(card: str, words: Sequence[str]) -> tuple[Piece, ...]:
    """About 200 characters of Markdown around the first of the words, without its signs; nothing if none is there."""
    wanted = sorted({word for word in words if word}, key=len, reverse=True)[:MOST_WORDS]
    if not wanted:
        return ()
    pattern = re.compile("(" + "|".join(map(re.escape, wanted)) + ")", re.IGNORECASE)
    text = _SPACE.sub(" ", _SIGNS.sub("", _TAGS.sub(" ", card[:LOOKED_AT]))).strip()
    found = pattern.search(text)
    if found is None:
        return ()
    pieces = pattern.split(_around(text, found.start()))
    return tuple((piece, bool(at % 2)) for at, piece in enumerate(pieces) if piece)


def _around(text: str, at: int) -> str:
    """Whole words where the script has spaces."""
    start = max(at - BEFORE, 0)
    if start:
        space = text.find(" ", start, at)
        start = space + 1 if space >= 0 else start
    end = min(start + LENGTH, len(text))
    if end < len(text):
        space = text.rfind(" ", at + 1, end)
        end = space if space > end - BEFORE else end
    return ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")
