"""Takes everything out of a text's HTML that could do harm, and turns relative addresses into ones of this hub."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

import nh3

TAGS = frozenset(
    "a abbr b bdi blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption "
    "figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp section small span strike strong sub "
    "summary sup table tbody td tfoot th thead tr u ul var video audio source wbr picture font tt big".split()
)
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"align", "class", "id", "title", "lang", "dir"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan", "width", "valign"},
    "th": {"colspan", "rowspan", "scope", "width", "valign"},
    "details": {"open"},
    "video": {"src", "controls", "width", "height", "muted", "loop", "playsinline"},
    "audio": {"src", "controls"},
    "source": {"src", "srcset", "type", "media"},
    "col": {"span", "width"},
    "font": {"color"},
    "hr": {"width"},
}
CLASSES = re.compile(
    r"contains-task-list|task-list-item[a-z-]*|footnotes?[a-z-]*|markdown-alert[a-z-]*"
    r"|anchor|hidden|(?:dark|light):(?:hidden|block|inline)"
)
IDS = re.compile(r"[\w.:()一-鿿-]{1,120}\Z")
FRAME_IDS = frozenset({"main", "search", "top", "card", "first-push"})
"""Ids that belong to the page around a text."""
LONGEST_ADDRESS = 4000
LARGEST = 4_000_000
"""Characters of a text's HTML."""

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
CLOSED_BY_ITSELF = frozenset("p li td th tr dd dt tbody thead tfoot colgroup option".split())
FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
DEEPEST = 150
DEEPEST_FORMATTING = 10
MOST_TAGS = 150_000
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")


class TooTangled(ValueError):
    """HTML that nobody writes by hand: it would take a parser of HTML far longer than its length says."""


@dataclass(frozen=True)
class Place:
    """Where relative addresses of a text lead: pages of files, and files themselves; both end in a slash."""

    pages: str = ""
    files: str = ""
    folder: str = ""


def clean(html: str, place: Place) -> str:
    """HTML of allowed tags and attributes alone. Raises TooTangled."""
    _weigh(html)
    cleaned = nh3.clean(
        html,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        attribute_filter=_filter(place),
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
    )
    if len(cleaned) > LARGEST:
        raise TooTangled
    return cleaned


def _weigh(html: str) -> None:
    """Parsers of HTML reopen what was left open: depth, not length, is what makes them slow."""
    open_tags = {True: 0, False: 0}
    for count, (closing, name) in enumerate(_TAG.findall(html)):
        tag = name.lower()
        if tag in VOID or tag in CLOSED_BY_ITSELF:
            continue
        is_formatting = tag in FORMATTING
        open_tags[is_formatting] = max(0, open_tags[is_formatting] + (-1 if closing else 1))
        if open_tags[True] > DEEPEST_FORMATTING or open_tags[False] > DEEPEST or count > MOST_TAGS:
            raise TooTangled


def _filter(place: Place) -> Callable[[str, str, str], str | None]:
    by_name: dict[str, Callable[[str], str | None]] = {
        "class": lambda value: " ".join(word for word in value.split()[:20] if CLASSES.fullmatch(word)) or None,
        "id": lambda value: value if IDS.match(value) and value not in FRAME_IDS else None,
        "href": lambda value: address(value, place.pages, place.folder),
        "src": lambda value: picture(value, place),
        "srcset": lambda value: _pictures(value, place),
    }

    def kept(_tag: str, name: str, value: str) -> str | None:
        known = by_name.get(name)
        return known(value) if known else value

    return kept


def address(value: str, base: str, folder: str) -> str | None:
    """An address as seen from the page: relative ones are put under `base`, never above it."""
    value = value.strip()
    if len(value) > LONGEST_ADDRESS:
        return None
    if value.startswith(("#", "mailto:", "http://", "https://")) or (value.startswith("/") and value[1:2] not in "/\\"):
        return value
    try:
        if value.startswith(("//", "/\\", "\\")) or urlsplit(value).scheme:
            return None
    except ValueError:
        return None
    path, mark, fragment = value.partition("#")
    joined = posixpath.normpath(posixpath.join("/", folder, unquote(path.partition("?")[0]))).lstrip("/")
    return f"{base}{quote(joined, errors='replace')}{mark}{fragment}"


def picture(value: str, place: Place) -> str | None:
    """Pictures come from this hub alone; one from elsewhere is left out and its description shown."""
    if value.strip().startswith(("http:", "https:")):
        return None
    return address(value, place.files, place.folder)


def _pictures(value: str, place: Place) -> str | None:
    """Each of a list of pictures with its width or density."""
    found = []
    for candidate in value[:LONGEST_ADDRESS].split(",")[:10]:
        source, _, size = candidate.strip().partition(" ")
        kept = picture(source, place)
        if kept and re.fullmatch(r"|[0-9.]{1,8}[wx]", size.strip()):
            found.append(f"{kept} {size}".strip())
    return ", ".join(found) or None
