"""Cards that were made to be slow, or to look like the page around them, are neither."""

import time

import pytest

from bearhug.base.html.markdown import LARGEST, Place, render
from bearhug.base.html.parsing import SECONDS

PLACE = Place("/a/m/blob/main/", "/a/m/resolve/main/")
SLOW = {
    "headings of one name": "# a\n" * 75_000,
    "nested lists": "".join("  " * depth + "- a\n" for depth in range(540)),
    "open brackets": "[" * LARGEST,
    "open links": "[a](b" * 50_000,
    "bare links": "www.a.b " * 35_000,
    "nested tags": "<div>" * 50_000,
    "nested tables": "<table>" * 149 + "<td>x" * 20_000,
    "reopened tags": "".join(f'<b id="x{n}">' for n in range(9)) + "<p>x" * 30_000,
    "emphasis": "*a **b " * 40_000,
    "dollars": "$a " * 90_000,
    "wide table": "|" + "a|" * 500 + "\n|" + "-|" * 500 + "\n" + ("|" + "b|" * 500 + "\n") * 200,
    "footnotes": "".join(f"[^{n}]" for n in range(8000)) + "\n\n" + "".join(f"[^{n}]: x\n" for n in range(8000)),
}


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW)
def test_a_card_made_to_be_slow_costs_no_more_than_its_budget(text: str) -> None:
    begun = time.thread_time()
    assert render(text[:LARGEST], PLACE).html
    assert time.thread_time() - begun < 4 * SECONDS


def test_a_card_cannot_take_ids_and_classes_of_the_page() -> None:
    html = render('# Main\n<div id="main" class="bar band hidden">x</div>\n\n```python\nx = 1\n```\n', PLACE).html
    assert 'id="main"' not in html
    assert '<div class="hidden">' in html
    assert 'id="main-1"' in html
    assert 'class="mi"' in html


def test_pieces_cannot_be_called_by_a_card() -> None:
    html = render("piece0n0; $a$ piece0000000000000000n0;", PLACE).html
    assert html.count("<math") == 1


def test_pictures_of_a_list_lead_into_the_repository_or_nowhere() -> None:
    source = '<source srcset="a.png 2x, https://evil.example/b.png 3x" media="(prefers-color-scheme: dark)">'
    html = render(f"<picture>{source}</picture>", PLACE).html
    assert 'srcset="/a/m/resolve/main/a.png 2x"' in html
    assert "evil" not in html
