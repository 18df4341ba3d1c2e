"""Request bodies with few copies: a uvicorn protocol that reads large pieces and hands them on as they came."""

import asyncio
import threading

from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

ROOM = 1 << 19


class _Rooms(threading.local):
    """Where the sockets of one loop are read: each piece is taken out before the next one comes."""

    def __init__(self) -> None:
        self.view = memoryview(bytearray(ROOM))


_ROOMS = _Rooms()


class ReceivingProtocol(HttpToolsProtocol):
    """HTTP/1.1 of uvicorn; bodies are copied once on their way from the socket to the application."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.set_protocol(_Reader(self))

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


class _Reader(asyncio.BufferedProtocol):
    """What the transport talks to: it lends room, and passes everything on."""

    def __init__(self, http: ReceivingProtocol) -> None:
        self._http = http
        self._room = _ROOMS.view

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - asyncio's shape
        return self._room

    def buffer_updated(self, nbytes: int) -> None:
        self._http.data_received(self._room[:nbytes])  # type: ignore[arg-type]  # any buffer will do

    def eof_received(self) -> None:
        self._http.eof_received()

    def pause_writing(self) -> None:
        self._http.pause_writing()

    def resume_writing(self) -> None:
        self._http.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._http.connection_lost(exc)
