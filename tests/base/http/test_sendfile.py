"""File bodies by sendfile, over real sockets: whole, in part, again, abandoned, slow and many at once."""

import contextlib
import http.client
import logging
import os
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bearhug.base.http import sendfile
from bearhug.base.http.sendfile import EXTENSION, FileAnswer, SendfileProtocol

MIB = 1 << 20


class Served:
    """A server in a thread that answers every path with bytes `offset-count` of one file."""

    def __init__(self, path: Path, **options: Any) -> None:
        self.path = path
        self.offered: list[bool] = []
        self.clients = contextlib.ExitStack()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        quiet = {"log_config": None, "access_log": False, "ws": "none", "lifespan": "off", "interface": "asgi3"}
        self.server = uvicorn.Server(uvicorn.Config(self.app, **{"http": SendfileProtocol, **quiet, **options}))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listener]})
        self.thread.start()

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        self.offered.append(EXTENSION in scope.get("extensions", {}))
        offset, _, count = scope["path"][1:].partition("-")
        await FileAnswer(str(self.path), int(offset), int(count), 200, {"x-kind": "file"})(scope, receive, send)

    def connect(self) -> http.client.HTTPConnection:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        self.clients.callback(client.close)
        return client

    def close(self) -> None:
        self.clients.close()
        self.server.should_exit = True
        self.thread.join(20)
        assert not self.thread.is_alive()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sendfile") / "file"
    path.write_bytes(os.urandom(9 * MIB + 123))
    return path


@pytest.fixture(params=["uvloop", "asyncio"])
def served(path: Path, request: pytest.FixtureRequest) -> Iterator[Served]:
    with contextlib.closing(Served(path, loop=request.param, timeout_graceful_shutdown=1)) as served:
        yield served


def fetch(connection: http.client.HTTPConnection, offset: int, count: int, method: str = "GET") -> bytes:
    connection.request(method, f"/{offset}-{count}")
    answer = connection.getresponse()
    assert answer.status == 200
    assert answer.headers["content-length"] == str(count)
    return answer.read()


def open_and_take(port: int, count: int, take: int) -> socket.socket:
    """A client that asks for `count` bytes and reads only `take`."""
    client = socket.create_connection(("127.0.0.1", port), timeout=30)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    client.sendall(f"GET /0-{count} HTTP/1.1\r\nHost: hub\r\n\r\n".encode())
    while take > 0:
        received = client.recv(65536)
        assert received
        take -= len(received)
    return client


def read_to_the_end(client: socket.socket) -> int:
    return sum(map(len, iter(lambda: client.recv(MIB), b"")))


def descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def settles(probe: Any, *, within: float = 10) -> bool:
    until = time.monotonic() + within
    while not probe() and time.monotonic() < until:
        time.sleep(0.02)
    return bool(probe())


def test_a_whole_file_arrives_unchanged(served: Served) -> None:
    content = served.path.read_bytes()
    assert fetch(served.connect(), 0, len(content)) == content
    assert served.offered == [True]


@pytest.mark.parametrize(("offset", "count"), [(0, 1), (1, 3 * MIB), (5 * MIB + 7, 4 * MIB + 116), (17, 0)])
def test_a_range_is_exactly_that_range(served: Served, offset: int, count: int) -> None:
    assert fetch(served.connect(), offset, count) == served.path.read_bytes()[offset : offset + count]


def test_head_tells_the_length_and_sends_nothing(served: Served) -> None:
    connection = served.connect()
    assert fetch(connection, 0, MIB, "HEAD") == b""
    assert fetch(connection, 3, 5) == served.path.read_bytes()[3:8]


def test_one_connection_serves_many_files(served: Served) -> None:
    connection = served.connect()
    connection.connect()
    first = connection.sock
    for offset in range(5):
        expected = served.path.read_bytes()[offset : offset + 2 * MIB]
        assert fetch(connection, offset, 2 * MIB) == expected
        assert connection.sock is first


