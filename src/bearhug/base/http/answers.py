"""Answers: JSON, text, redirects, and bytes with ranges and conditions (RFC 9110 sections 13 and 14)."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import anyio
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from bearhug.base.content import Block, Content, Reader
from bearhug.base.errors import RangeNotSatisfiable
from bearhug.base.http.call import Call
from bearhug.base.http.sendfile import EXTENSION, FileAnswer
from bearhug.formats.file_names import encoded, spelled

BLOCK = 1 << 20
BYTES = "application/octet-stream"
"""All that is left to a web server in front: it may drop the headers that keep browsers from running other kinds."""
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str)
_RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z", re.ASCII)
_DIGITS = 19  # of numbers beyond any size


def json_answer(
    data: Any,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    media_type: str = "application/json",
) -> Response:
    body = encoded(_JSON.encode(data))
    return Response(body, status, dict(headers or {}), f"{media_type}; charset=utf-8")


def text_answer(text: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(text, status, dict(headers or {}), "text/plain; charset=utf-8")


def ok() -> Response:
    """What a client gets that only looks at the status."""
    return json_answer({"success": True})


def redirect(location: str, *, status: int = 302, headers: Mapping[str, str] | None = None) -> Response:
    return Response(b"", status, {"location": quote(location, safe=":/%#?=@[]!$&'()*+,;~"), **(headers or {})})


def page_link(call: Call, **changed: str) -> str:
    """The absolute address of the present request with some query parameters replaced, for `Link: rel="next"`."""
    pairs = [(key, value) for key, value in call.pairs if key not in changed] + list(changed.items())
    query = "&".join(
        f"{quote(key, safe='[]', errors='replace')}={quote(spelled(value), safe='', errors='replace')}"
        for key, value in pairs
    )
    raw_path = call.request.scope.get("raw_path", call.path.encode()).decode("ascii").partition("?")[0]
    return f"{call.base_url}{raw_path}?{query}"


def next_link(call: Call, cursor: str | None) -> dict[str, str]:
    """The `Link` header that clients follow to the next page; empty on the last one."""
    if cursor is None:
        return {}
    return {"link": f'<{page_link(call, cursor=cursor)}>; rel="next"'}


def disposition(name: str, *, inline: bool) -> str:
    """Content-Disposition with a plain ASCII name and the real one (RFC 6266)."""
    plain = name.encode("ascii", "replace").decode().translate({34: "_", 92: "_", 13: "_", 10: "_"})
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename*=UTF-8''{quote(spelled(name), safe='', errors='replace')}; filename=\"{plain}\";"


@dataclass(frozen=True)
class Span:
    """Bytes [start, end) of a whole of `size` bytes."""

    start: int
    end: int
    size: int
    partial: bool = True

    @property
    def length(self) -> int:
        return self.end - self.start


def wanted_span(call: Call, size: int, etag: str) -> Span:
    """The range that the request asks for; several ranges or another unit mean the whole (RFC 9110 14.2)."""
    header = call.header("range")
    condition = call.header("if-range")
    matched = _RANGE.match(header)
    if matched is None or (condition and condition != etag):
        return Span(0, size, size, partial=False)
    first, last = matched.groups()
    if not first and not last:
        return Span(0, size, size, partial=False)
    if not first:
        start, end = max(size - _number(last), 0), size
        satisfiable = start < end
    else:
        start, end = _number(first), min(_number(last), size - 1) + 1 if last else size
        satisfiable = start < end
    if not satisfiable:
        raise RangeNotSatisfiable(headers={"content-range": f"bytes */{size}"})
    return Span(start, end, size)


def _number(digits: str) -> int:
    """However many digits somebody sent: Python refuses to read thousands of them."""
    return int(digits.lstrip("0")[:_DIGITS] or 0)


def not_modified(call: Call, etag: str) -> bool:
    """Whether If-None-Match names the present entity tag (weak comparison)."""
    header = call.header("if-none-match")
    if not header:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return "*" in tags or etag.removeprefix("W/") in tags


def content_answer(call: Call, content: Content, headers: Mapping[str, str]) -> Response:
    """200, 206 or 304 for a content, without ever holding more than a block of it."""
    common = {"etag": content.etag, "accept-ranges": "bytes", **headers}
    if not_modified(call, content.etag):
        return Response(b"", 304, common)
    if content.accel is not None and call.method == "GET" and headers.get("content-type") == BYTES:
        return Response(b"", 200, {**common, "x-accel-redirect": quote(content.accel)})
    span = wanted_span(call, content.size, content.etag)
    common["content-length"] = str(span.length)
    status = 206 if span.partial else 200
    if span.partial:
        common["content-range"] = f"bytes {span.start}-{span.end - 1}/{span.size}"
    if call.method == "HEAD" or span.length == 0:
        return Response(None, status, common)
    return _body_answer(content, span, status, common)


def blocks_answer(call: Call, blocks: Callable[[], Iterator[bytes]], headers: Mapping[str, str]) -> Response:
    """A body of unknown length, made in a thread while it is sent; a failure in its midst breaks the connection."""
    if call.method == "HEAD":
        return Response(None, 200, headers)
    return StreamingResponse(_ahead(filter(None, blocks())), 200, headers)


def _body_answer(content: Content, span: Span, status: int, headers: dict[str, str]) -> Response:
    if content.read is not None and span.length <= BLOCK:
        return Response(content.read(span.start, span.length), status, headers)
    if content.path is not None:
        return FileAnswer(content.path, span.start, span.length, status, headers)
    if content.blocks is not None:
        return BlocksAnswer(content.blocks(span.start, span.end), status, headers)
    assert content.read is not None
    return StreamingResponse(_read_blocks(content.read, span), status, headers)


class BlocksAnswer(StreamingResponse):
    """Blocks of a body whose length is told."""

    def __init__(self, blocks: Iterator[Block], status: int, headers: Mapping[str, str]) -> None:
        super().__init__(_ahead(blocks), status, headers)
        self._blocks = blocks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        offered = (scope.get("extensions") or {}).get(EXTENSION)
        if offered is None:
            await super().__call__(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await offered["push"](self._blocks)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _ahead(blocks: Iterator[Block]) -> AsyncIterator[Block]:
    """Blocks made in a thread, the next one while the last one is sent; an empty one is the end."""
    loop = asyncio.get_running_loop()
    making = loop.run_in_executor(None, next, blocks, b"")
    try:
        while block := await making:
            making = loop.run_in_executor(None, next, blocks, b"")
            yield block
    finally:
        with anyio.CancelScope(shield=True):
            await asyncio.wait([making])
        making.exception()


async def _read_blocks(read: Reader, span: Span) -> AsyncIterator[bytes]:
    at = span.start
    while at < span.end:
        block = await anyio.to_thread.run_sync(read, at, min(BLOCK, span.end - at))
        if not block:
            return
        at += len(block)
        yield block
