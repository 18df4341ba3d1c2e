"""Paths that a repository may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bearhug.formats.paths import PathError, are_plain, check_path

GOOD = [
    "README.md",
    "a/b/c.txt",
    ".gitattributes",
    ".github/x",
    "with space.txt",
    "模型/权重.bin",
    "git~2",
    "a..b",
    "...a",
    "family-👩\u200d👩\u200d👧.png",
    "ä.txt",
    "a\u0308.txt",
    "n" * 255,
    "time 12:30.json",
]
BAD = {
    "": "empty",
    "/etc/passwd": "relative",
    "../x": '".."',
    "a/../b": '".."',
    "./a": '"."',
    "a//b": "empty name",
    "a/": "empty name",
    "a\\b": "backslash",
    "..\\a": "backslash",
    "a\0b": "U+0000",
    "a\nb": "U+000A",
    "a\x7fb": "U+007F",
    "a\u2028b": "U+2028",
    "gpj.\u202eexe": "U+202E",
    "a\ud800b": "U+D800",
    ".git": "git itself",
    ".GIT/config": "git itself",
    "a/.git/hooks/x": "git itself",
    "git~1/config": "git itself",
    "GIT~1": "git itself",
    ".git./config": "git itself",
    ".git /config": "git itself",
    ".git. . /config": "git itself",
    ".git::$INDEX_ALLOCATION/config": "git itself",
    ".g\u200cit/config": "git itself",
    ".gi\ufefft/config": "git itself",
    " a": "space",
    "a /b": "space",
    "a./b": "dot",
    "n" * 256: "255 bytes",
    "模" * 86: "255 bytes",
    "/".join(["n" * 200] * 21): "4096 bytes",
    "/".join("a" * 65): "folders deep",
}


@pytest.mark.parametrize("path", GOOD)
def test_an_ordinary_path_passes_unchanged(path: str) -> None:
    assert check_path(path) == path


@pytest.mark.parametrize(("path", "rule"), BAD.items())
def test_a_bad_path_is_refused_with_its_rule(path: str, rule: str) -> None:
    with pytest.raises(PathError) as caught:
        check_path(path)
    assert rule in str(caught.value)
    assert len(str(caught.value)) < 400


@given(st.text(st.sampled_from("a.~1/\\ \0:gitGIT\u200c"), max_size=20) | st.text())
def test_what_passes_stays_below_the_folder_and_out_of_git(path: str) -> None:
    try:
        check_path(path)
    except PathError:
        return
    names = path.split("/")
    assert not {"", ".", ".."} & set(names)
    assert not any(name.lower().startswith((".git.", ".git ", ".git:")) or name.lower() == ".git" for name in names)
    path.encode("utf-8")


@given(
    st.lists(
        st.text(st.sampled_from("a.~1/\\ -_gitGIT模\u200c\n"), max_size=6) | st.sampled_from([*GOOD, *BAD]), max_size=4
    )
)
def test_names_that_are_plain_together_pass_one_by_one(names: list[str]) -> None:
    if are_plain(names):
        assert [check_path(name) for name in names] == names
        assert not any("/" in name for name in names)


def test_usual_names_are_plain() -> None:
    assert are_plain([])
    assert are_plain(["README.md", "model-00001-of-00002.safetensors", "a_b", "n" * 255])
    assert not are_plain(["README.md", "n" * 256])
    assert not are_plain(["README.md", "a/b"])
