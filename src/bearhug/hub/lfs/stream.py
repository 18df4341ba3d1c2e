"""The async edge of uploads: bodies go from the socket to the disk block by block."""

import anyio
from starlette.responses import Response

from bearhug.base.errors import BadRequest, Conflict, Forbidden, NotFound, StorageFull, TooLarge, Unprocessable
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.pour import pour
from bearhug.base.http.rows import Row, StreamAnswer
from bearhug.hub.lfs import wire
from bearhug.hub.lfs.records import SEND, Ticket
from bearhug.hub.lfs.service import Lfs
from bearhug.hub.lfs.uploads import ResumedUpload, Upload


class LfsStream:
    """Takes large files in: whole, in parts, or in order with resumption (tus)."""

    def __init__(self, lfs: Lfs) -> None:
        self._lfs = lfs

    def rows(self) -> list[Row]:
        one = wire.UPLOADS + "/{oid}"
        return [
            _row("PUT", one, "Send a large file whole", self.put),
            _row(
                "PUT", f"{one}/parts/{{number}}", "Send one part of a large file; its ETag is wanted later", self.part
            ),
            _row("PATCH", one, "Go on with a large file at Upload-Offset (tus)", self.patch),
        ]

    async def put(self, call: Call) -> Response:
        upload = await anyio.to_thread.run_sync(self._send, call)
        tag = await self._receive(call, upload)
        return json_answer({"oid": tag}, headers={"etag": f'"{tag}"'})

    async def part(self, call: Call) -> Response:
        upload = await anyio.to_thread.run_sync(self._send_part, call)
        tag = await self._receive(call, upload)
        return json_answer({"etag": tag}, headers={"etag": f'"{tag}"'})

    async def patch(self, call: Call) -> Response:
        upload = await anyio.to_thread.run_sync(self._resume, call)
        await self._receive(call, upload)
        return Response(b"", 204, wire.tus_headers(upload.at, upload.size))

    async def _receive(self, call: Call, upload: Upload) -> str:
        try:
            _refuse_excess(call, upload.expects)
            await pour(call, upload.write)
            return await anyio.to_thread.run_sync(upload.finish)
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(upload.close)

    def _send(self, call: Call) -> Upload:
        return self._lfs.send(self._ticket(call))

    def _send_part(self, call: Call) -> Upload:
        return self._lfs.send_part(self._ticket(call), wire.part_number(call))

    def _resume(self, call: Call) -> ResumedUpload:
        return self._lfs.resume(self._ticket(call), wire.upload_offset(call))

    def _ticket(self, call: Call) -> Ticket:
        return self._lfs.tickets.check(*wire.ticket(call, SEND))


def _refuse_excess(call: Call, most: int) -> None:
    """Do not take in what cannot be right."""
    declared = call.header("content-length")
    if declared.isdigit() and int(declared) > most:
        raise TooLarge(f"{declared} bytes were announced, but at most {most} belong here.")


def _row(method: str, path: str, summary: str, stream: StreamAnswer) -> Row:
    return Row(
        method,
        path,
        None,
        summary,
        audience="signed-url",
        body="bytes",
        returns="ETag",
        refuses=(BadRequest, Forbidden, NotFound, Conflict, TooLarge, Unprocessable, StorageFull),
        stream=stream,
    )
