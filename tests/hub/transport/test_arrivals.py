"""Blobs of a push, however git keeps them."""

import hashlib
import random
import subprocess
from pathlib import Path

import pygit2

from bearhug.formats import lfs_pointer
from bearhug.hub.transport.arrivals import Arrivals

POINTERS = [lfs_pointer.write(hashlib.sha256(b"%d" % number).hexdigest(), number) for number in range(3)]
EXTENDED = POINTERS[0].replace(b"\noid", b"\next-0-a sha256:" + b"a" * 64 + b"\noid")
LARGE = random.Random(3).randbytes(5000)
TEXTS = [b"", b"# A text\n" * 40, b"version of a text " * 12]


def test_blobs_are_sorted_alike_loose_packed_and_as_deltas(tmp_path: Path) -> None:
    repo = pygit2.init_repository(str(tmp_path), bare=True)
    builder = repo.TreeBuilder()
    contents = [*POINTERS, EXTENDED, b" \n" * 40 + POINTERS[1], LARGE, LARGE + b"more", *TEXTS]
    oids = [repo.create_blob(content) for content in contents]
    for oid in oids:
        builder.insert(str(oid), oid, pygit2.enums.FileMode.BLOB)
    who = pygit2.Signature("Ada", "ada@example.org")
    repo.create_commit("refs/heads/main", who, who, "Files", builder.write(), [])
    pointers, large = {str(oid) for oid in oids[:5]}, {str(oids[5]): 5000, str(oids[6]): 5004}

    found, small = Arrivals(tmp_path / "objects").sort(over=4999)
    assert found == large
    assert pointers <= set(small)
    subprocess.run(["git", "--git-dir", str(tmp_path), "repack", "-a", "-d", "-q"], check=True)
    found, small = Arrivals(tmp_path / "objects").sort(over=4999)
    assert found == large
    assert pointers <= set(small)
    assert str(oids[8]) not in small
    listing = subprocess.run(
        ["git", "--git-dir", str(tmp_path), "cat-file", "--batch-all-objects", "--batch-check=%(deltabase)"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert len(set(listing)) > 2, "some are deltas"

    found, _ = Arrivals(tmp_path / "objects").sort(over=100)
    assert set(found) == {str(oid) for oid, content in zip(oids, contents, strict=True) if len(content) > 100}
