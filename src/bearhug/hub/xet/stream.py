"""The async edge of Xet: queries take turns; xorbs and shards go from the socket to the disk, checked in threads."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from functools import partial
from typing import TypeVar

import anyio
from starlette.responses import Response, StreamingResponse

from bearhug.base.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    HubError,
    NotFound,
    StorageFull,
    TooLarge,
    Unauthenticated,
    Unprocessable,
)
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.pour import pour
from bearhug.base.http.rows import Row, StreamAnswer
from bearhug.formats.xet_shard_writer import dedup_shard, dedup_shard_length
from bearhug.hub.xet import wire
from bearhug.hub.xet.api import STORE
from bearhug.hub.xet.records import Scope, Visit
from bearhug.hub.xet.room import full_disk_told, is_full_disk
from bearhug.hub.xet.service import PREFIX, Xet
from bearhug.hub.xorbs.spool import Spool

T = TypeVar("T")

XORBS = ("v1/xorbs", "xorbs", "xorb")
"""Where clients of three generations send xorbs."""
CHECKS = 2
"""Xorbs and shards that are checked at the same time; each keeps a core busy."""
SOON = 5.0
BLINK = 0.05
PULSE = 10.0
"""Seconds between signs of life while a shard is checked; clients give up after 20."""


class XetStream:
    """Takes xorbs and shards in."""

    def __init__(self, xet: Xet) -> None:
        self._xet = xet
        self._checks: anyio.CapacityLimiter | None = None

    def rows(self) -> list[Row]:
        xorb, shard = "Send a xorb; it is kept if its chunks are what its name says", "Register files made of chunks"
        return [
            *(
                _row("POST", f"{STORE}/{path}/{{prefix}}/{{xorb}}", xorb, self.xorb)
                for path in ("v1/xorbs", "xorbs", "xorb")
            ),
            *(
                Row(
                    "GET",
                    f"{STORE}/{path}/{{prefix}}/{{chunk}}",
                    None,
                    "Which chunks need not be sent, as a shard",
                    audience="signed-url",
                    returns="a shard",
                    refuses=(Unauthenticated, Forbidden, BadRequest, NotFound),
                    stream=self.chunks,
                )
                for path in ("v1/chunks", "chunks", "chunk")
            ),
            _row("PUT", f"{PREFIX}/uploads/{{xorb}}", "Send a xorb to a place that was granted", self.granted_xorb),
            *(_row("POST", f"{STORE}/{path}", shard, self.shard) for path in ("v1/shards", "shards")),
            _row("POST", f"{STORE}/shard/{{prefix}}/{{shard}}", shard, self.shard),
            _row("POST", f"{STORE}/v2/shards", f"{shard}; the answer tells how far it is", self.told_shard),
        ]

    # queries -----------------------------------------------------------------------------------------------

    async def chunks(self, call: Call) -> Response:
        """The first query of a session is answered at once, all others when what it was told has arrived."""
        visit = await self._enter(call)
        session, first = self._xet.sessions.enter(visit.repo_id, wire.session(call))
        while not first and session.pause:  # noqa: ASYNC110 - threads end the pause
            await asyncio.sleep(min(session.pause, BLINK))
        tell = partial(self._xet.tell_chunks, visit, session, call.params["chunk"], first=first)
        try:
            found = await anyio.to_thread.run_sync(tell)
        except HubError:
            session.hold(0)
            raise
        length = dedup_shard_length(found.xorbs)
        pieces = dedup_shard(found.xorbs, found.about)
        if first:
            pieces = _noticed(pieces, partial(session.delivered, length))
        return StreamingResponse(pieces, 200, {"content-length": str(length)}, "application/octet-stream")

    # xorbs -------------------------------------------------------------------------------------------------

    async def xorb(self, call: Call) -> Response:
        visit = await self._enter(call)
        return json_answer({"was_inserted": await self._keep(call, visit.knowers)})

    async def granted_xorb(self, call: Call) -> Response:
        facts = [call.one(name) or "" for name in ("owner", "until", "sig")]
        owner_ids = self._xet.tokens.check_grant(call.params["xorb"], *facts)
        return json_answer({"was_inserted": await self._keep(call, owner_ids)})

    async def _keep(self, call: Call, owner_ids: Collection[int]) -> bool:
        declared = call.header("content-length")
        expected = int(declared) if declared.isdigit() else 0
        with full_disk_told(), await anyio.to_thread.run_sync(self._xet.receive_xorb, expected) as body:
            await pour(call, body.write)
            return await self._checked(partial(self._xet.keep_xorb, owner_ids, call.params["xorb"], body))

    # shards ------------------------------------------------------------------------------------------------

    async def shard(self, call: Call) -> Response:
        visit = await self._enter(call)
        with full_disk_told(), await self._receive(call) as spool:
            await self._checked(partial(self._register, visit, spool, _Progress()))
        return json_answer({"result": 1})

    async def told_shard(self, call: Call) -> Response:
        """Errors that show soon have their own status; later ones come as the last line, which people get to read."""
        visit = await self._enter(call)
        try:
            return await self._told(call, visit)
        except (StorageFull, OSError) as error:
            if not is_full_disk(error):
                raise
            return Response(_refusal(StorageFull()), 200, media_type="application/x-ndjson")

    async def _told(self, call: Call, visit: Visit) -> Response:
        progress, spool = _Progress(), await self._receive(call)
        checking = asyncio.ensure_future(self._checked(partial(self._register, visit, spool, progress)))
        checking.add_done_callback(lambda _done: spool.close())
        await asyncio.wait([checking], timeout=SOON)
        if checking.done():
            checking.result()
        return StreamingResponse(_tell(checking, progress), 200, media_type="application/x-ndjson")

    async def _receive(self, call: Call) -> Spool:
        spool = await anyio.to_thread.run_sync(self._xet.receive_shard)
        try:
            await pour(call, spool.write)
        except BaseException:
            spool.close()
            raise
        return spool

    def _register(self, visit: Visit, spool: Spool, progress: "_Progress") -> None:
        self._xet.register(visit, spool.read(), progress.note)

    # both --------------------------------------------------------------------------------------------------

    async def _enter(self, call: Call) -> Visit:
        return await anyio.to_thread.run_sync(self._xet.enter, wire.token(call), Scope.WRITE)

    async def _checked(self, check: Callable[[], T]) -> T:
        """Run a check when it is its turn."""
        if self._checks is None:
            self._checks = anyio.CapacityLimiter(CHECKS)
        return await anyio.to_thread.run_sync(check, limiter=self._checks)


def _noticed(pieces: Iterator[bytes], then: Callable[[], None]) -> Iterator[bytes]:
    try:
        yield from pieces
    finally:
        then()


class _Progress:
    """How far the check of a shard has come, written by one thread and read by another."""

    def __init__(self) -> None:
        self.verified = 0
        self.total = 0

    def note(self, verified: int, total: int) -> None:
        self.verified, self.total = verified, total


async def _tell(checking: "asyncio.Future[None]", progress: _Progress) -> AsyncIterator[bytes]:
    while not checking.done():
        yield _line({"type": "validating", "verified": progress.verified, "total": progress.total})
        await asyncio.wait([checking], timeout=PULSE)
    error = checking.exception()
    if error is None:
        yield _line({"type": "result"})
    elif isinstance(error, HubError):
        yield _refusal(error)
    else:
        yield _line({"type": "error", "message": HubError.default, "retryable": True})
        raise error


def _refusal(error: HubError) -> bytes:
    return _line({"type": "error", "message": error.message, "retryable": error.http_status in (409, 503)})


def _line(data: dict[str, object]) -> bytes:
    return json.dumps(data).encode() + b"\n"


def _row(method: str, path: str, summary: str, stream: StreamAnswer) -> Row:
    return Row(
        method,
        path,
        None,
        summary,
        audience="signed-url",
        body="bytes",
        refuses=(Unauthenticated, Forbidden, BadRequest, NotFound, Conflict, TooLarge, Unprocessable),
        stream=stream,
    )
