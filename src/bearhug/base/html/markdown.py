"""Markdown that people wrote, as HTML that can do no harm."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from urllib.parse import quote, unquote, urlsplit

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.gfm import gfm_plugin

from bearhug.base.html import code

LARGEST = 1_000_000
"""Characters of a text that are rendered."""

TAGS = frozenset(
    "a abbr b bdi blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption "
    "figure h1 h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q s samp section small span strike strong sub "
    "summary sup table tbody td tfoot th thead tr u ul var video audio source wbr picture".split()
)
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"align", "class", "id", "title", "lang", "dir"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "input": {"type", "checked", "disabled"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "details": {"open"},
    "video": {"src", "controls", "width", "height"},
    "audio": {"src", "controls"},
    "source": {"src", "type"},
    "col": {"span"},
}
CLASSES = re.compile(r"[a-z0-9]{1,3}|contains-task-list|task-list-item[a-z-]*|footnotes?[a-z-]*|markdown-alert[a-z-]*")
IDS = re.compile(r"[\w.:()一-鿿-]{1,120}\Z")
FRAME_IDS = frozenset({"main", "search", "top"})


@dataclass(frozen=True)
class Place:
    """Where relative addresses of a text lead: pages of files, and files themselves; both end in a slash."""

    pages: str = ""
    files: str = ""
    folder: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading of a text, for its table of contents."""

    level: int
    anchor: str
    title: str


@dataclass(frozen=True)
class Text:
    """Rendered text and its headings."""

    html: Markup
    headings: tuple[Heading, ...]


@lru_cache(maxsize=128)
def render(text: str, place: Place) -> Text:
    """GitHub's Markdown, cleaned; relative links lead to pages, relative pictures to files."""
    if len(text) > LARGEST:
        return Text(Markup("<pre>{}</pre>").format(text[:LARGEST]), ())
    parser = _parser()
    tokens = parser.parse(text)
    html = parser.renderer.render(tokens, parser.options, {})
    headings = tuple(
        Heading(int(opening.tag[1]), str(opening.attrs.get("id", "")), _plain(inline.children or []))
        for opening, inline in pairwise(tokens)
        if opening.type == "heading_open"
    )
    return Text(Markup(_clean(html, place)), headings)  # noqa: S704 - cleaned by an allow-list


def _plain(children: list) -> str:  # type: ignore[type-arg]
    return "".join(child.content for child in children if child.type in ("text", "code_inline")).strip()[:200]


def _parser() -> MarkdownIt:
    options = {"html": True, "linkify": False, "highlight": _highlight}
    parser = MarkdownIt("commonmark", options)
    parser.use(gfm_plugin)
    parser.use(anchors_plugin, max_level=4, permalink=False)
    return parser


def _highlight(text: str, language: str, _attributes: str) -> str:
    return code.by_language(text, language)


def _clean(html: str, place: Place) -> str:
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        attribute_filter=_filter(place),
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
    )


def _filter(place: Place) -> Callable[[str, str, str], str | None]:
    def kept(tag: str, name: str, value: str) -> str | None:
        if name == "class":
            return " ".join(word for word in value.split()[:20] if CLASSES.fullmatch(word)) or None
        if name == "id":
            return value if IDS.match(value) and value not in FRAME_IDS else None
        if name == "type" and tag == "input":
            return value if value == "checkbox" else None
        if name == "href":
            return address(value, place.pages, place.folder)
        if name == "src":
            return picture(value, place)
        return value

    return kept


def address(value: str, base: str, folder: str) -> str | None:
    """An address as seen from the page: relative ones are put under `base`, never above it."""
    value = value.strip()
    if value.startswith(("#", "mailto:", "http://", "https://")) or (value.startswith("/") and value[1:2] != "/"):
        return value
    if value.startswith("//") or urlsplit(value).scheme:
        return None
    path, mark, fragment = value.partition("#")
    joined = posixpath.normpath(posixpath.join("/", folder, unquote(path.partition("?")[0]))).lstrip("/")
    return f"{base}{quote(joined)}{mark}{fragment}"


def picture(value: str, place: Place) -> str | None:
    """Pictures come from this hub alone; one from elsewhere is left out and its description shown."""
    if value.startswith(("http:", "https:")):
        return None
    return address(value, place.files, place.folder)
