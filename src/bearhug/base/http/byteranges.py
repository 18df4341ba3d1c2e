"""Several ranges of one file in one answer: multipart/byteranges (RFC 9110 section 14.6)."""

import secrets
from collections.abc import Mapping, Sequence
from functools import partial

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bearhug.base.http.sendfile import EXTENSION, SendFile, send_blocks


class PartsAnswer(Response):
    """206 with a part for each range [start, end) of a file of `size` bytes, opened here, sent by the kernel."""

    def __init__(self, path: str, ranges: Sequence[tuple[int, int]], size: int, headers: Mapping[str, str]) -> None:
        boundary = secrets.token_hex(16)
        self._ranges = ranges
        self._heads = [
            f"\r\n--{boundary}\r\ncontent-type: application/octet-stream\r\n"
            f"content-range: bytes {start}-{end - 1}/{size}\r\n\r\n".encode()
            for start, end in ranges
        ]
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        length = sum(map(len, self._heads)) + sum(end - start for start, end in ranges) + len(self._tail)
        kind = f"multipart/byteranges; boundary={boundary}"
        super().__init__(None, 206, {**headers, "content-type": kind, "content-length": str(length)})
        self._file = open(path, "rb", buffering=0)  # noqa: SIM115, PTH123 - lives until the answer is sent

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's shape
        with self._file as file:
            await send({"type": "http.response.start", "status": 206, "headers": self.raw_headers})
            if scope["method"] != "HEAD":
                offered = (scope.get("extensions") or {}).get(EXTENSION)
                sendfile: SendFile = offered["send"] if offered else partial(send_blocks, send)
                for head, (start, end) in zip(self._heads, self._ranges, strict=True):
                    await send({"type": "http.response.body", "body": head, "more_body": True})
                    if await sendfile(file.fileno(), start, end - start) < end - start:
                        return
                await send({"type": "http.response.body", "body": self._tail, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
