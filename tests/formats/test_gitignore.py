"""`.gitignore` as git reads it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.git_rules import PATHS, PATTERNS, ignored, repository

from bearhug.formats.gitignore import Ignores


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository(tmp_path_factory.mktemp("ignores"))


@pytest.mark.parametrize(
    ("text", "path", "left_out"),
    [
        ("*.log", "deep/a.log", True),
        ("*.log\n!keep.log", "keep.log", False),
        ("build/", "build/x", True),
        ("build/", "sub/build/x", True),
        ("build/", "build", False),
        ("/build", "sub/build", False),
        ("cache\n!cache/keep", "cache/keep", True),
        ("cache/*\n!cache/keep", "cache/keep", False),
        ("a/**/b", "a/b", True),
        ("# note\n\\#file", "#file", True),
        ("name \nother\\ ", "name", True),
        ("other\\ ", "other ", True),
        ("a.txt\r\n", "a.txt", True),
        ("", "a.txt", False),
        ("/", "a.txt", False),
    ],
)
def test_a_rule_applies_as_in_git(folder: Path, text: str, path: str, left_out: bool) -> None:
    assert Ignores.parse(text).match(path) is left_out
    assert (path in ignored(folder, text, [path])) is left_out


@settings(max_examples=30, deadline=None)
@given(
    rules=st.lists(PATTERNS, min_size=1, max_size=6),
    paths=st.lists(PATHS, min_size=1, max_size=12, unique=True),
)
def test_odd_rules_apply_as_in_git(folder: Path, rules: list[str], paths: list[str]) -> None:
    text = "\n".join(rules) + "\n"
    ignores = Ignores.parse(text)
    assert {path for path in paths if ignores.match(path)} == ignored(folder, text, paths)


@settings(max_examples=100)
@given(text=st.text(), path=st.text(min_size=1))
def test_any_text_is_read_without_an_error(text: str, path: str) -> None:
    Ignores.parse(text).match(path)
