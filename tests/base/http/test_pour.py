"""Bodies poured into a writer: order, size of the blocks, and what happens when either side fails."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, MutableMapping
from typing import Any

import anyio
import pytest
from starlette.requests import Request

from bearhug.base.errors import BadRequest, StorageFull
from bearhug.base.http.call import Call
from bearhug.base.http.pour import BLOCK, pour

Message = MutableMapping[str, Any]


def calling(*pieces: bytes, cut_off: bool = False, pause: float = 0) -> Call:
    """A request whose body comes in these pieces."""
    messages: list[Message] = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    messages.append({"type": "http.disconnect"} if cut_off else {"type": "http.request", "body": b""})

    async def receive() -> Message:
        await asyncio.sleep(pause)
        return messages.pop(0)

    return Call(Request({"type": "http", "method": "PUT", "headers": []}, receive), {}, "")


def test_a_body_arrives_in_order_and_in_large_blocks() -> None:
    pieces = [bytes([number]) * 70_000 for number in range(60)]
    blocks: list[bytes] = []
    anyio.run(pour, calling(*pieces), blocks.append)
    assert b"".join(blocks) == b"".join(pieces)
    assert all(len(block) >= BLOCK for block in blocks[:-1])


def test_an_empty_body_writes_nothing() -> None:
    blocks: list[bytes] = []
    anyio.run(pour, calling(), blocks.append)
    assert blocks == []


def test_what_came_before_the_connection_broke_is_written() -> None:
    blocks: list[bytes] = []
    with pytest.raises(BadRequest):
        anyio.run(pour, calling(b"some", b"thing", cut_off=True), blocks.append)
    assert b"".join(blocks) == b"something"


def test_a_writer_that_fails_ends_the_request_and_gets_nothing_more() -> None:
    seen: list[int] = []

    def write(block: bytes) -> None:
        seen.append(len(block))
        raise StorageFull

    with pytest.raises(StorageFull):
        anyio.run(pour, calling(*[b"x" * BLOCK] * 5), write)
    assert len(seen) == 1


def test_being_cancelled_waits_for_the_thread() -> None:
    writing, finished = threading.Event(), threading.Event()

    def write(_block: bytes) -> None:
        writing.set()
        time.sleep(0.1)
        finished.set()

    async def start_and_cancel() -> None:
        task = asyncio.create_task(pour(calling(*[b"x" * BLOCK] * 3, pause=0.01), write))
        await asyncio.to_thread(writing.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert finished.is_set()

    anyio.run(start_and_cancel)


def test_receiving_goes_on_while_a_block_is_written() -> None:
    order: list[str] = []

    def write(_block: bytes) -> None:
        order.append("write begins")
        time.sleep(0.05)
        order.append("write ends")

    call = calling()

    async def chunks() -> AsyncIterator[bytes]:
        for number in range(2):
            order.append(f"received {number}")
            yield b"x" * BLOCK
            await asyncio.sleep(0.01)

    call.raw_chunks = chunks  # type: ignore[method-assign]
    anyio.run(pour, call, write)
    assert order.index("received 1") < order.index("write ends")
