"""Nobody adds a page without adding it to those that are looked at."""

from pathlib import Path

from tests.pages.addresses import FRAMES, PAGES

from bearhug.app import build
from bearhug.base.db import sqlite_url
from bearhug.base.http.router import Match
from bearhug.config import Config


def test_every_page_is_among_those_that_are_looked_at(tmp_path: Path) -> None:
    app = build(Config(data=tmp_path, database_url=sqlite_url(tmp_path / "x.db")))
    router = app.edge.router
    pages = [row for row in router.rows if row.page and row.method == "GET" and row.returns == "HTML"]
    found = [router.find("GET", address.path.partition("?")[0]) for address in PAGES]
    looked_at = [match.row.answer for match in found if isinstance(match, Match)]
    app.close()
    assert [row.path for row in pages if row.answer not in looked_at and row.path not in FRAMES] == []
