"""Markdown becomes HTML that can do no harm, and leads where it should."""

from datetime import timedelta

import pytest

from bearhug.base import clock
from bearhug.base.html import figures
from bearhug.base.html.markdown import LARGEST, Place, render

PLACE = Place("/a/m/blob/main/", "/a/m/resolve/main/", "docs")


@pytest.mark.parametrize(
    ("written", "leads_to"),
    [
        ("run.py", "/a/m/blob/main/docs/run.py"),
        ("../../../etc/passwd", "/a/m/blob/main/etc/passwd"),
        ("a b.md#part", "/a/m/blob/main/docs/a%20b.md#part"),
        ("/models", "/models"),
        ("#part", "#part"),
        ("https://a.example/x", "https://a.example/x"),
    ],
)
def test_links_lead_into_the_repository_or_out_of_it(written: str, leads_to: str) -> None:
    assert f'href="{leads_to}"' in render(f'<a href="{written}">x</a>', PLACE).html


@pytest.mark.parametrize("trap", ["javascript:x", " JaVaScRiPt:x", "data:text/html,x", "//evil.example", "vbscript:x"])
def test_traps_lose_their_address(trap: str) -> None:
    assert "href" not in render(f'<a href="{trap}">x</a>', PLACE).html
    assert "src" not in render(f'<img src="{trap}">', PLACE).html


def test_headings_have_anchors_and_make_a_table_of_contents() -> None:
    text = render("# One `two`\n\n## 三\n\n## 三\n", PLACE)
    assert [(heading.level, heading.title) for heading in text.headings] == [(1, "One two"), (2, "三"), (2, "三")]
    assert len({heading.anchor for heading in text.headings}) == 3
    assert f'id="{text.headings[1].anchor}"' in text.html


def test_tasks_footnotes_alerts_and_tables_are_rendered() -> None:
    html = render("- [x] a\n\n> [!WARNING]\n> b[^1]\n\n|c|\n|-|\n|~~d~~|\n\n[^1]: e\n", PLACE).html
    for part in ("☑ a", "markdown-alert-warning", "<table>", "<s>d</s>", 'class="footnotes"'):
        assert part in html


def test_a_text_that_is_too_long_stays_plain() -> None:
    assert render("<b>" + "x" * LARGEST, PLACE).html.startswith("<pre>&lt;b&gt;")


def test_numbers_are_short() -> None:
    assert [figures.amount(n) for n in (0, 999, 1300, 23_400_000, 8_030_000_000)] == [
        "0",
        "999",
        "1.3k",
        "23.4M",
        "8.03B",
    ]
    assert [figures.size(n) for n in (0, 1500, 47_000_000)] == ["0 B", "1.5 kB", "47 MB"]
    assert figures.ago(clock.now() - timedelta(days=3), "zh") == "3天前"
