"""Tables as text (CSV, TSV): which sign separates the cells, and rows with a limit for every length."""

import csv
from collections import Counter
from collections.abc import Iterator

SEPARATORS = (",", "\t", ";", "|")
LONGEST_CELL = 2_000
MOST_CELLS = 200
SNIFFED_LINES = 30
SNIFFED_LETTERS = 64 * 1024


def separator_of(text: str, default: str = ",") -> str:
    """The sign that cuts the first lines into the same number of cells, more than one, most often."""
    scores = {sign: _agreement(text[:SNIFFED_LETTERS], sign) for sign in SEPARATORS}
    best = max(SEPARATORS, key=lambda sign: (scores[sign], sign == default))
    return best if scores[best] > 0 else default


def _agreement(text: str, sign: str) -> int:
    """How many of the first lines have the most frequent number of separators, if it is not zero."""
    counts = [_count(line, sign) for line in text.splitlines()[:SNIFFED_LINES] if line.strip()]
    if not counts:
        return 0
    found, lines = Counter(counts).most_common(1)[0]
    return lines * 1000 + min(found, 500) if found else 0


def _count(line: str, sign: str) -> int:
    """Separators outside of quotes."""
    return sum(part.count(sign) for part in line.split('"')[::2])


def rows(text: str, separator: str) -> Iterator[tuple[list[str], int]]:
    """Rows of cells, each with the place in the text where the next one begins; blank lines are left out.

    Long cells and rows end at a limit. The rows end early where one cannot be read, so the last one may be a part.
    """
    lines = _Lines(text)
    read = csv.reader(lines, delimiter=separator)
    while True:
        try:
            row = next(read)
        except (StopIteration, csv.Error):
            return
        if any(row):
            yield [cell[:LONGEST_CELL] for cell in row[:MOST_CELLS]], lines.at


class _Lines:
    """The lines of a text, ends included, and how far they were taken."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self.at >= len(self._text):
            raise StopIteration
        end = self._text.find("\n", self.at) + 1 or len(self._text)
        line, self.at = self._text[self.at : end], end
        return line
