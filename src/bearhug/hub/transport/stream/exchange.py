"""An answer that feeds a request's body to a git process and sends what the process prints, both at once."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import anyio
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from bearhug.base.errors import HubError
from bearhug.hub.transport.service import Push
from bearhug.hub.transport.stream.gunzip import Plain
from bearhug.hub.transport.stream.running import Running
from bearhug.hub.transport.stream.talk import Talk

log = logging.getLogger("bearhug.transport")

STALLED_SECONDS = 300
LAST_WORDS = 2000
ENDS_WITHIN = 10
NO_CACHE = {"cache-control": "no-cache, max-age=0, must-revalidate", "pragma": "no-cache", "expires": "0"}

Task = Callable[[], Coroutine[object, None, None]]


class Gone(Exception):
    """The client went away, or stands still for too long."""


@dataclass(frozen=True)
class Program:
    """What to run, and how its output is called; `prefix` goes out before the output."""

    words: Sequence[str]
    environment: Mapping[str, str]
    media_type: str
    body: Plain
    prefix: bytes = b""
    inherits: Sequence[int] = field(default=())


class Exchange(Response):
    """Body in, output out. The process is ended when the client goes away."""

    def __init__(self, program: Program, slots: asyncio.Semaphore) -> None:
        super().__init__(None, 200, NO_CACHE, program.media_type)
        del self.headers["content-length"]
        self._program = program
        self._slots = slots
        self._started = False
        self._failure: HubError | Gone | None = None
        self._words = b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's shape
        async with self._slots:
            process = self._start()
            try:
                await self._run(process, receive, send)
            finally:
                with anyio.CancelScope(shield=True):
                    await self._end(process)
        if isinstance(self._failure, HubError):
            await self._apologize(self._failure, send)

    def _start(self) -> Running:
        program = self._program
        return Running(program.words, program.environment, program.inherits)

    async def _run(self, process: Running, receive: Receive, send: Send) -> None:
        async with anyio.create_task_group() as tasks:
            for beside in self._beside(process):
                tasks.start_soon(beside)
            tasks.start_soon(self._feed, process, receive, tasks.cancel_scope)
            try:
                await self._serve(process, send)
            except Gone as gone:
                self._failure = gone
            tasks.cancel_scope.cancel()

    def _beside(self, process: Running) -> list[Task]:
        """What goes on while the process runs."""
        return [partial(self._listen, process)]

    async def _serve(self, process: Running, send: Send) -> None:
        await self._forward(process, send)
        if not self._started and await process.wait() != 0:
            self._failure = HubError("git could not do this. The log of the hub has its reasons.")
            return
        await self._send(send, b"", more=False)
        await process.wait()

    # in ----------------------------------------------------------------------------------------------------

    async def _feed(self, process: Running, receive: Receive, everything: anyio.CancelScope) -> None:
        """Hand the body over, then watch for the client."""
        try:
            await self._hand_over(process, receive)
            while (await receive())["type"] != "http.disconnect":
                pass
            self._client_left()
        except (Gone, HubError) as failure:
            self._failure = failure
            everything.cancel()

    async def _hand_over(self, process: Running, receive: Receive) -> None:
        body, more = self._program.body, True
        while more:
            message = await _next(receive)
            more = message.get("more_body", False)
            for piece in body.feed(message.get("body", b"")):
                await process.write(piece)
        body.close()
        process.close_input()

    def _client_left(self) -> None:
        raise Gone

    async def _listen(self, process: Running) -> None:
        """Keep the last words that git says to the log."""
        while block := await process.read_words():
            self._words = (self._words + block)[-LAST_WORDS:]

    # out ---------------------------------------------------------------------------------------------------

    async def _forward(self, process: Running, send: Send) -> None:
        while block := await process.read():
            await self._send(send, block, more=True)

    async def _send(self, send: Send, block: bytes, *, more: bool) -> None:
        try:
            async with asyncio.timeout(STALLED_SECONDS):
                if not self._started:
                    self._started = True
                    await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
                    block = self._program.prefix + block
                await send({"type": "http.response.body", "body": block, "more_body": more})
        except (TimeoutError, OSError) as error:
            raise Gone from error

    async def _apologize(self, error: HubError, send: Send) -> None:
        """Say what was wrong with the body, where nothing has been said yet; else let the answer end in the middle."""
        if self._started:
            log.info("broke off: %s", error.message)
            return
        text = error.message.encode()
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(text)).encode())]
        await send({"type": "http.response.start", "status": error.http_status, "headers": headers})
        await send({"type": "http.response.body", "body": text})

    async def _end(self, process: Running) -> None:
        """Nothing that was started here goes on."""
        await process.end(ENDS_WITHIN)
        with anyio.move_on_after(1):
            await self._listen(process)
        process.close()
        if self._words:
            log.info("git: %s", self._words.decode(errors="replace").strip())


class PushExchange(Exchange):
    """A push: what git prints after the hub let it pass is held back until the rows are written."""

    def __init__(self, program: Program, slots: asyncio.Semaphore, push: Push, talk: Talk) -> None:
        super().__init__(program, slots)
        self._push = push
        self._talk = talk
        self._held: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._talk.close()
            self._push.close()

    def _start(self) -> Running:
        process = super()._start()
        self._talk.handed_over()
        return process

    def _beside(self, process: Running) -> list[Task]:
        return [*super()._beside(process), self._talk.listen]

    async def _serve(self, process: Running, send: Send) -> None:
        await self._forward(process, send)
        await process.wait()
        with anyio.CancelScope(shield=True):
            await self._talk.finish()
        await self._send(send, b"".join(self._held), more=False)

    async def _send(self, send: Send, block: bytes, *, more: bool) -> None:
        if self._talk.accepted and more:
            self._held.append(block)
        else:
            await super()._send(send, block, more=more)

    def _client_left(self) -> None:
        """A push that the hub let pass goes on to its end."""
        if not self._talk.accepted:
            raise Gone

    async def _end(self, process: Running) -> None:
        """Let git end by itself: only then does it remove the quarantine. What was accepted goes on to its end."""
        process.close_input()
        if not self._talk.accepted:
            self._talk.close()
        with anyio.move_on_after(ENDS_WITHIN):
            while await process.read():
                pass
            await process.wait()
        await super()._end(process)
        await self._talk.finish()


async def _next(receive: Receive) -> Message:
    try:
        async with asyncio.timeout(STALLED_SECONDS):
            message = await receive()
    except TimeoutError as error:
        raise Gone from error
    if message["type"] == "http.disconnect":
        raise Gone
    return message
