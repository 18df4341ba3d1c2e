"""Packs of git, read beside their index."""

import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pygit2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygit2.enums import ObjectType

from bearhug.formats.git_pack import Kind, Pack

KINDS = {
    ObjectType.COMMIT: Kind.COMMIT,
    ObjectType.TREE: Kind.TREE,
    ObjectType.BLOB: Kind.BLOB,
    ObjectType.TAG: Kind.TAG,
}


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pygit2.Repository]:
    """A repository with blobs of all sizes, some of them alike, in one pack."""
    path = tmp_path_factory.mktemp("repo")
    repo = pygit2.init_repository(str(path), bare=True)
    chance, builder = random.Random(7), repo.TreeBuilder()
    alike = chance.randbytes(5000)
    contents = [b"", b"x", b"y" * 15, b"z" * 16, os.urandom(100_000)]
    contents += [alike[:place] + b"change" + alike[place:] for place in (10, 2000, 4000)]
    for number, content in enumerate(contents):
        builder.insert(f"{number}", repo.create_blob(content), pygit2.enums.FileMode.BLOB)
    who = pygit2.Signature("Ada", "ada@example.org")
    commit = repo.create_commit("refs/heads/main", who, who, "Files", builder.write(), [])
    repo.create_tag("v1", commit, ObjectType.COMMIT, who, "First")
    subprocess.run(["git", "--git-dir", str(path), "repack", "-a", "-d", "-q"], check=True)
    yield repo
    repo.free()


def packed(repo: pygit2.Repository) -> tuple[bytes, bytes]:
    [index] = Path(repo.path).glob("objects/pack/*.idx")
    return index.with_suffix(".pack").read_bytes(), index.read_bytes()


def test_it_says_what_libgit2_says(repo: pygit2.Repository) -> None:
    content, index = packed(repo)
    pack = Pack(memoryview(content), memoryview(index))
    assert sorted(pack.oid(number).hex() for number in range(len(pack))) == sorted(map(str, repo.odb))
    deltas = 0
    for number, kind, size, place in pack.sizes():
        oid = pygit2.Oid(raw=pack.oid(number))
        if kind in KINDS.values():
            known, content = repo.odb.read(oid)
            assert (kind, size) == (KINDS[known], len(content))
            assert pack.start(place, 40) == content[:40]
        else:
            deltas += 1
    assert deltas == 2


@given(st.data())
def test_what_is_damaged_ends_in_an_error_or_in_numbers(repo: pygit2.Repository, data: st.DataObject) -> None:
    damaged = []
    for raw in packed(repo):
        at = data.draw(st.integers(min_value=0, max_value=len(raw) - 1))
        bit = data.draw(st.integers(min_value=0, max_value=7))
        cut = data.draw(st.sampled_from([len(raw), at]))
        damaged.append(memoryview((raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1 :])[:cut]))
    pack = Pack(*damaged)
    try:
        for _, _, size, place in pack.sizes():
            assert 0 <= size < 1 << 67
            assert len(pack.start(place, 40)) <= 40
    except ValueError:
        return


def test_packs_of_many_gigabytes_have_long_offsets() -> None:
    far = 5 << 30
    index = b"\xfftOc\x00\x00\x00\x02" + b"\0" * (255 * 4) + (2).to_bytes(4, "big") + b"\1" * 40 + b"\0" * 8
    index += (12).to_bytes(4, "big") + (1 << 31).to_bytes(4, "big") + far.to_bytes(8, "big") + b"\0" * 40
    pack = Pack(memoryview(b"\0" * 12 + b"\x35"), memoryview(index))
    found = pack.sizes()
    assert next(found) == (0, Kind.BLOB, 5, 13)
    with pytest.raises(ValueError, match="out of the pack"):
        next(found)
