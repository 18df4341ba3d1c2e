"""Writes docs/compatibility.md from what the tests of `clients/` and `stories/` prove, or fails when it is stale.

A test says what it proves: `@pytest.mark.covers("create_repo", client="huggingface_hub")`. A row of the surface is
✓ when all of its tests pass, ◐ when some do, ✗ when none does or none is written.
"""

import importlib.metadata
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.surface import CLIENTS, LANGCHAIN, surface

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "compatibility.md"
PACKAGES = {"@huggingface/hub": "tests/clients/node", "@huggingface/inference": "tests/inference/code/node"}
SUITES = (ROOT / "tests" / "clients", ROOT / "tests" / "stories")
INTRODUCTION = """\
# What works with which client

Written by `tests/clients` and `tests/stories`: real clients against a running hub. Do not edit it by hand;
`pytest tests/clients tests/stories --compatibility=write` makes it anew.

✓ proved by tests · ◐ proved in part · ✗ not there, or not proved
"""


class Evidence:
    """What the tests of one run said about every row."""

    def __init__(self, mode: str | None) -> None:
        self.mode = mode
        self.claims: dict[str, list[tuple[str, str]]] = {}
        self.passed: dict[str, bool] = {}
        self.files: set[Path] = set()
        self.stale = False

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note which test claims what; a claim outside of the surface is a slip of the pen."""
        for item in items:
            self.files.add(item.path)
            claims = [
                (str(mark.kwargs["client"]), str(row)) for mark in item.iter_markers("covers") for row in mark.args
            ]
            for client, row in claims:
                if row not in surface(client):
                    raise pytest.UsageError(f"{item.nodeid} covers {client}: {row}, which is in no surface")
            self.claims[item.nodeid] = claims

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test counts for its rows when every phase of it passed; an expected failure does not."""
        good = report.passed and not hasattr(report, "wasxfail")
        self.passed[report.nodeid] = self.passed.get(report.nodeid, True) and good

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write or compare the document, if the whole of both suites ran."""
        if self.mode is None:
            return
        wanted = {path for suite in SUITES for path in suite.rglob("test_*.py")}
        if wanted - self.files:
            raise pytest.UsageError("--compatibility needs all of tests/clients and tests/stories")
        text = self.document()
        if self.mode == "write":
            DOCUMENT.write_text(text, encoding="utf-8")
        elif not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != text:
            self.stale = True
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say aloud what `check` found."""
        if self.stale:
            terminalreporter.write_line("docs/compatibility.md is stale: run --compatibility=write", red=True)

    def document(self) -> str:
        """The whole page."""
        found: dict[tuple[str, str], list[bool]] = defaultdict(list)
        for test, claims in self.claims.items():
            for claim in claims:
                found[claim].append(self.passed.get(test, False))
        parts = [INTRODUCTION]
        for client, title in CLIENTS.items():
            rows = {row: found[client, row] for row in surface(client)}
            done = sum(mark(results) == "✓" for results in rows.values())
            parts.append(f"## {title} {version(client)}\n\n{done} of {len(rows)}\n\n{table(rows)}")
        return "\n".join(parts)


def mark(results: Iterable[bool]) -> str:
    """The sign for a row with these test results."""
    seen = list(results)
    if not any(seen):
        return "✗"
    return "✓" if all(seen) else "◐"


def table(rows: dict[str, list[bool]]) -> str:
    """A Markdown table of rows and signs."""
    lines = [f"| {mark(results)} | {row} |" for row, results in rows.items()]
    return "\n".join(["| | what |", "|---|---|", *lines, ""])


def version(client: str) -> str:
    """The version of the client that was driven; git's differ from machine to machine and are left out."""
    if client in PACKAGES:
        wanted: dict[str, str] = json.loads((ROOT / PACKAGES[client] / "package.json").read_text())["dependencies"]
        return wanted[client]
    if client == "langchain":
        return LANGCHAIN
    names = {"hf": "huggingface_hub", "xet": "hf_xet", "InferenceClient": "huggingface_hub"}
    try:
        return importlib.metadata.version(names.get(client, client))
    except importlib.metadata.PackageNotFoundError:
        return ""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--compatibility=write` and `--compatibility=check`."""
    parser.addoption("--compatibility", choices=("write", "check"), default=None, help="docs/compatibility.md")


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark and start to listen."""
    config.addinivalue_line("markers", "covers(*rows, client): what this test proves of a client's surface")
    config.pluginmanager.register(Evidence(config.getoption("--compatibility")), "compatibility-evidence")