def test_requests_sent_ahead_are_answered_in_order(served: Served) -> None:
    content = served.path.read_bytes()
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as client:
        client.sendall(b"".join(b"GET /%d-2097152 HTTP/1.1\r\nHost: hub\r\n\r\n" % at for at in (5, 9, 2)))
        received = client.makefile("rb")
        for at in (5, 9, 2):
            while received.readline() != b"\r\n":
                pass
            assert received.read(2 * MIB) == content[at : at + 2 * MIB]


def test_fifty_downloads_at_once_do_not_mix(served: Served) -> None:
    content = served.path.read_bytes()

    def one(offset: int) -> bool:
        return fetch(served.connect(), offset, 2 * MIB) == content[offset : offset + 2 * MIB]

    with ThreadPoolExecutor(50) as pool:
        assert all(pool.map(one, range(50)))


def test_a_client_that_leaves_frees_its_descriptors(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    fetch(served.connect(), 0, 1)
    before = descriptors()
    for _ in range(10):
        open_and_take(served.port, 9 * MIB, MIB).close()
    assert settles(lambda: descriptors() <= before)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert fetch(served.connect(), 0, 10) == served.path.read_bytes()[:10]


def test_a_slow_reader_costs_no_memory(tmp_path: Path) -> None:
    big = tmp_path / "sparse"
    with big.open("wb") as file:
        file.truncate(1 << 30)
    with contextlib.closing(Served(big, timeout_graceful_shutdown=1)) as served:
        fetch(served.connect(), 0, 1)
        before = resident()
        clients = [open_and_take(served.port, 1 << 30, MIB) for _ in range(20)]
        time.sleep(0.3)
        grown = resident() - before
        for client in clients:
            client.close()
        assert grown < 16 * MIB


def test_a_client_that_takes_nothing_is_dropped(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sendfile, "STALLED_SECONDS", 0.2)
    with open_and_take(served.port, 9 * MIB, 1) as client:
        time.sleep(0.6)
        assert read_to_the_end(client) < 8 * MIB
    assert fetch(served.connect(), 0, 10) == served.path.read_bytes()[:10]


def test_a_file_shorter_than_announced_cuts_the_connection(served: Served) -> None:
    with pytest.raises(http.client.IncompleteRead):
        fetch(served.connect(), 0, 20 * MIB)


def test_a_file_that_is_gone_is_an_error_before_the_answer(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FileAnswer(str(tmp_path / "gone"), 0, 1, 200, {})


def test_stopping_does_not_wait_for_a_slow_download_for_ever(served: Served) -> None:
    with open_and_take(served.port, 9 * MIB, MIB):
        served.close()


def test_pages_that_are_not_in_memory_are_read_by_a_thread(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = set()
    warm = sendfile._warm

    def watched(*args: int) -> None:
        threads.add(threading.current_thread())
        warm(*args)

    monkeypatch.setattr(sendfile, "_in_memory", lambda *_: False)
    monkeypatch.setattr(sendfile, "_warm", watched)
    content = served.path.read_bytes()
    assert fetch(served.connect(), 1, len(content) - 1) == content[1:]
    assert threads
    assert served.thread not in threads


def test_a_server_without_the_extension_sends_the_same_bytes(path: Path) -> None:
    with contextlib.closing(Served(path, http=HttpToolsProtocol)) as served:
        connection = served.connect()
        assert fetch(connection, 7, 3 * MIB) == path.read_bytes()[7 : 7 + 3 * MIB]
        assert fetch(connection, 0, MIB, "HEAD") == b""
        assert served.offered == [False, False]


def test_tls_never_sees_plain_bytes(path: Path, tmp_path: Path) -> None:
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "cert.pem")
    ask = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost".split()
    subprocess.run(["openssl", *ask, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    with contextlib.closing(Served(path, ssl_keyfile=key, ssl_certfile=certificate)) as served:
        trust = ssl.create_default_context(cafile=certificate)
        trust.check_hostname = False
        connection = http.client.HTTPSConnection("127.0.0.1", served.port, timeout=30, context=trust)
        assert fetch(connection, 0, 3 * MIB) == path.read_bytes()[: 3 * MIB]
        assert served.offered == [False]
        connection.close()


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
