"""A request's body into a writer: received on the event loop while a thread works on the block before."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import anyio

from bearhug.base.http.call import Call

BLOCK = 1 << 20
_WRITERS = ThreadPoolExecutor(32, "pour")

Write = Callable[[bytes], None]


async def pour(call: Call, write: Write) -> None:
    """Hand the body over in order; what came before a broken connection is handed over too.

    When this returns or raises, no thread is writing any more.
    """
    writing = _Writing(write)
    parts: list[bytes] = []
    held = 0
    try:
        async for chunk in call.raw_chunks():
            parts.append(chunk)
            held += len(chunk)
            if held >= BLOCK:
                await writing.hand_over(b"".join(parts))
                parts, held = [], 0
    finally:
        with anyio.CancelScope(shield=True):
            await writing.end(b"".join(parts))


class _Writing:
    """At most one block at a time is with the thread; after a failure the writer gets nothing more."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._running: asyncio.Future[None] | None = None

    async def hand_over(self, block: bytes) -> None:
        await self._wait()
        self._running = asyncio.get_running_loop().run_in_executor(_WRITERS, self._write, block)

    async def end(self, rest: bytes) -> None:
        await self._wait()
        if rest:
            await self.hand_over(rest)
            await self._wait()

    async def _wait(self) -> None:
        """Being cancelled must wait too: a thread that still writes must not lose its file."""
        running = self._running
        if running is None:
            return
        cancelled: asyncio.CancelledError | None = None
        while not running.done():
            try:
                await asyncio.wait([running])
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled is not None:
            raise cancelled
        running.result()
        self._running = None
