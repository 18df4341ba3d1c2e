"""The documents know every endpoint, command and setting."""

import re
from pathlib import Path

from bearhug.app import build
from bearhug.base.db import sqlite_url
from bearhug.cli.root import COMMANDS
from bearhug.config import Config

ROOT = Path(__file__).parents[2]


def test_every_endpoint_stands_in_the_api_document(tmp_path: Path) -> None:
    app = build(Config(data=tmp_path, database_url=sqlite_url(tmp_path / "x.db")))
    text = (ROOT / "docs" / "api.md").read_text()
    missing = [f"{row.method} {row.path}" for row in app.edge.router.rows if not row.page and row.path not in text]
    app.close()
    assert missing == []


def test_every_command_stands_in_the_administration_document() -> None:
    text = (ROOT / "docs" / "use" / "administration.md").read_text()
    assert [name for name in COMMANDS if f"bearhug {name}" not in text] == []


def test_every_variable_stands_in_the_administration_document() -> None:
    text = (ROOT / "docs" / "use" / "administration.md").read_text()
    variables = set(re.findall(r"BEARHUG_[A-Z_]+", (ROOT / "src" / "bearhug" / "config.py").read_text()))
    assert sorted(name for name in variables if name not in text) == []


def test_every_dependency_has_a_line_in_the_decisions() -> None:
    declared = re.search(r"^dependencies = \[(.*?)^\]", (ROOT / "pyproject.toml").read_text(), re.DOTALL | re.MULTILINE)
    assert declared is not None
    names = re.findall(r'"([a-z0-9-]+)', declared[1])
    text = "\n".join(path.read_text() for path in (ROOT / "docs" / "decisions").glob("*.md")).lower()
    assert [name for name in names if name not in text] == []


def test_relative_links_lead_somewhere() -> None:
    broken = [
        f"{path.name}: {target}"
        for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text())
        if not (path.parent / target).exists()
    ]
    assert broken == []


def test_what_others_made_stands_in_the_notice() -> None:
    notice = (ROOT / "NOTICE").read_text()
    taken = [path for pattern in ("*.min.js", "*.wasm") for path in (ROOT / "src").rglob(pattern)]
    assert [path.name for path in taken if path.name not in notice] == []
    assert "END OF TERMS AND CONDITIONS" in (ROOT / "LICENSE").read_text()
