"""A request's body into a writer: received on the event loop while a thread works on the block before."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import anyio

from bearhug.base.http.call import Call

BLOCK = 1 << 20
_WRITERS = ThreadPoolExecutor(32, "pour")


async def pour(call: Call, write: Callable[[bytes], None]) -> None:
    """Hand the body over in order; when this returns or raises, no thread is writing any more."""
    loop = asyncio.get_running_loop()
    writing: asyncio.Future[None] | None = None
    try:
        async for block in call.chunks(BLOCK):
            if writing is not None:
                await writing
            writing = loop.run_in_executor(_WRITERS, write, block)
        if writing is not None:
            await writing
    finally:
        if writing is not None:
            with anyio.CancelScope(shield=True):
                await asyncio.wait([writing])
            writing.exception()
