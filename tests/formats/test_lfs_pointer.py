"""Pointers of git-lfs, held to git-lfs itself."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bearhug.formats import lfs_pointer
from bearhug.formats.lfs_pointer import Pointer

OID = hashlib.sha256(b"bear").hexdigest()
GOOD = lfs_pointer.write(OID, 12345)
EXTENSION = f"ext-0-foo sha256:{OID}\n".encode()
HEAD, TAIL = GOOD.split(b"\n", 1)

TEXTS = {
    "canonical": (GOOD, True),
    "no last line end": (GOOD[:-1], True),
    "blank lines around": (b"\n" + GOOD + b"\n \n", True),
    "carriage returns": (GOOD.replace(b"\n", b"\r\n"), True),
    "extension": (HEAD + b"\n" + EXTENSION + TAIL, True),
    "two extensions": (HEAD + b"\n" + EXTENSION.replace(b"-0-", b"-1-") + EXTENSION + TAIL, True),
    "another version": (GOOD.replace(b"v1", b"v9"), False),
    "upper-case oid": (GOOD.replace(OID.encode(), OID.upper().encode()), False),
    "short oid": (GOOD.replace(OID.encode(), OID[:-1].encode()), False),
    "negative size": (GOOD.replace(b"12345", b"-1"), False),
    "size in words": (GOOD.replace(b"12345", b"many"), False),
    "size beyond 64 bits": (GOOD.replace(b"12345", b"9" * 19), False),
    "another key": (GOOD + b"zzz 1\n", False),
    "keys out of order": (b"oid sha256:" + OID.encode() + b"\n" + HEAD + b"\nsize 1\n", False),
    "text": (b"# a readme\n" * 20, False),
}


@pytest.mark.parametrize(("data", "good"), TEXTS.values(), ids=TEXTS)
def test_a_pointer_is_what_git_lfs_takes_for_one(tmp_path: Path, data: bytes, good: bool) -> None:
    assert (lfs_pointer.parse(data) is not None) is good
    if shutil.which("git-lfs"):
        (tmp_path / "pointer").write_bytes(data)
        command = ["git", "lfs", "pointer", "--check", "--file", "pointer"]
        checked = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True)
        assert (checked.returncode == 0) is good


@given(content=st.binary(max_size=100), size=st.integers(0, 2**63 - 1))
def test_what_is_written_is_read_again(content: bytes, size: int) -> None:
    oid = hashlib.sha256(content).hexdigest()
    data = lfs_pointer.write(oid, size)
    assert lfs_pointer.SMALLEST <= len(data) <= lfs_pointer.LARGEST
    assert lfs_pointer.parse(data) == Pointer(oid, size)


@settings(max_examples=200)
@given(at=st.integers(0, len(GOOD) * 8 - 1), cut=st.integers(0, len(GOOD)))
def test_a_damaged_pointer_is_read_as_none_or_as_another_pointer(at: int, cut: int) -> None:
    flipped = bytearray(GOOD)
    flipped[at // 8] ^= 1 << at % 8
    for data in (bytes(flipped), GOOD[:cut]):
        found = lfs_pointer.parse(data)
        assert found is None or lfs_pointer.parse(lfs_pointer.write(found.oid, found.size)) == found


def test_a_file_of_1024_bytes_is_no_pointer() -> None:
    assert lfs_pointer.parse(GOOD.ljust(1023)) == Pointer(OID, 12345)
    assert lfs_pointer.parse(GOOD.ljust(1024)) is None


@given(st.binary(max_size=1200))
def test_any_bytes_are_read_without_an_error(data: bytes) -> None:
    lfs_pointer.parse(data)


@pytest.mark.parametrize(("oid", "size"), [("x" * 64, 1), (OID, -1), (OID.upper(), 1), (OID, 2**63)])
def test_an_impossible_pointer_is_not_written(oid: str, size: int) -> None:
    with pytest.raises(ValueError, match="pointer"):
        lfs_pointer.write(oid, size)


@given(st.integers(min_value=0, max_value=64), st.sampled_from([data for data, _ in TEXTS.values()]) | st.binary())
def test_nothing_that_begins_like_no_pointer_is_one(count: int, data: bytes) -> None:
    if not lfs_pointer.may_begin(data[:count]):
        assert lfs_pointer.parse(data) is None


def test_a_readme_does_not_begin_like_a_pointer() -> None:
    assert lfs_pointer.may_begin(GOOD[:32])
    assert not lfs_pointer.may_begin(b"# a readme")
    assert not lfs_pointer.may_begin(b"versions of it")
