"""The languages of the pages, and which of them a reader wants."""

import re
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from bearhug.base.http.call import Call

if TYPE_CHECKING:
    from babel.support import NullTranslations, Translations

ROOT = Path(__file__).parent.parent.parent
NAMES = {"en": "English", "zh": "中文"}
DEFAULT = "en"
COOKIE = "bearhug_language"
LONGEST_SAID = 400
MOST_PARTS = 12
REASON = "reason"
"""The blank that holds a sentence again; every other one holds what somebody named or typed."""
_BLANK = re.compile(r"%\((\w+)\)s")


def wanted(call: Call) -> str:
    """What the reader chose, else the first language of the browser that we have."""
    chosen = call.request.cookies.get(COOKIE, "")
    if chosen in NAMES:
        return chosen
    weighted = sorted(_accepted(call.header("accept-language")[:1000]), reverse=True)
    return next((language for _, _, language in weighted if language in NAMES), DEFAULT)


def _accepted(header: str) -> list[tuple[float, int, str]]:
    found = []
    for place, part in enumerate(header.split(",")[:30]):
        tag, _, weight = part.strip().partition(";q=")
        try:
            found.append((float(weight or 1), -place, tag.strip().lower().partition("-")[0]))
        except ValueError:
            continue
    return found


def catalogues(language: str) -> list[Path]:
    """The files of a language: one for the frame of all pages, and one of every room that has words of its own."""
    return sorted(ROOT.glob(f"*/**/locales/{language}.po"))


def translations(language: str) -> "NullTranslations":
    """The words of a language; English is what the templates say themselves."""
    from babel.support import NullTranslations, Translations

    whole = NullTranslations()
    for file in catalogues(language):
        read = _compiled(file, language)
        if isinstance(whole, Translations):
            whole.merge(read)
        else:
            whole = read
    return whole


def _compiled(file: Path, language: str) -> "Translations":
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
    from babel.support import Translations

    with file.open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def speaker(language: str, words: "NullTranslations") -> Callable[[str], str]:
    """Translates sentences that were finished in English, those with their blanks already filled in too."""

    def said(text: str) -> str:
        known = words.ugettext(text)
        if known != text or len(text) > LONGEST_SAID:
            return known
        for shape, there in _shapes(language):
            found = shape.fullmatch(text)
            if found is not None:
                return there % {
                    name: said(part) if name == REASON else part for name, part in found.groupdict().items()
                }
        return text

    return said


@lru_cache
def _shapes(language: str) -> list[tuple[re.Pattern[str], str]]:
    """Every sentence with blanks as a pattern of its English, and as it is said here; those of most words first."""
    from babel.messages.pofile import read_po

    found = []
    for file in catalogues(language):
        with file.open("rb") as source:
            catalogue = read_po(source, locale=language)
        for message in catalogue:
            if isinstance(message.id, str) and isinstance(message.string, str) and message.string:
                parts = _BLANK.split(message.id)
                if 1 < len(parts) < MOST_PARTS and len(set(parts[1::2])) == len(parts[1::2]):
                    found.append((sum(map(len, parts[::2])), _pattern(parts), message.string))
    return [(shape, there) for _, shape, there in sorted(found, key=lambda one: -one[0])]


def _pattern(parts: list[str]) -> re.Pattern[str]:
    """Words and names of blanks in turn."""
    pieces = [f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in enumerate(parts)]
    return re.compile("".join(pieces))
