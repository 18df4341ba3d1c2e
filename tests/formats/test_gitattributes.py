"""`.gitattributes` as git reads it."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.git_rules import PATHS, PATTERNS, filters, repository

from bearhug.formats.gitattributes import Attributes, AttributesByFolder

LFS = "filter=lfs diff=lfs merge=lfs -text"
_WORDS = st.sampled_from(
    ["filter=lfs", "-filter", "!filter", "filter", "filter=other", "large", "-large", "text", "=bad"]
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository(tmp_path_factory.mktemp("attributes"))


def _said(attributes: Attributes, path: str) -> str:
    value = attributes.of(path).get("filter", "unspecified")
    return {True: "set", False: "unset"}.get(value, str(value)) if isinstance(value, bool) else str(value)


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("*.bin", "a.bin", True),
        ("*.bin", "deep/er/a.bin", True),
        ("*.bin", "a.bin.txt", False),
        ("*.tar.*", "x.tar.gz", True),
        ("saved_model/**/*", "saved_model/1/variables", True),
        ("saved_model/**/*", "saved_model/variables", True),
        ("saved_model/**/*", "other/saved_model/variables", False),
        ("*tfevents*", "runs/events.out.tfevents.1", True),
        ("/top.txt", "top.txt", True),
        ("/top.txt", "sub/top.txt", False),
        ("sub/x", "a/sub/x", False),
        ("**/x", "x", True),
        ("a/**/x", "a/x", True),
        ("a/**/x", "a/b/c/x", True),
        ("a/**", "a", False),
        ("folder/", "folder/x", False),
        ("BIG", "big", False),
        ("we\\*rd", "we*rd", True),
        ('"two words.txt"', "two words.txt", True),
        ('"\\303\\244"', "ä", True),
        ("ä?", "äb", True),
    ],
)
def test_a_pattern_matches_as_in_git(folder: Path, pattern: str, path: str, matches: bool) -> None:
    text = f"{pattern} {LFS}\n"
    assert Attributes.parse(text).is_lfs(path) is matches
    assert (filters(folder, text, [path])[path] == "lfs") is matches


def test_the_last_line_that_matches_wins() -> None:
    attributes = Attributes.parse(f"*.bin {LFS}\nsmall/*.bin !filter\nsmall/big.bin filter=lfs\n*.no -filter\n")
    assert attributes.is_lfs("a.bin")
    assert not attributes.is_lfs("small/a.bin")
    assert attributes.is_lfs("small/big.bin")
    assert attributes.of("a.no") == {"filter": False}


def test_macros_are_expanded_and_a_circle_of_macros_ends() -> None:
    attributes = Attributes.parse("[attr]large filter=lfs -text\n*.x large\n[attr]a b\n[attr]b a\n*.y a\n*.z binary\n")
    assert attributes.is_lfs("f.x")
    assert attributes.of("f.y") == {"a": True, "b": True}
    assert attributes.of("f.z") == {"binary": True, "diff": False, "merge": False, "text": False}


@settings(max_examples=30, deadline=None)
@given(
    rules=st.lists(st.tuples(PATTERNS, st.lists(_WORDS, min_size=1, max_size=3)), min_size=1, max_size=6),
    paths=st.lists(PATHS, min_size=1, max_size=12, unique=True),
)
def test_odd_patterns_match_as_in_git(folder: Path, rules: list[tuple[str, list[str]]], paths: list[str]) -> None:
    lines = [f"{pattern} {' '.join(words)}" for pattern, words in rules]
    text = "\n".join(["[attr]large filter=lfs -text", *lines]) + "\n"
    attributes = Attributes.parse(text)
    assert {path: _said(attributes, path) for path in paths} == filters(folder, text, paths)


@settings(max_examples=100)
@given(text=st.text(), path=st.text(min_size=1))
def test_any_text_is_read_without_an_error(text: str, path: str) -> None:
    Attributes.parse(text).is_lfs(path)


def test_a_pattern_of_many_stars_takes_no_time() -> None:
    attributes = Attributes.parse(f"{'a*' * 200}b {LFS}\n{'**/a/' * 60}b/c {LFS}\n")
    started = time.process_time()
    assert not attributes.is_lfs("a" * 250)
    assert not attributes.is_lfs("a/" * 60 + "c")
    assert time.process_time() - started < 1


def test_a_line_for_each_of_many_files_is_looked_up() -> None:
    attributes = Attributes.parse("".join(f"data/part-{number}.json {LFS}\n" for number in range(50_000)))
    started = time.process_time()
    assert all(attributes.is_lfs(f"data/part-{number}.json") for number in range(0, 50_000, 50))
    assert time.process_time() - started < 1


def by_folder(**files: str) -> AttributesByFolder:
    """Files by the folder in which they lie; `root` is the root's."""
    texts = {".gitattributes" if name == "root" else f"{name}/.gitattributes": text for name, text in files.items()}
    return AttributesByFolder(lambda path: texts.get(path, ""))


