"""Blocks that are sent by the threads that make them: whole, slow, abandoned, too short and broken in the midst."""

import contextlib
import http.client
import logging
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.base.http.test_sendfile import MIB, Served, descriptors, fetch, open_and_take, read_to_the_end, settles
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bearhug.base.http import sendfile
from bearhug.base.http.answers import BlocksAnswer

BLOCK = 700_001


class Made(Served):
    """A server that makes bytes `offset-count` in blocks; `/broken` fails in their midst."""

    makers: set[threading.Thread]
    ended: int

    def blocks(self, offset: int, end: int, *, broken: bool) -> Iterator[memoryview]:
        content = memoryview(self.path.read_bytes())
        try:
            for at in range(offset, end, BLOCK):
                self.makers.add(threading.current_thread())
                if broken and at > offset:
                    raise ValueError("the disk is gone")
                if at < len(content):
                    yield content[at : min(at + BLOCK, end)]
        finally:
            self.ended += 1

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        offset, _, count = scope["path"].rpartition("/")[2].partition("-")
        broken = "broken" in scope["path"]
        blocks = self.blocks(int(offset), int(offset) + int(count), broken=broken)
        await BlocksAnswer(blocks, 200, {"content-length": count})(scope, receive, send)


def serve(path: Path, **options: Any) -> contextlib.closing[Made]:
    made = Made(path, **options)
    made.makers, made.ended = set(), 0
    return contextlib.closing(made)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pushing") / "file"
    path.write_bytes(os.urandom(9 * MIB + 123))
    return path


@pytest.fixture(params=["uvloop", "asyncio"])
def made(path: Path, request: pytest.FixtureRequest) -> Iterator[Made]:
    with serve(path, loop=request.param, timeout_graceful_shutdown=1) as made:
        yield made


def test_blocks_arrive_unchanged_from_other_threads(made: Made) -> None:
    content, connection = made.path.read_bytes(), made.connect()
    for offset, count in ((0, len(content)), (7, 1), (3, 5 * MIB)):
        assert fetch(connection, offset, count) == content[offset : offset + count]
    assert made.makers
    assert made.thread not in made.makers


def test_downloads_at_once_do_not_mix(made: Made) -> None:
    content = made.path.read_bytes()

    def one(offset: int) -> bool:
        return fetch(made.connect(), offset, 3 * MIB) == content[offset : offset + 3 * MIB]

    with ThreadPoolExecutor(20) as pool:
        assert all(pool.map(one, range(20)))


def test_slow_readers_hold_no_threads(made: Made) -> None:
    content = made.path.read_bytes()
    with contextlib.ExitStack() as slow:
        clients = [slow.enter_context(open_and_take(made.port, 9 * MIB, 65536)) for _ in range(40)]
        assert fetch(made.connect(), 5, MIB) == content[5 : 5 + MIB]
        received = bytearray()
        while len(received) < 8 * MIB:
            received += clients[0].recv(MIB)
        assert content.find(received) > 0


def test_a_client_that_leaves_frees_all_it_held(made: Made, caplog: pytest.LogCaptureFixture) -> None:
    fetch(made.connect(), 0, 1)
    before = descriptors()
    for _ in range(10):
        open_and_take(made.port, 9 * MIB, MIB).close()
    assert settles(lambda: descriptors() <= before, within=3), (descriptors(), before)
    assert settles(lambda: made.ended == 11, within=3), made.ended
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_a_client_that_takes_nothing_is_dropped(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sendfile, "STALLED_SECONDS", 0.2)
    with open_and_take(made.port, 9 * MIB, 1) as client:
        time.sleep(0.6)
        assert read_to_the_end(client) < 8 * MIB
    assert fetch(made.connect(), 0, 10) == made.path.read_bytes()[:10]


@pytest.mark.parametrize("address", ["/0-20971520", "/broken/0-9437184"])
def test_blocks_that_end_too_soon_cut_the_connection(made: Made, address: str) -> None:
    connection = made.connect()
    connection.request("GET", address)
    with pytest.raises(http.client.IncompleteRead):
        connection.getresponse().read()
    assert fetch(made.connect(), 0, 10) == made.path.read_bytes()[:10]


def test_stopping_does_not_wait_for_a_slow_download_for_ever(made: Made) -> None:
    with open_and_take(made.port, 9 * MIB, MIB):
        made.close()


def test_a_server_without_the_extension_sends_the_same_bytes(path: Path) -> None:
    with serve(path, http=HttpToolsProtocol) as made:
        assert fetch(made.connect(), 7, 3 * MIB) == path.read_bytes()[7 : 7 + 3 * MIB]
