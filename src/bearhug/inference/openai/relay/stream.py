"""The async edge of the relay: the head of an answer first, then its body as it comes."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine, Iterator, Mapping
from contextlib import aclosing, contextmanager
from typing import Any, TypeVar

from starlette.responses import Response, StreamingResponse

from bearhug.base.errors import BadRequest, HubError
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.inference.openai import wire
from bearhug.inference.openai.relay import events
from bearhug.inference.usage.ledger import Cost
from bearhug.inference.workers.records import Piece, Plan
from bearhug.inference.workers.stream import answers
from bearhug.inference.workers.supervisor import Workers

T = TypeVar("T")
Pieces = AsyncGenerator[tuple[int, Piece], None]


async def relayed(call: Call, workers: Workers, plan: Plan, cost: Cost, path: str, body: Mapping[str, Any]) -> Response:
    """What the server behind a model answers to a request as it came."""
    passing = Passing(cost)
    with beginning(cost):
        order, streaming = events.order(path, body)
        relay = events.Relay(events.named(body), tells_usage=streaming is not None and streaming.usage)
        pieces = answers(workers, plan, [order])
        if streaming is None:
            async with aclosing(pieces):
                return await unless_gone(call, passing.whole(pieces, relay))
        head = (await unless_gone(call, _next(pieces)))[1]
        if head.data["status"] != 200:
            await pieces.aclose()
            return passing.refused(head)
        events.begun(head, streams=True)
    return StreamingResponse(passing.events(pieces, relay), 200, {"cache-control": "no-store"}, events.EVENTS)


@contextmanager
def beginning(cost: Cost) -> Iterator[None]:
    """What goes wrong before an answer begins ends the request."""
    try:
        yield
    except BaseException as error:
        cost.failed = isinstance(error, HubError)
        cost.end()
        raise


class Passing:
    """One answer on its way to the caller, and what it costs."""

    def __init__(self, cost: Cost) -> None:
        self._cost = cost

    async def whole(self, pieces: Pieces, relay: events.Relay) -> Response:
        """An answer that comes at once."""
        with self._cost:
            head = (await anext(pieces))[1]
            if head.data["status"] != 200:
                return self.refused(head)
            events.begun(head, streams=False)
            body = b"".join([self._heard(piece) async for _, piece in pieces])
            return json_answer(relay.whole(body))

    async def events(self, pieces: Pieces, relay: events.Relay) -> AsyncIterator[bytes]:
        """Server-sent events; an error in the middle is the last of them."""
        async with aclosing(pieces):
            with self._cost:
                try:
                    async for _, piece in pieces:
                        part = relay.feed(self._heard(piece))
                        if part:
                            yield part
                    relay.finish()
                    self._cost.failed = relay.failed
                except HubError as error:
                    self._cost.failed = True
                    yield wire.event(wire.error(error))
        yield wire.DONE

    def refused(self, head: Piece) -> Response:
        """An error that is the caller's to mend."""
        self._cost.failed = True
        self._cost.end()
        retry = head.data.get("retry_after")
        headers = {"retry-after": str(retry)} if str(retry).isdecimal() else {}
        return json_answer({"error": head.data["error"]}, status=head.data["status"], headers=headers)

    def _heard(self, piece: Piece) -> bytes:
        if piece.data is not None:
            self._cost.prompt, self._cost.completion = piece.data["prompt"], piece.data["tokens"]
        return piece.blob


async def _next(pieces: Pieces) -> tuple[int, Piece]:
    return await anext(pieces)


async def unless_gone(call: Call, work: Coroutine[Any, Any, T]) -> T:
    """The work's outcome; it is broken off when the caller hangs up before."""
    working, watching = asyncio.create_task(work), asyncio.create_task(_hung_up(call))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise BadRequest("The caller left.")
    finally:
        watching.cancel()
        working.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)


async def _hung_up(call: Call) -> None:
    while (await call.request.receive())["type"] != "http.disconnect":
        pass
