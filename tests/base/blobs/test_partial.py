"""Contents that come in pieces: order, restarts, several writers, and hashes that stay true."""

import hashlib
import os
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bearhug.base.blobs import partial
from bearhug.base.blobs.partial import Partials, Piece
from bearhug.base.errors import BadRequest, Conflict, TooLarge

CONTENT = os.urandom(100)


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def fresh(folder: Path) -> Partials:
    """As after a restart: the same folder, nothing in memory."""
    (folder / "parts").mkdir(parents=True, exist_ok=True)
    return Partials(folder / "parts")


@pytest.fixture
def partials(tmp_path: Path) -> Partials:
    return fresh(tmp_path)


def put_part(partials: Partials, number: int, content: bytes, size: int = 10) -> str:
    with partials.part("x", number, (number - 1) * size, len(content)) as piece:
        piece.write(content)
        return piece.finish()


def parts_of(content: bytes, size: int) -> dict[int, bytes]:
    return {at // size + 1: content[at : at + size] for at in range(0, len(content), size)}


def digest(partials: Partials, name: str = "x") -> str:
    with partials.sealed(name) as whole:
        assert whole is not None
        assert whole.sha256() == sha(whole.path.read_bytes())
        return whole.sha256()


@given(st.permutations(range(1, 11)), st.integers(0, 9))
def test_parts_may_come_in_any_order_and_across_restarts(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], restart_at: int
) -> None:
    folder = tmp_path_factory.mktemp("order")
    partials, parts = fresh(folder), parts_of(CONTENT, 10)
    for place, number in enumerate(order):
        if place == restart_at:
            partials = fresh(folder)
        put_part(partials, number, parts[number])
    assert sorted(partials.parts("x")) == list(range(1, 11))
    assert digest(partials) == sha(CONTENT)


def test_a_complete_part_is_not_written_again(partials: Partials) -> None:
    tag = put_part(partials, 1, b"a" * 10)
    assert put_part(partials, 1, b"b" * 10) == tag
    assert digest(partials) == sha(b"a" * 10)


def test_a_part_that_broke_off_is_not_there(partials: Partials) -> None:
    with partials.part("x", 1, 0, 10) as piece:
        piece.write(b"half")
        with pytest.raises(BadRequest):
            piece.finish()
    assert partials.parts("x") == {}
    put_part(partials, 1, b"a" * 10)
    assert digest(partials) == sha(b"a" * 10)


def test_a_part_takes_no_more_than_its_size(partials: Partials) -> None:
    with partials.part("x", 1, 0, 10) as piece, pytest.raises(TooLarge):
        piece.write(b"a" * 11)
    put_part(partials, 2, b"b" * 10)
    with partials.part("x", 2, 10, 10) as piece, pytest.raises(TooLarge):
        piece.write(b"b" * 11)


def test_two_writers_of_one_part_take_turns(partials: Partials) -> None:
    first = partials.part("x", 1, 0, 10)
    first.write(b"aaaaa")
    tags: list[str] = []
    second = threading.Thread(target=lambda: tags.append(put_part(partials, 1, b"b" * 10)))
    second.start()
    time.sleep(0.1)
    first.write(b"aaaaa")
    tag = first.finish()
    first.close()
    second.join()
    assert tags == [tag]
    assert digest(partials) == sha(b"a" * 10)


def test_a_part_that_somebody_holds_for_long_is_refused(partials: Partials, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partial, "PATIENCE", 0.1)
    with partials.part("x", 1, 0, 10), pytest.raises(Conflict):
        partials.part("x", 1, 0, 10)


def test_appending_goes_on_where_it_broke_off(tmp_path: Path) -> None:
    partials = fresh(tmp_path)
    with partials.append("x", 0, 100) as piece:
        piece.write(CONTENT[:30])
    assert partials.size("x") == 30
    with partials.append("x", 30, 70) as piece:
        piece.write(CONTENT[30:50])
    partials = fresh(tmp_path)
    with partials.append("x", 50, 50) as piece:
        piece.write(CONTENT[50:])
    assert digest(partials) == sha(CONTENT)


def test_appending_elsewhere_is_refused(partials: Partials) -> None:
    with partials.append("x", 0, 100) as piece:
        piece.write(CONTENT[:30])
    for offset in (0, 29, 31, 100):
        with pytest.raises(Conflict):
            partials.append("x", offset, 10)


def test_one_at_a_time_appends(partials: Partials) -> None:
    with partials.append("x", 0, 100), pytest.raises(Conflict):
        partials.append("x", 0, 100)
    partials.append("x", 0, 100).close()


def test_the_hash_runs_along_and_reads_nothing_twice(partials: Partials, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, content in parts_of(CONTENT, 10).items():
        put_part(partials, number, content)
    read: list[int] = []

    def pread(fd: int, size: int, at: int) -> bytes:
        read.append(at)
        return original(fd, size, at)

    original = os.pread
    monkeypatch.setattr(os, "pread", pread)
    with partials.sealed("x") as whole:
        assert whole is not None
        assert whole.sha256() == sha(CONTENT)
    assert read == [len(CONTENT)]


def test_a_dropped_upload_begins_anew(partials: Partials) -> None:
    put_part(partials, 1, b"a" * 10)
    late = partials.part("x", 2, 10, 10)
    partials.drop("x")
    assert (partials.size("x"), partials.parts("x")) == (0, {})
    late.write(b"z" * 10)
    late.finish()
    late.close()
    assert partials.parts("x") == {}
    put_part(partials, 1, b"b" * 10)
    assert digest(partials) == sha(b"b" * 10)
    partials.drop("never was there")


def test_nothing_to_seal_is_said_so(partials: Partials) -> None:
    with partials.sealed("x") as whole:
        assert whole is None


def test_what_nobody_touches_is_found(partials: Partials) -> None:
    put_part(partials, 1, b"a" * 10)
    assert list(partials.untouched_since(time.time() - 60)) == []
    assert list(partials.untouched_since(time.time() + 60)) == ["x"]


def test_only_so_many_hashes_are_remembered(partials: Partials, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partial, "MOST_HASHES", 2)
    for name in "abc":
        with partials.append(name, 0, 100) as piece:
            piece.write(CONTENT)
    assert [digest(partials, name) for name in "abc"] == [sha(CONTENT)] * 3


def test_closing_twice_is_harmless(partials: Partials) -> None:
    piece: Piece = partials.append("x", 0, 10)
    piece.close()
    piece.close()
