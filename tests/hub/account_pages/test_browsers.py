"""What browsers are called in the list of those that are signed in."""

import pytest

from bearhug.hub.account_pages.browsers import LONGEST, called

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} HeadlessChrome/156.0.0.0 Safari/537.36", "Chrome 156 · Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0", "Edge 140 · Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox 143 · macOS"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1",
            "Safari 18 · iPhone",
        ),
        (f"Mozilla/5.0 (Linux; Android 14) {WEBKIT} Chrome/120 MicroMessenger/8.0", "WeChat 8 · Android"),
        ("Mozilla/5.0 (Plan 9) Firefox/9", "Firefox 9"),
        ("python-httpx/0.28", "python-httpx/0.28"),
        ("Chrome/1 of a stranger", "Chrome/1 of a stranger"),
        ("", ""),
    ],
)
def test_browsers_have_names_that_people_know(agent: str, name: str) -> None:
    assert called(agent) == name


def test_what_nobody_knows_is_shown_in_part() -> None:
    assert called("<b>" * 80) == ("<b>" * 80)[:LONGEST]
