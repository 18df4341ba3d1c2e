"""Blocks that are sent by the thread that makes them, while they are still in the processor's cache."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import anyio

from bearhug.base.content import Block

T = TypeVar("T")
TURN = 0.1
"""Seconds after which a thread lets others have their turn."""
_NOTHING = memoryview(b"")


class Pushing:
    """`count` bytes in blocks on their way into a socket that does not block."""

    def __init__(self, out: int, blocks: Iterator[Block], count: int) -> None:
        self._out = out
        self._blocks = blocks
        self.sent = 0
        self._count = count
        self._rest = _NOTHING

    @property
    def done(self) -> bool:
        """Whether every byte has left."""
        return self.sent == self._count

    def run(self, gone: Callable[[], bool]) -> bool:
        """Make and send blocks for a turn; False when the socket has no room now."""
        until = time.monotonic() + TURN
        while not self.done and not gone() and time.monotonic() < until:
            if not self._rest:
                self._rest = _NOTHING  # so that the next block can have the memory of this one
                self._rest = self._next()
            try:
                step = os.write(self._out, self._rest)
            except BlockingIOError:
                return False
            self._rest = self._rest[step:]
            self.sent += step
        return True

    def _next(self) -> memoryview:
        block = memoryview(next(self._blocks, b""))
        if not 0 < len(block) <= self._count - self.sent:
            raise EOFError("the blocks are not as long as was announced")
        return block


async def in_thread(work: Callable[[], T]) -> T:
    """What a thread works out. Being cancelled waits for it too: it must not lose what it works with."""
    running = asyncio.get_running_loop().run_in_executor(None, work)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        with anyio.CancelScope(shield=True):
            await asyncio.wait([running])
        running.exception()
        raise
    finally:
        del running  # it would hold an error, whose frames hold it
