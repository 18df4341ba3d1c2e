"""The ASGI application: finds the row, reads the body, runs the endpoint, maps errors to answers."""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from bearhug.base.again import persistently
from bearhug.base.blobs.disk import NO_ROOM
from bearhug.base.brief import Brevity, TakesLong
from bearhug.base.errors import HubError, MethodNotAllowed, Moved, NotFound, StorageFull
from bearhug.base.http.answers import json_answer, redirect
from bearhug.base.http.call import Call
from bearhug.base.http.router import Match, Router, WrongMethod, decode
from bearhug.base.http.rows import Answer, Row
from bearhug.base.http.tally import TRAFFIC, Tally

log = logging.getLogger("bearhug.http")

ErrorPage = Callable[[Call, HubError], Response | None]
T = TypeVar("T")
Lifespan = Callable[[], AbstractAsyncContextManager[None]]

THREADS = 40
EXPOSED = (
    "ETag, Link, Location, Accept-Ranges, Content-Range, Content-Disposition, Retry-After, X-Repo-Commit, "
    "X-Linked-Etag, X-Linked-Size, X-Error-Code, X-Error-Message, X-Request-Id, X-Total-Count, X-HF-Warning, "
    "X-Xet-Hash, X-Xet-Refresh-Route, X-Xet-Cas-Url, X-Xet-Access-Token, X-Xet-Token-Expiration"
)


@dataclass
class Edge:
    """Everything between the server and the endpoints."""

    router: Router
    public_url: str | None = None
    error_page: ErrorPage | None = None
    lifespan: Lifespan | None = None
    announced_url: Callable[[], str] = str
    answers_at_once: bool = False
    """Whether brief answers may hold the loop: where the database is a file, not a server that has to be waited for."""
    absent: Callable[[str], HubError | None] = lambda _: None
    """Better words than "no endpoint" for some addresses that no row answers."""

    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self._brevity = Brevity()
        self._threads = ThreadPoolExecutor(THREADS, "answer")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        if self.lifespan is None:
            await send({"type": "lifespan.startup.complete"})
            await receive()
        else:
            async with self.lifespan():
                await send({"type": "lifespan.startup.complete"})
                await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = time.monotonic()
        request = Request(scope, receive)
        call = Call(request, {}, "")
        call.base_url = self._base_url(call)
        response = await self._answer(call)
        for name, value in self._common_headers(call).items():
            response.headers.setdefault(name, value)
        if type(response) is Response:
            TRAFFIC.sent += len(response.body) if call.method != "HEAD" else 0
            await response(scope, receive, send)
            status = response.status_code
        else:
            counted = _Counted(send)
            await response(scope, receive, counted)
            status = counted.status
        self.tally.note(call.method, call.route, status, time.monotonic() - begun)

    async def _answer(self, call: Call) -> Response:
        try:
            if call.method == "OPTIONS":
                return _preflight(call)
            row = self._find(call)
            if row.stream is not None:
                return await row.stream(call)
            assert row.answer is not None
            if row.body != "none":
                await call.read(row.limit)
            return await self._made(row, row.answer, call)
        except Moved as moved:
            return _follow(call, moved) or await self._refuse(call, NotFound(moved.message))
        except HubError as error:
            return await self._refuse(call, error)
        except Exception as error:
            if isinstance(error, OSError) and _is_full(error):
                return await self._refuse(call, StorageFull())
            log.exception("%s %s failed (request %s)", call.method, _raw_path(call), _request_id(call))
            return await self._refuse(call, HubError())

    async def _made(self, row: Row, answer: Answer, call: Call) -> Response:
        if row.brief and self.answers_at_once and self._brevity.is_fitting:
            try:
                return self._brevity.answer(answer, call)
            except TakesLong:
                pass
        return await self._in_thread(persistently, answer, call)

    def _find(self, call: Call) -> Row:
        found = self.router.find(call.method, _raw_path(call))
        if isinstance(found, Match):
            call.params, call.route = found.params, found.row.path
            return found.row
        known = self.absent(call.path)
        if known is not None:
            raise known
        if isinstance(found, WrongMethod):
            raise MethodNotAllowed(headers={"allow": ", ".join(found.allowed)})
        if call.path.startswith("/api/"):
            raise NotFound(f"There is no endpoint {call.path[:200]}. /.well-known/openapi.json lists those there are.")
        raise NotFound("There is nothing at this address.")

    async def _refuse(self, call: Call, error: HubError) -> Response:
        if self.error_page is not None and wants_html(call):
            page = await self._in_thread(self.error_page, call, error)
            if page is not None:
                page.headers.update(error_headers(error))
                return page
        fields = {"error": error.message, **error.fields}
        return json_answer(fields, status=error.http_status, headers=error_headers(error))

    async def _in_thread(self, work: Callable[..., T], *arguments: object) -> T:
        """A plain executor: two thirds of the cost of the ways that also carry context and cancellation."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    def _base_url(self, call: Call) -> str:
        known = self.public_url or self.announced_url()
        if known:
            return known
        host = call.header("host", "127.0.0.1")
        return f"{call.request.scope.get('scheme', 'http')}://{host}"

    def _common_headers(self, call: Call) -> dict[str, str]:
        common = {"x-request-id": _request_id(call), "x-content-type-options": "nosniff"}
        if call.header("origin"):
            common["access-control-allow-origin"] = "*"
            common["access-control-expose-headers"] = EXPOSED
        return common


class _Counted:
    """Sends on; what is not whole beforehand is counted on its way, and tells its status only there."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            TRAFFIC.sent += len(message.get("body", b""))
        await self._send(message)


