"""Cuts names and texts into the terms that the index holds; the same cuts are looked for later.

Names are found by any part of them, so they become runs of two and three characters. A single letter finds the names
of which a part begins with it. Texts become words, and where a script writes no spaces (Chinese, Japanese, Korean,
Thai) single characters and pairs of them. The kind and the tags of a repository are terms too, so that one question to
the index finds what meets several conditions.
"""

import re
import unicodedata
from collections.abc import Iterable
from hashlib import blake2b

WORD = re.compile(r"[a-z0-9à-ɏͰ-ӿ]{2,40}")
UNSPACED = re.compile(r"[฀-๿぀-ヿ㐀-䶿一-鿿가-힯豈-﫿]+")
PART = re.compile(r"[^\W_]+")
ACCENTED = re.compile(r"[à-ɏͰ-Ͽḁ-ỿἀ-ῼ]")
MOST_TEXT = 20_000
MOST_QUERY_WORDS = 8


def fold(text: str) -> str:
    """Compatibility forms, case and the accents of Latin and Greek letters make no difference."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return ACCENTED.sub(lambda letter: unicodedata.normalize("NFD", letter[0])[0], folded)


def name_terms(*names: str) -> set[str]:
    """Terms by which any part of a name of two or more characters is found, and its parts by their first letters."""
    found: set[str] = set()
    for name in names:
        folded = fold(name)
        found.update(_run(folded[at : at + size]) for size in (2, 3) for at in range(len(folded) - size + 1))
        found.update(_run(letter) for letter in _initials(folded))
    return found


def label_terms(kind: str, tags: Iterable[str]) -> set[str]:
    """Terms of what is known exactly; tags may be long and hold any sign, so that a hash stands for each."""
    hashes = (blake2b(tag.lower().encode("utf-8", "surrogatepass"), digest_size=8) for tag in tags)
    return {f"t{tag.hexdigest()}" for tag in hashes} | ({f"k{kind}"} if kind else set())


def text_terms(text: str) -> set[str]:
    """Terms of a card's text; what lies beyond the first 20,000 characters is not looked at."""
    folded = fold(text[:MOST_TEXT])
    found = {f"w{word}" for word in WORD.findall(folded)}
    for run in UNSPACED.findall(folded):
        found.update(f"c{ch}" for ch in run)
        found.update(f"c{run[at : at + 2]}" for at in range(len(run) - 1))
    return found


def query_terms(question: str) -> list[tuple[list[str], list[str]]]:
    """For each word of a question: the terms that a name must have, or else those that a text must have.

    Single letters count where there is nothing but these: in "a model for chat" nobody means the names with an A.
    """
    words = fold(question).split()[:MOST_QUERY_WORDS]
    longer = [word for word in words if len(word) > 1 or UNSPACED.match(word)]
    return [(_name_query(word), _text_query(word)) for word in longer or words]


def _initials(folded: str) -> set[str]:
    """The first letter of each part; where a script writes no spaces, every character."""
    unspaced = "".join(UNSPACED.findall(folded))
    return {part[0] for part in PART.findall(folded)} | set(unspaced)


def _name_query(word: str) -> list[str]:
    size = min(len(word), 3)
    return [_run(word[at : at + size]) for at in range(len(word) - size + 1)] if size > 1 or PART.match(word) else []


def _text_query(word: str) -> list[str]:
    found = [f"w{part}" for part in WORD.findall(word)]
    for run in UNSPACED.findall(word):
        found += [f"c{run[at : at + 2]}" for at in range(len(run) - 1)] or [f"c{run}"]
    return found


def _run(text: str) -> str:
    """A run of characters as one letters-and-digits term, so that no tokenizer takes it apart."""
    return "n" + text.encode("utf-8").hex()
