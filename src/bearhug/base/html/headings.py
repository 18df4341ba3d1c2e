"""Headings of a text: anchors that stay, and a table of contents."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from bearhug.base.html.cleaning import FRAME_IDS

if TYPE_CHECKING:
    from markdown_it.token import Token

LONGEST = 100
LONGEST_TITLE = 200
DEEPEST = 4
_DROPPED = re.compile(r"[^\w\s-]+")
_SPACES = re.compile(r"\s")


@dataclass(frozen=True)
class Heading:
    """A heading of a text, for its table of contents."""

    level: int
    anchor: str
    title: str


def anchored(tokens: "list[Token]") -> tuple[Heading, ...]:
    """Give each heading an id and a link to itself; tells which there are."""
    seen: Counter[str] = Counter(FRAME_IDS)
    found = []
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            title = _plain(inline.children or [])[:LONGEST_TITLE]
            anchor = _unique(slug(title), seen)
            opening.attrSet("id", anchor)
            inline.children = [*(inline.children or []), _link(anchor)]
            if int(opening.tag[1]) <= DEEPEST:
                found.append(Heading(int(opening.tag[1]), anchor, title))
    return tuple(found)


def slug(title: str) -> str:
    """The anchor of a title: lower case, spaces as hyphens, without punctuation; in any script."""
    return _SPACES.sub("-", _DROPPED.sub("", title.strip().lower()))[:LONGEST] or "section"


def _unique(anchor: str, seen: Counter[str]) -> str:
    """The second of a name gets a number; counting, not trying, keeps many headings of one name cheap."""
    seen[anchor] += 1
    if seen[anchor] == 1:
        return anchor
    numbered = f"{anchor}-{seen[anchor] - 1}"
    seen[numbered] += 1
    return numbered


def _plain(children: "list[Token]") -> str:
    kept = ("text", "code_inline", "emoji", "math_inline")
    return "".join(child.content for child in children if child.type in kept).strip()


def _link(anchor: str) -> "Token":
    from markdown_it.token import Token

    link = Token("html_inline", "", 0)
    link.content = f' <a class="anchor" href="#{anchor}">#</a>'
    return link
