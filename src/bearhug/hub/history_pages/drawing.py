"""Draws the lines of a difference: words that changed are marked, lines are paired for showing them side by side."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from markupsafe import Markup, escape

from bearhug.hub.history.records import Hunk, Line
from bearhug.hub.history_pages.records import Drawn, DrawnHunk

MOST_PAIRED = 200
"""Lines in a row whose words are compared."""
LONGEST_MARKED = 2000
LONGEST_SHOWN = 5000
LEAST_ALIKE = 0.3
"""Lines that have less than this in common are not marked: everything would be."""


def drawn(hunks: Iterable[Hunk]) -> list[DrawnHunk]:
    """All hunks of one file."""
    return [_hunk(hunk) for hunk in hunks]


def _hunk(hunk: Hunk) -> DrawnHunk:
    lines: list[Drawn] = []
    pairs: list[tuple[Drawn | None, Drawn | None]] = []
    for gone, come, same in _runs(hunk.lines):
        olds, news = _marked(gone, come)
        lines += [*olds, *news]
        pairs += zip_longest(olds, news)
        if same is not None:
            line = _plain(same)
            lines.append(line)
            pairs.append((line, line))
    return DrawnHunk(hunk.header, lines, pairs)


def _runs(lines: Sequence[Line]) -> Iterator[tuple[list[Line], list[Line], Line | None]]:
    """Lines that went and lines that came in their place, each with the unchanged line that follows."""
    gone: list[Line] = []
    come: list[Line] = []
    for line in lines:
        if line.kind == "-" and not come:
            gone.append(line)
        elif line.kind == "+":
            come.append(line)
        elif line.kind == "-":
            yield gone, come, None
            gone, come = [line], []
        else:
            yield gone, come, line
            gone, come = [], []
    if gone or come:
        yield gone, come, None


def _marked(gone: list[Line], come: list[Line]) -> tuple[list[Drawn], list[Drawn]]:
    if len(gone) != len(come) or len(gone) > MOST_PAIRED:
        return [_plain(line) for line in gone], [_plain(line) for line in come]
    olds, news = [], []
    for before, after in zip(gone, come, strict=True):
        head, tail = _alike(before.text, after.text)
        olds.append(_with_mark(before, head, tail))
        news.append(_with_mark(after, head, tail))
    return olds, news


def _alike(one: str, other: str) -> tuple[int, int]:
    """How many characters both begin and end with, to the borders of words; nothing where they are hardly alike."""
    least = min(len(one), len(other))
    if not least or max(len(one), len(other)) > LONGEST_MARKED:
        return 0, 0
    head = next((at for at in range(least) if one[at] != other[at]), least)
    tail = next((at for at in range(least - head) if one[-1 - at] != other[-1 - at]), least - head)
    while head and _is_inside(one, head) and _is_inside(other, head):
        head -= 1
    while tail and _is_inside(one, len(one) - tail) and _is_inside(other, len(other) - tail):
        tail -= 1
    shared = len(one[:head].strip()) + len(one[len(one) - tail :].strip())
    return (head, tail) if shared >= LEAST_ALIKE * least else (0, 0)


def _is_inside(text: str, at: int) -> bool:
    """Whether a place lies between two letters of one word."""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum() and text[at].isascii()


def _with_mark(line: Line, head: int, tail: int) -> Drawn:
    text, end = line.text, len(line.text) - tail
    if (not head and not tail) or head >= end:
        return _plain(line)
    html = escape(text[:head]) + Markup("<mark>{}</mark>").format(text[head:end]) + escape(text[end:])
    return Drawn(line.kind, html, line.old, line.new)


def _plain(line: Line) -> Drawn:
    text = line.text if len(line.text) <= LONGEST_SHOWN else f"{line.text[:LONGEST_SHOWN]} …"
    return Drawn(line.kind, escape(text), line.old, line.new)
