"""Request bodies over real sockets: large, in tiny pieces, and to several servers of one process."""

import hashlib
import http.client
import random
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import uvicorn

from bearhug.base.http.receiving import ROOM, ReceivingProtocol

LARGE = random.Random(1).randbytes(5 * ROOM + 1)


class Counting:
    """A server in a thread that answers with the length and the sha256 of what it was sent."""

    def __init__(self, loop: str) -> None:
        self.pieces: list[int] = []
        self.pause = 0.0
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        quiet = {"log_config": None, "access_log": False, "ws": "none", "lifespan": "off", "interface": "asgi3"}
        config: dict[str, Any] = {"http": ReceivingProtocol, "loop": loop, **quiet}
        self.server = uvicorn.Server(uvicorn.Config(self.app, **config))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [listener]})
        self.thread.start()

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        digest, more = hashlib.sha256(), True
        while more:
            time.sleep(self.pause)  # noqa: ASYNC251 - so that the socket fills
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            assert type(message["body"]) is bytes
            digest.update(message["body"])
            self.pieces.append(len(message["body"]))
            more = message["more_body"]
        headers = [(b"content-length", b"64")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": digest.hexdigest().encode()})

    def send(self, body: Any, **headers: str) -> str:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            client.request("PUT", "/", body, headers)
            return client.getresponse().read().decode()
        finally:
            client.close()

    def close(self) -> None:
        self.server.should_exit = True
        self.thread.join(20)
        assert not self.thread.is_alive()


@pytest.fixture(params=["uvloop", "asyncio"])
def server(request: pytest.FixtureRequest) -> Iterator[Counting]:
    server = Counting(request.param)
    yield server
    server.close()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_large_body_comes_whole_and_in_large_pieces(server: Counting) -> None:
    server.pause = 0.01
    assert server.send(LARGE) == sha256(LARGE)
    assert max(server.pieces) > 1 << 17


def test_a_body_in_tiny_chunks_comes_whole(server: Counting) -> None:
    parts = [bytes([number % 256]) * (number % 5 + 1) for number in range(2000)]
    server.pause = 0.001
    assert server.send(iter(parts)) == sha256(b"".join(parts))


def test_bodies_on_one_connection_do_not_mix(server: Counting) -> None:
    bodies = [b"", b"a", LARGE[:70_000], b"bc"]
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
        for body in bodies:
            client.sendall(b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        answers = _read_until(client, sha256(bodies[-1]))
    at = [answers.index(sha256(body)) for body in bodies]
    assert at == sorted(at)


def _read_until(client: socket.socket, word: str) -> str:
    text = ""
    while word not in text:
        came = client.recv(4096)
        assert came, text
        text += came.decode()
    return text


def test_servers_of_one_process_do_not_mix_bodies(server: Counting) -> None:
    other = Counting("uvloop")
    bodies = [random.Random(seed).randbytes(2 * ROOM) for seed in range(8)]
    try:
        with ThreadPoolExecutor(8) as people:
            sent = [people.submit((server, other)[n % 2].send, body) for n, body in enumerate(bodies)]
            assert [one.result() for one in sent] == [sha256(body) for body in bodies]
    finally:
        other.close()


def test_a_client_that_leaves_midway_harms_nobody(server: Counting) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
        client.sendall(b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + LARGE[:100_000])
    assert server.send(b"x") == sha256(b"x")
