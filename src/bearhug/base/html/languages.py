"""The languages of the pages, and which of them a reader wants."""

from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from bearhug.base.http.call import Call

ROOT = Path(__file__).parent.parent.parent
NAMES = {"en": "English", "zh": "中文"}
DEFAULT = "en"
COOKIE = "bearhug_language"


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


def translations(language: str) -> NullTranslations:
    """The words of a language; English is what the templates say themselves."""
    whole = NullTranslations()
    for file in catalogues(language):
        read = _compiled(file, language)
        if isinstance(whole, Translations):
            whole.merge(read)
        else:
            whole = read
    return whole


def _compiled(file: Path, language: str) -> Translations:
    with file.open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