def test_the_deepest_folder_that_decides_wins() -> None:
    attributes = by_folder(root="*.bin filter=lfs\n", data="*.bin -filter\n*.csv filter=lfs\n")
    assert attributes.is_lfs("a.bin")
    assert attributes.is_lfs("other/a.bin")
    assert not attributes.is_lfs("data/a.bin")
    assert not attributes.is_lfs("data/deeper/a.bin")
    assert attributes.is_lfs("data/deeper/a.csv")
    assert not attributes.is_lfs("a.csv")


def test_patterns_with_a_slash_are_about_their_own_folder() -> None:
    attributes = by_folder(data="/here.txt filter=lfs\nraw/** filter=lfs\n")
    assert attributes.is_lfs("data/here.txt")
    assert not attributes.is_lfs("data/deeper/here.txt")
    assert attributes.is_lfs("data/raw/x/y")
    assert not attributes.is_lfs("raw/x")


def test_macros_come_from_the_root_alone() -> None:
    attributes = by_folder(
        root="[attr]big filter=lfs\n", data="*.x big\n[attr]huge filter=lfs\n*.y huge\n*.z !filter\n"
    )
    assert attributes.is_lfs("data/a.x")
    assert not attributes.is_lfs("data/a.y")


def test_an_attribute_put_back_to_unspecified_is_decided() -> None:
    attributes = by_folder(root="*.z filter=lfs\n", data="*.z !filter\n")
    assert attributes.is_lfs("a.z")
    assert not attributes.is_lfs("data/a.z")


def test_files_of_a_folder_are_asked_together() -> None:
    attributes = by_folder(root="*.bin filter=lfs\n[attr]big filter=lfs\n", data="*.bin -filter\n*.csv big\n")
    names = ["a.bin", "b.csv", "c.txt"]
    assert attributes.lfs_files("", names) == ["a.bin"]
    assert attributes.lfs_files("other/", names) == ["a.bin"]
    assert attributes.lfs_files("data/", names) == ["b.csv"]
    assert attributes.lfs_files("data/deeper/", names) == ["b.csv"]
    assert by_folder(root="*.bin -text\n").lfs_files("data/", names) == []
    assert by_folder(root="[attr]binary filter=lfs\n*.bin binary\n").lfs_files("data/", names) == ["a.bin"]
    assert by_folder(data="*.bin filter=lfs\n").lfs_files("data/", names) == ["a.bin"]
    assert by_folder(data="*.bin filter=lfs\n").lfs_files("", names) == []


def test_folders_without_end_are_not_read_without_end() -> None:
    text = "# nothing\n" * 100_000
    read: list[str] = []

    def told(path: str) -> str:
        read.append(path)
        return text if path != ".gitattributes" else ""

    attributes = AttributesByFolder(told)
    assert not any(attributes.is_lfs(f"folder-{number}/a.bin") for number in range(100))
    assert len(read) < 20
