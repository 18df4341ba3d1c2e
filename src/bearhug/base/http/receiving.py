"""Request bodies with few copies: a uvicorn protocol that reads large pieces and hands them on as they came.

It also knows how a connection gets on, for those who look whether it does (base/http/patience.py).
"""

import asyncio
import threading

from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from bearhug.base.http.tally import TRAFFIC

ROOM = 1 << 19
LONGEST_HEAD = 1 << 17
"""Bytes of a request's line and headers; no client of ours comes near a tenth of it."""
BEGUN = -1


class _Rooms(threading.local):
    """Where the sockets of one loop are read: each piece is taken out before the next one comes."""

    def __init__(self) -> None:
        self.view = memoryview(bytearray(ROOM))


_ROOMS = _Rooms()


class Pace:
    """What was seen of a connection at the last looks."""

    __slots__ = ("heard", "since", "stuck_since", "unsent")

    def __init__(self) -> None:
        self.heard = 0
        self.since = self.stuck_since = 0.0
        self.unsent = 0


class ReceivingProtocol(HttpToolsProtocol):
    """HTTP/1.1 of uvicorn; bodies are copied once on their way from the socket to the application."""

    pace: Pace
    head: int | None = 0
    """Bytes of a head that has begun, BEGUN in the piece that it begins with; None once it is complete."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.pace = Pace()
        transport.set_protocol(_Reader(self))

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.head = BEGUN

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self.head = None
        self.pace.since = 0.0

    def on_body(self, body: bytes) -> None:
        cycle = self.cycle
        if cycle.response_complete:
            return
        held: bytes | bytearray = cycle.body
        if not held:
            cycle.body = body  # type: ignore[assignment]  # it is only read, or replaced here
        elif isinstance(held, bytearray):
            held += body
        else:
            cycle.body = bytearray(held) + body
        if len(cycle.body) > HIGH_WATER_LIMIT:
            self.flow.pause_reading()
        cycle.message_event.set()

    def is_in_body(self) -> bool:
        """Whether a request has begun and its body has not ended."""
        cycle = self.cycle
        return self.head is None and cycle is not None and not cycle.response_complete and cycle.more_body

    def is_waiting(self) -> bool:
        """Whether it is the caller's turn to send: a connection between two requests has a timer of its own."""
        if self.flow.read_paused or self.timeout_keep_alive_task is not None:
            return False
        if self.is_in_body():
            return not (self.cycle.response_started or self.cycle.waiting_for_100_continue)
        return self.cycle is None or self.cycle.response_complete

    def unsent(self) -> int:
        """Bytes that wait here for the caller to read."""
        return self.transport.get_write_buffer_size()

    def give_up(self, status: int, words: str) -> None:
        """Say why, where anything was said before, and close."""
        if self.transport.is_closing():
            self.transport.abort()
            return
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.is_in_body() or self.pace.heard:
            head = f"content-type: text/plain; charset=utf-8\r\ncontent-length: {len(words)}\r\nconnection: close"
            self.transport.write(STATUS_LINE[status] + f"{head}\r\n\r\n{words}".encode("ascii"))
        self.transport.close()


class _Reader(asyncio.BufferedProtocol):
    """What the transport talks to: it lends room, and passes everything on."""

    def __init__(self, http: ReceivingProtocol) -> None:
        self._http = http
        self._room = _ROOMS.view

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - asyncio's shape
        return self._room

    def buffer_updated(self, nbytes: int) -> None:
        http = self._http
        http.pace.heard += nbytes
        TRAFFIC.heard += nbytes
        http.data_received(self._room[:nbytes])  # type: ignore[arg-type]  # any buffer will do
        if http.head is not None:
            http.head = 0 if http.head == BEGUN else http.head + nbytes
            if http.head > LONGEST_HEAD and not http.transport.is_closing():
                http.give_up(431, "The headers of the request are too long.")

    def eof_received(self) -> None:
        self._http.eof_received()

    def pause_writing(self) -> None:
        self._http.pause_writing()

    def resume_writing(self) -> None:
        self._http.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._http.connection_lost(exc)
