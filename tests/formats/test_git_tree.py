"""Trees of git as they are stored."""

from pathlib import Path

import pygit2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bearhug.formats import git_tree
from bearhug.formats.git_tree import Kind

MODES = {b"100644": Kind.FILE, b"100755": Kind.FILE, b"120000": Kind.FILE, b"40000": Kind.FOLDER}
MODES |= {b"040000": Kind.FOLDER, b"160000": Kind.REPOSITORY}
NAMES = st.binary(min_size=1, max_size=20).filter(lambda name: b"\0" not in name)
ENTRIES = st.lists(st.tuples(st.sampled_from(list(MODES)), NAMES, st.binary(min_size=20, max_size=20)), max_size=30)


def written(entries: list[git_tree.Entry]) -> bytes:
    return b"".join(b"%s %s\0%s" % entry for entry in entries)


@given(ENTRIES)
def test_every_entry_is_read_back(entries: list[git_tree.Entry]) -> None:
    raw = written(entries)
    assert git_tree.entries(raw, most=2 * len(raw)) == entries
    names = git_tree.names(raw, most=2 * len(raw))
    assert [name.encode("utf-8", "surrogateescape") for name in names] == [name for _, name, _ in entries]


@given(ENTRIES.filter(bool), st.integers(min_value=1))
def test_what_was_cut_off_is_no_tree(entries: list[git_tree.Entry], cut: int) -> None:
    raw = written(entries)
    ends = {len(written(entries[:count])) for count in range(len(entries) + 1)}
    at = cut % len(raw)
    if at not in ends:
        with pytest.raises(ValueError, match="not a tree"):
            git_tree.entries(raw[:at], most=len(raw))


def test_more_entries_than_allowed_are_not_read() -> None:
    raw = written([(b"100644", b"%d" % number, b"\1" * 20) for number in range(10)])
    assert len(git_tree.entries(raw, most=10)) == 10
    for most in (2, 9):
        with pytest.raises(ValueError, match="too many"):
            git_tree.entries(raw, most=most)


def test_it_reads_what_libgit2_wrote(tmp_path: Path) -> None:
    repo = pygit2.init_repository(str(tmp_path), bare=True)
    builder = repo.TreeBuilder()
    blob = repo.create_blob(b"x")
    builder.insert("名.txt", blob, pygit2.enums.FileMode.BLOB)
    builder.insert("folder", repo.TreeBuilder().write(), pygit2.enums.FileMode.TREE)
    tree = repo[builder.write()]
    [(mode, name, _), (_, _, oid)] = git_tree.entries(tree.read_raw(), most=10)
    assert (git_tree.kind(mode), name) == (Kind.FOLDER, b"folder")
    assert oid.hex() == str(blob)


@pytest.mark.parametrize(("mode", "kind"), MODES.items())
def test_a_mode_says_what_an_entry_is(mode: bytes, kind: Kind) -> None:
    assert git_tree.kind(mode) is kind
