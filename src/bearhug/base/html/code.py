"""Source text with its words coloured by class, for pages and for code in cards."""

from functools import lru_cache
from html import escape

LARGEST = 200_000
"""Characters up to which a text is coloured; longer ones stay plain."""
LONGEST_LINE = 5_000


def by_language(text: str, language: str) -> str:
    """HTML of a piece of code in a named language; plain where the language is not known."""
    from pygments.lexers import find_lexer_class_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = find_lexer_class_by_name(language[:40]) if language else None
    except ClassNotFound:
        lexer = None
    return _coloured(text, lexer)


def lines(text: str, file_name: str) -> list[str]:
    """HTML of each line of a file, coloured by what its name says."""
    from pygments.lexers import find_lexer_class_for_filename

    coloured = _coloured(text, find_lexer_class_for_filename(file_name))
    found = coloured.split("\n")
    return found[:-1] if found and not found[-1] else found


@lru_cache(maxsize=16)
def _coloured(text: str, lexer: type | None) -> str:
    """Two thirds of what a page of code costs; those that were read last are read again."""
    if lexer is None or len(text) > LARGEST or any(len(line) > LONGEST_LINE for line in text.split("\n")):
        return escape(text)
    from pygments import highlight
    from pygments.formatters.html import HtmlFormatter

    made = lexer(stripnl=False, ensurenl=False)
    return str(highlight(text, made, HtmlFormatter(nowrap=True)))
