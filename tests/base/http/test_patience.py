"""Callers over real sockets that send or read next to nothing, and those who are only slow."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import uvicorn

from bearhug.base.http.patience import LEAST_BYTES, Patience
from bearhug.base.http.receiving import LONGEST_HEAD, ROOM
from bearhug.base.http.sendfile import SendfileProtocol
from bearhug.cli.server import PatientServer

SHORT = 0.2
HEAD = b"PUT / HTTP/1.1\r\nHost: hub\r\nContent-Length: 100000\r\n\r\n"


class Place:
    """A server whose one endpoint reads a body to its end, or sends far more than sockets hold."""

    def __init__(self) -> None:
        self.cut_off = threading.Event()
        self.ended = threading.Event()
        listener = socket.create_server(("127.0.0.1", 0))
        self.address = listener.getsockname()
        quiet = {"log_config": None, "access_log": False, "ws": "none", "lifespan": "off", "interface": "asgi3"}
        config: dict[str, Any] = {"http": SendfileProtocol, "loop": "uvloop", **quiet}
        self.server = PatientServer(uvicorn.Config(self.app, **config))
        self.server.ready, self.server.patience = lambda: None, Patience(sending=SHORT, reading=SHORT)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [listener]})
        self.thread.start()

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/endless":
            await self._pour(send)
            return
        if scope["path"] == "/thoughtful":
            await asyncio.sleep(3 * SHORT)
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.cut_off.set()
                return
            more = message["more_body"]
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    async def _pour(self, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(200):
            await send({"type": "http.response.body", "body": bytes(1 << 20), "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        self.ended.set()

    def call(self) -> socket.socket:
        return socket.create_connection(self.address, timeout=10)

    def close(self) -> None:
        self.server.should_exit = True
        self.thread.join(20)
        assert not self.thread.is_alive()


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    place = Place()
    yield place
    place.close()


def rest(caller: socket.socket) -> bytes:
    """All that comes until the server hangs up."""
    got = b""
    with suppress(ConnectionError):
        while block := caller.recv(1 << 16):
            got += block
    return got


def answer(caller: socket.socket) -> bytes:
    got = b""
    while not got.endswith(b"ok"):
        got += caller.recv(1 << 16)
    return got


def test_who_says_nothing_is_let_go_of(place: Place) -> None:
    with place.call() as caller:
        assert rest(caller) == b""


def test_a_head_that_does_not_end_in_time_is_refused(place: Place) -> None:
    with place.call() as caller:
        begun = time.monotonic()
        caller.sendall(b"GET / HTTP/1.1\r\n")
        with suppress(ConnectionError):
            while time.monotonic() - begun < 10 * SHORT:
                caller.sendall(b"X-Slow: 1\r\n")
                time.sleep(SHORT / 5)
        assert rest(caller)[:12] in (b"HTTP/1.1 408", b"")
        assert time.monotonic() - begun < 9 * SHORT


def test_a_body_that_stops_is_told_so_and_its_endpoint_learns_of_it(place: Place) -> None:
    place.cut_off.clear()
    with place.call() as caller:
        caller.sendall(HEAD + b"a little")
        told = rest(caller)
    assert told.startswith(b"HTTP/1.1 408 ")
    assert told.endswith(b"did not come to its end in time.")
    assert place.cut_off.wait(5)


def test_a_body_byte_by_byte_is_no_better(place: Place) -> None:
    place.cut_off.clear()
    with place.call() as caller:
        caller.sendall(HEAD)
        with suppress(ConnectionError):
            for _ in range(40):
                caller.sendall(b"x")
                if place.cut_off.wait(SHORT / 10):
                    break
    assert place.cut_off.is_set()


def test_a_slow_line_is_given_all_the_time_it_needs(place: Place) -> None:
    with place.call() as caller:
        caller.sendall(HEAD)
        for _ in range(10):
            time.sleep(SHORT / 3)
            caller.sendall(bytes(10 * LEAST_BYTES)[:10_000])
        assert answer(caller).startswith(b"HTTP/1.1 200 ")


def test_an_endpoint_may_take_longer_than_callers(place: Place) -> None:
    with place.call() as caller:
        caller.sendall(b"PUT /thoughtful HTTP/1.1\r\nHost: hub\r\nContent-Length: 2\r\n\r\nab")
        assert answer(caller).startswith(b"HTTP/1.1 200 ")
        caller.sendall(b"PUT /thoughtful HTTP/1.1\r\nHost: hub\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        assert caller.recv(100).startswith(b"HTTP/1.1 100 ")
        caller.sendall(b"ab")
        assert answer(caller).startswith(b"HTTP/1.1 200 ")


def test_who_stops_reading_is_let_go_of(place: Place) -> None:
    place.ended.clear()
    with place.call() as caller:
        caller.sendall(b"GET /endless HTTP/1.1\r\nHost: hub\r\n\r\n")
        assert place.ended.wait(10), "the endpoint goes on until its end when nobody is there any more"


def test_heads_without_an_end_are_refused_and_many_requests_at_once_are_not(place: Place) -> None:
    with place.call() as caller:
        caller.sendall(b"GET / HTTP/1.1\r\n")
        with suppress(ConnectionError):
            caller.sendall(b"X-Long: " + b"x" * (LONGEST_HEAD + 4 * ROOM))
        assert rest(caller)[:12] in (b"HTTP/1.1 431", b"")
    with place.call() as caller:
        long = b"X-Long: " + b"x" * 20_000
        caller.sendall((b"GET / HTTP/1.1\r\nHost: hub\r\n" + long + b"\r\n\r\n") * 20)
        got = b""
        while got.count(b"200 OK") < 20:
            got += caller.recv(1 << 20)


def test_a_connection_waits_for_its_next_request_as_long_as_before(place: Place) -> None:
    with place.call() as caller:
        for _ in range(2):
            caller.sendall(b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n")
            assert answer(caller).startswith(b"HTTP/1.1 200 ")
            time.sleep(3 * SHORT)
