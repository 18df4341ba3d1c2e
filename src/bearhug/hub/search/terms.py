"""Cuts names and texts into the terms that the index holds; the same cuts are looked for later.

Names are found by any part of them, so they become runs of two and three characters. Texts become words, and where
a script writes no spaces (Chinese, Japanese, Korean, Thai) single characters and pairs of them.
"""

import re
import unicodedata

WORD = re.compile(r"[a-z0-9à-ɏͰ-ӿ]{2,40}")
UNSPACED = re.compile(r"[฀-๿぀-ヿ㐀-䶿一-鿿가-힯豈-﫿]+")
ACCENTED = re.compile(r"[à-ɏͰ-Ͽḁ-ỿἀ-ῼ]")
MOST_TEXT = 20_000
MOST_QUERY_WORDS = 8


def fold(text: str) -> str:
    """Compatibility forms, case and the accents of Latin and Greek letters make no difference."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return ACCENTED.sub(lambda letter: unicodedata.normalize("NFD", letter[0])[0], folded)


def name_terms(*names: str) -> set[str]:
    """Terms by which any part of a name of two or more characters is found."""
    found: set[str] = set()
    for name in names:
        folded = fold(name)
        found.update(_run(folded[at : at + size]) for size in (2, 3) for at in range(len(folded) - size + 1))
    return found


def text_terms(text: str) -> set[str]:
    """Terms of a card's text; what lies beyond the first 20,000 characters is not looked at."""
    folded = fold(text[:MOST_TEXT])
    found = {f"w{word}" for word in WORD.findall(folded)}
    for run in UNSPACED.findall(folded):
        found.update(f"c{ch}" for ch in run)
        found.update(f"c{run[at : at + 2]}" for at in range(len(run) - 1))
    return found


def query_terms(question: str) -> list[tuple[list[str], list[str]]]:
    """For each word of a question: the terms that a name must have, or else those that a text must have."""
    words = fold(question).split()[:MOST_QUERY_WORDS]
    return [(_name_query(word), _text_query(word)) for word in words if word]


def _name_query(word: str) -> list[str]:
    size = 3 if len(word) >= 3 else 2
    return [_run(word[at : at + size]) for at in range(len(word) - size + 1)] if len(word) >= 2 else []


def _text_query(word: str) -> list[str]:
    found = [f"w{part}" for part in WORD.findall(word)]
    for run in UNSPACED.findall(word):
        found += [f"c{run[at : at + 2]}" for at in range(len(run) - 1)] or [f"c{run}"]
    return found


def _run(text: str) -> str:
    """A run of characters as one letters-and-digits term, so that no tokenizer takes it apart."""
    return "n" + text.encode("utf-8").hex()
