"""File bodies that the kernel sends: a uvicorn protocol with sendfile(2) for whole files and ranges, and its answer.

The protocol puts a callable into `scope["extensions"]["bearhug.sendfile"]["send"]`. Between `http.response.start`
and the last `http.response.body`, an answer awaits it as `sent = await sendfile(fd, offset, count)`. Where there is
none (TLS, another server) the same bytes are read in a thread and sent as body messages. Beside it lies `push`, awaited
as `await push(blocks)`: the threads that make the blocks of a whole body send them too.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import partial

import anyio.to_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from bearhug.base.content import Block
from bearhug.base.http.pushing import Pushing, in_thread
from bearhug.base.http.receiving import ReceivingProtocol
from bearhug.base.http.tally import TRAFFIC

EXTENSION = "bearhug.sendfile"
WINDOW = 1 << 20
STALLED_SECONDS = 300

SendFile = Callable[[int, int, int], Awaitable[int]]


class FileAnswer(Response):
    """`count` bytes of a file from `offset` on. It is opened here, so a file that is gone is an error in time."""

    def __init__(self, path: str, offset: int, count: int, status: int, headers: Mapping[str, str]) -> None:
        super().__init__(None, status, {**headers, "content-length": str(count)})
        self._file = open(path, "rb", buffering=0)  # noqa: SIM115, PTH123 - lives until the answer is sent
        self._offset = offset
        self._count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's shape
        start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        with self._file as file:
            await send(start)
            if scope["method"] != "HEAD":
                offered = (scope.get("extensions") or {}).get(EXTENSION)
                sendfile: SendFile = offered["send"] if offered else partial(send_blocks, send)
                await sendfile(file.fileno(), self._offset, self._count)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        if self.background is not None:
            await self.background()


class SendfileProtocol(ReceivingProtocol):
    """HTTP/1.1 of uvicorn, with the extension. One response at a time is on the wire, also when requests queue."""

    _ready: asyncio.Future[None] | None = None

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        if self.scheme == "http" and self.cycle is not None:
            cycle = self.cycle
            offered: dict[object, object] = {"send": partial(self._sendfile, cycle), "push": partial(self._push, cycle)}
            cycle.scope["extensions"] = {EXTENSION: offered}

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._wake()

    async def _sendfile(self, cycle: RequestResponseCycle, file: int, offset: int, count: int) -> int:
        """Send the bytes as a part of the body; the number that left is smaller when the client went away."""
        if cycle.scope["method"] == "HEAD":
            return 0
        if not cycle.response_started or count > cycle.expected_content_length:
            raise RuntimeError("a file part must lie within the declared Content-Length")
        sent = 0
        await self._flush()
        if not _gone(cycle):
            # A descriptor of our own: loops refuse to watch the transport's, and it may be closed at any await.
            out = os.dup(self.transport.get_extra_info("socket").fileno())
            try:
                sent = await self._copy(cycle, out, file, offset, count)
            finally:
                os.close(out)
        if sent < count:
            self.transport.abort()
            cycle.disconnected = True
        cycle.expected_content_length -= sent
        TRAFFIC.sent += sent
        return sent

    async def _push(self, cycle: RequestResponseCycle, blocks: Iterator[Block]) -> None:
        """Send blocks as the rest of the body, from the threads that make them."""
        if cycle.scope["method"] == "HEAD":
            return
        count = cycle.expected_content_length
        sent = 0
        await self._flush()
        if not _gone(cycle):
            out = os.dup(self.transport.get_extra_info("socket").fileno())
            pushing = Pushing(out, blocks, count)
            try:
                await self._turns(cycle, out, pushing)
            finally:
                os.close(out)
                sent = pushing.sent
                TRAFFIC.sent += sent
        if sent < count:
            self.transport.abort()
            cycle.disconnected = True
        cycle.expected_content_length -= sent

    async def _turns(self, cycle: RequestResponseCycle, out: int, pushing: Pushing) -> None:
        gone = partial(_gone, cycle)
        while not pushing.done and not gone():
            try:
                has_room = await in_thread(partial(pushing.run, gone))
            except ConnectionError:
                return
            if not has_room and not await self._writable(out):
                return

    async def _flush(self) -> None:
        """Wait until the head of the response, and all before it, has left the transport's own buffer."""
        if self.transport.get_write_buffer_size():
            self.transport.set_write_buffer_limits(high=0)
            await self.flow.drain()
            self.transport.set_write_buffer_limits()

    async def _copy(self, cycle: RequestResponseCycle, out: int, file: int, offset: int, count: int) -> int:
        sent = 0
        while sent < count and not _gone(cycle):
            window = min(WINDOW, count - sent)
            if not _in_memory(file, offset + sent + window - 1):
                await anyio.to_thread.run_sync(_warm, file, offset + sent, window)
                if _gone(cycle):
                    break
            try:
                step = os.sendfile(out, file, offset + sent, window)
            except BlockingIOError:
                if not await self._writable(out):
                    break
                continue
            except ConnectionError:
                break
            if step == 0:
                raise EOFError("the file ends before the announced length")
            sent += step
            await asyncio.sleep(0)
        return sent

    async def _writable(self, out: int) -> bool:
        """Wait for room in the socket; False when the client takes nothing for too long."""
        ready = self._ready = self.loop.create_future()
        self.loop.add_writer(out, self._wake)
        try:
            await asyncio.wait_for(ready, STALLED_SECONDS)
        except TimeoutError:
            return False
        finally:
            self.loop.remove_writer(out)
            self._ready = None
        return True

    def _wake(self) -> None:
        if self._ready is not None and not self._ready.done():
            self._ready.set_result(None)


def _gone(cycle: RequestResponseCycle) -> bool:
    return cycle.disconnected or cycle.transport.is_closing()


def _in_memory(file: int, at: int) -> bool:
    """Whether a byte is in the page cache, so that sendfile does not hold up the loop for a disk."""
    try:
        return os.preadv(file, [bytearray(1)], at, os.RWF_NOWAIT) == 1
    except (OSError, AttributeError):  # not cached, or a file system or platform that cannot tell
        return False


def _warm(file: int, offset: int, count: int) -> None:
    """Read bytes into the page cache, in a thread."""
    os.preadv(file, [bytearray(count)], offset)


async def send_blocks(send: Send, file: int, offset: int, count: int) -> int:
    sent = 0
    while sent < count:
        block = await anyio.to_thread.run_sync(os.pread, file, min(WINDOW, count - sent), offset + sent)
        if not block:
            raise EOFError("the file ends before the announced length")
        sent += len(block)
        await send({"type": "http.response.body", "body": block, "more_body": True})
    return sent
