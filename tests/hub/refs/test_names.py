"""Names of branches and tags."""

import pytest

from bearhug.base.errors import BadRequest
from bearhug.hub.refs.names import LONGEST, check_ref_name, is_good_name

HEADS = "refs/heads/"


@pytest.mark.parametrize("name", ["dev", "feat/x", "v1.0", "分支", "a@b", "0123abc", "x" * LONGEST])
def test_ordinary_names_are_taken(name: str) -> None:
    assert check_ref_name(name, HEADS) == HEADS + name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a..b",
        "a b",
        "x.lock",
        "~x",
        "x^",
        "a:b",
        "a?",
        "a*",
        "[a",
        "a\\b",
        "end/",
        "/a",
        "a//b",
        ".a",
        "a/.b",
        "@{1}",
    ],
)
def test_what_git_refuses_is_refused(name: str) -> None:
    assert not is_good_name(name, HEADS)


@pytest.mark.parametrize("name", ["-f", "HEAD", "@", "refs/pr/1", "refs/foo/bar", "a" * 40, "x" * (LONGEST + 1)])
def test_names_that_read_like_something_else_are_refused(name: str) -> None:
    assert not is_good_name(name, HEADS)


@pytest.mark.parametrize("name", ["a\0b", "a\nb", "a\x7fb", "\udcff", "a\ufffd"])
def test_control_characters_and_broken_text_are_refused(name: str) -> None:
    assert not is_good_name(name, HEADS)


def test_the_refusal_names_the_reference() -> None:
    with pytest.raises(BadRequest, match=r"Invalid reference for a tag: a\.\.b"):
        check_ref_name("a..b", "refs/tags/")