def _raw_path(call: Call) -> str:
    """As it was sent, percent signs and all: no line of the log can be forged with it."""
    sent = call.request.scope.get("raw_path") or call.path.encode()
    return str(sent.decode("ascii", "replace")).partition("?")[0]


def _request_id(call: Call) -> str:
    """What callers are told, and the log says: theirs, if they sent one."""
    if "request_id" not in call.memo:
        given = call.header("x-request-id") or call.header("x-amzn-trace-id") or secrets.token_hex(8)
        call.memo["request_id"] = given[:200]
    return str(call.memo["request_id"])


def _is_full(error: OSError) -> bool:
    """libgit2 says it in words only."""
    return error.errno in NO_ROOM or (error.errno is None and "No space left" in str(error))


def _follow(call: Call, moved: Moved) -> Response | None:
    """The same address under the new name; people's browsers and git may remember it, programs keep the method.

    None where the address does not hold the name, because the body did.
    """
    location = _renamed(_raw_path(call), moved.old, moved.new)
    if location is None:
        return None
    query = call.request.url.query
    lasting = call.method == "GET" and (wants_html(call) or call.path.endswith("/info/refs"))
    return redirect(f"{location}?{query}" if query else location, status=301 if lasting else 307)


def _renamed(raw_path: str, old: str, new: str) -> str | None:
    """The path with the segments of the old name replaced, whichever way they were percent-encoded.

    It begins with one slash: behind two of them a browser reads the name of another host.
    """
    segments, wanted = ["", *filter(None, raw_path.split("/"))], old.split("/")
    for at in range(len(segments) - len(wanted) + 1):
        found = "/".join(decode(segment) for segment in segments[at : at + len(wanted)])
        if found.removesuffix(".git") == old:
            ending = found[len(old) :]
            return "/".join([*segments[:at], new + ending, *segments[at + len(wanted) :]])
    return None


def error_headers(error: HubError) -> dict[str, str]:
    """Code and message again in the headers, because answers to HEAD have no body."""
    headers = {"x-error-message": header_text(error.message), **error.headers}
    if error.code:
        headers["x-error-code"] = error.code
    return headers


def header_text(text: str) -> str:
    """One printable ASCII line of at most 1,000 characters."""
    line = " ".join(text.split())[:1000]
    return "".join(letter if " " <= letter <= "~" else "?" for letter in line)


def wants_html(call: Call) -> bool:
    return "text/html" in call.header("accept") and not call.path.startswith("/api/")


def _preflight(call: Call) -> Response:
    asked: Mapping[str, str] = call.request.headers
    return Response(
        b"",
        204,
        {
            "access-control-allow-origin": "*",
            "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
            "access-control-allow-headers": asked.get("access-control-request-headers", "*"),
            "access-control-max-age": "86400",
        },
    )
