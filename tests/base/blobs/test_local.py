"""The content store on disk: what is kept, what is not, and what a full disk does."""

import hashlib
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bearhug.base.blobs.disk import rename_synced
from bearhug.base.blobs.local import LocalBlobs
from bearhug.base.errors import EntryNotFound, StorageFull, TooLarge

HELLO = b"hello, bear"


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def put(blobs: LocalBlobs, content: bytes) -> str:
    with blobs.receive(len(content), known=False) as incoming:
        incoming.write(content)
        blobs.keep(incoming, incoming.sha256())
        return incoming.sha256()


def files(blobs: LocalBlobs) -> list[Path]:
    """Everything on disk but locks."""
    return [path for path in blobs.root.rglob("*") if path.is_file() and "locks" not in path.parts]


@pytest.fixture
def blobs(tmp_path: Path) -> LocalBlobs:
    return LocalBlobs(tmp_path / "blobs")


@pytest.fixture
def no_room() -> Iterator[None]:
    """No file grows beyond two MiB: the system refuses the bytes as it does when a disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 << 20, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_comes_in_pieces_is_stored_whole(blobs: LocalBlobs) -> None:
    with blobs.receive(20, known=False) as incoming:
        incoming.write(HELLO[:4])
        incoming.write(HELLO[4:])
        assert incoming.sha256() == sha(HELLO)
        assert blobs.keep(incoming, sha(HELLO))
    assert b"".join(blobs.blocks(sha(HELLO))) == HELLO
    assert blobs.size(sha(HELLO)) == len(HELLO)
    content = blobs.content(sha(HELLO))
    assert (content.size, content.etag) == (len(HELLO), f'"{sha(HELLO)}"')
    assert Path(content.path or "").read_bytes() == HELLO


def test_the_same_content_is_written_once(blobs: LocalBlobs) -> None:
    put(blobs, HELLO)
    first = blobs.path(sha(HELLO)).stat()
    with blobs.receive(20, known=False) as incoming:
        incoming.write(HELLO)
        assert not blobs.keep(incoming, sha(HELLO))
    assert blobs.path(sha(HELLO)).stat().st_ino == first.st_ino
    assert len(files(blobs)) == 1


def test_what_is_known_is_checked_without_writing(blobs: LocalBlobs) -> None:
    put(blobs, HELLO)
    with blobs.receive(20, known=True) as incoming:
        incoming.write(HELLO)
        assert len(files(blobs)) == 1
        assert incoming.sha256() == sha(HELLO)
        assert not blobs.keep(incoming, sha(HELLO))


def test_what_is_not_kept_leaves_nothing(blobs: LocalBlobs) -> None:
    with blobs.receive(20, known=False) as incoming:
        incoming.write(HELLO)
    assert files(blobs) == []
    assert list(blobs.walk()) == []


def test_more_than_announced_is_refused(blobs: LocalBlobs) -> None:
    with blobs.receive(5, known=False) as incoming:
        incoming.write(b"12345")
        with pytest.raises(TooLarge):
            incoming.write(b"6")
    assert files(blobs) == []


@pytest.mark.parametrize(
    "name", ["", "..", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65, "a" * 63 + "/", "a" * 64 + "\n"]
)
def test_only_a_sha256_is_a_name(blobs: LocalBlobs, name: str) -> None:
    with pytest.raises(EntryNotFound):
        blobs.path(name)


def test_what_is_not_there_is_said_so(blobs: LocalBlobs) -> None:
    assert blobs.size("a" * 64) is None
    assert not blobs.remove("a" * 64)
    with pytest.raises(EntryNotFound):
        blobs.content("a" * 64)
    with pytest.raises(EntryNotFound):
        list(blobs.blocks("a" * 64))


def test_removing_gives_the_room_back(blobs: LocalBlobs) -> None:
    put(blobs, HELLO)
    assert blobs.remove(sha(HELLO))
    assert files(blobs) == []


def test_walking_tells_names_and_sizes_in_order(blobs: LocalBlobs) -> None:
    contents = [str(number).encode() * number for number in range(20)]
    for content in contents:
        put(blobs, content)
    walked = [(blob.sha256, blob.size) for blob in blobs.walk()]
    assert walked == sorted((sha(content), len(content)) for content in contents)


def test_a_web_server_in_front_may_serve_the_same_files(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path, accel_prefix="/inside/")
    oid = put(blobs, HELLO)
    assert blobs.content(oid).accel == f"/inside/{oid[:2]}/{oid[2:4]}/{oid}"


# crashes -----------------------------------------------------------------------------------------------------


def test_the_sweep_takes_what_the_dead_left_and_spares_the_living(blobs: LocalBlobs) -> None:
    writer = "import sys; from pathlib import Path; from bearhug.base.blobs.local import LocalBlobs\n"
    writer += "incoming = LocalBlobs(Path(sys.argv[1])).receive(100, known=False); incoming.write(b'half')\n"
    writer += "print('half', flush=True); sys.stdin.read()\n"
    process = subprocess.Popen(
        [sys.executable, "-c", writer, str(blobs.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == b"half\n"
    assert blobs.sweep() == 0
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()
    with blobs.receive(20, known=False) as living:
        living.write(HELLO)
        assert blobs.sweep() == 1
        assert blobs.keep(living, sha(HELLO))
    assert [path.name for path in files(blobs)] == [sha(HELLO)]


@pytest.mark.usefixtures("no_room")
def test_a_full_disk_leaves_nothing(blobs: LocalBlobs) -> None:
    block = os.urandom(3 << 19)
    with blobs.receive(3 << 20, known=False) as incoming:
        incoming.write(block)
        with pytest.raises(StorageFull):
            incoming.write(block)
    assert files(blobs) == []
    assert put(blobs, block) == sha(block)


def test_what_cannot_fit_is_refused_before_it_comes(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path / "blobs", reserve=0)
    with pytest.raises(StorageFull):
        blobs.receive(blobs.free() + (1 << 40), known=False)
    with pytest.raises(StorageFull):
        LocalBlobs(tmp_path / "blobs", reserve=1 << 60).receive(1, known=False)
    assert files(blobs) == []


# several at once ---------------------------------------------------------------------------------------------


def test_many_writers_of_one_content_agree(blobs: LocalBlobs) -> None:
    content = os.urandom(1 << 18)
    kept: list[bool] = []

    def write() -> None:
        with blobs.receive(len(content), known=False) as incoming:
            for at in range(0, len(content), 1 << 14):
                incoming.write(content[at : at + (1 << 14)])
            with blobs.lock(sha(content)):
                kept.append(blobs.keep(incoming, incoming.sha256()))

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(kept) == [False] * 7 + [True]
    assert len(files(blobs)) == 1
    assert b"".join(blobs.blocks(sha(content))) == content


def test_the_lock_of_a_content_is_held_by_one(blobs: LocalBlobs) -> None:
    order: list[str] = []

    def second() -> None:
        with blobs.lock("ab" * 32):
            order.append("second")

    with blobs.lock("ab" * 32):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.05)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


@given(st.lists(st.binary(max_size=2000), max_size=20))
def test_any_content_comes_back(tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]) -> None:
    blobs = LocalBlobs(tmp_path_factory.getbasetemp() / "any")
    whole = b"".join(pieces)
    with blobs.receive(len(whole), known=False) as incoming:
        for piece in pieces:
            incoming.write(piece)
        blobs.keep(incoming, incoming.sha256())
    assert b"".join(blobs.blocks(sha(whole))) == whole


def test_a_folder_gets_its_name_with_all_that_is_in_it(tmp_path: Path) -> None:
    made = tmp_path / "made"
    (made / "deeper").mkdir(parents=True)
    (made / "deeper" / "file").write_bytes(b"whole")
    rename_synced(made, tmp_path / "kept")
    assert not made.exists()
    assert (tmp_path / "kept" / "deeper" / "file").read_bytes() == b"whole"
