"""The three addresses of git's smart HTTP protocol."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from functools import cached_property

import anyio
from starlette.responses import Response

from bearhug.base.errors import BadRequest, Forbidden, HubError, Moved, RepoNotFound, Unauthenticated
from bearhug.base.http.answers import text_answer
from bearhug.base.http.call import Call
from bearhug.base.http.edge import error_headers
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.access.who import Who
from bearhug.hub.git.program import command, environment
from bearhug.hub.git.service import author_of
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.wire import name_of
from bearhug.hub.transport.records import FETCH, PUSH
from bearhug.hub.transport.service import Transport
from bearhug.hub.transport.stream.exchange import NO_CACHE, Exchange, Program, PushExchange
from bearhug.hub.transport.stream.gunzip import Plain, unpacker
from bearhug.hub.transport.stream.talk import Talk, Threads

MIB = 1 << 20
LONGEST_FETCH = 64 * MIB
"""Bytes of a fetch's wants and haves."""
LARGEST_PIECE = "1g"
"""Memory that git may ask for at once while it takes a push: a delta of a few bytes can unpack to anything."""
MOST_AT_ONCE = 64
"""Git processes; who comes later waits."""
JUDGING_THREADS = 32
FINISHING_THREADS = 8
CHALLENGE = {"www-authenticate": 'Basic realm="Bearhug", charset="UTF-8"'}
_VERSION = re.compile(r"version=[0-9]")


class GitHttp:
    """Runs the git program for people who may."""

    def __init__(self, transport: Transport, who: Who) -> None:
        self._transport = transport
        self._who = who

    def rows(self) -> list[Row]:
        one = "/{kind}/{ns}/{name}"
        return [
            Row(
                "GET",
                f"{one}/info/refs",
                None,
                "Git: what a repository offers to fetch from or push to",
                audience="reader",
                returns="references as git writes them",
                refuses=(Unauthenticated, RepoNotFound, Forbidden, BadRequest),
                stream=self.offer,
            ),
            Row(
                "POST",
                f"{one}/{FETCH}",
                None,
                "Git: clone and fetch, protocols 0 to 2",
                audience="reader",
                body="bytes",
                returns="a pack",
                refuses=(Unauthenticated, RepoNotFound, Forbidden, BadRequest),
                stream=self.fetch,
            ),
            Row(
                "POST",
                f"{one}/{PUSH}",
                None,
                "Git: push",
                audience="writer",
                body="bytes",
                returns="what came of every reference",
                refuses=(Unauthenticated, RepoNotFound, Forbidden, BadRequest),
                stream=self.push,
            ),
        ]

    # endpoints ---------------------------------------------------------------------------------------------

    async def offer(self, call: Call) -> Response:
        return await _in_words(call, self._offer)

    async def fetch(self, call: Call) -> Response:
        return await _in_words(call, self._fetch)

    async def push(self, call: Call) -> Response:
        return await _in_words(call, self._push)

    async def _offer(self, call: Call) -> Response:
        service = call.one("service")
        if service not in (FETCH, PUSH):
            raise Forbidden("This hub speaks git's smart HTTP protocol only. Please use a newer git.")
        _, repo = await self._open(call, push=service == PUSH)
        speaks_v2 = service == FETCH and _version(call) == "version=2"
        title = f"# service={service}\n".encode()
        program = Program(
            self._words(service, repo, "--advertise-refs"),
            environment(GIT_PROTOCOL=_version(call) if service == FETCH else ""),
            f"application/x-{service}-advertisement",
            Plain(MIB),
            b"" if speaks_v2 else b"%04x%s0000" % (len(title) + 4, title),
        )
        return Exchange(program, self._slots)

    async def _fetch(self, call: Call) -> Response:
        _check_type(call, FETCH)
        body = unpacker(call.header("content-encoding"), LONGEST_FETCH)
        _, repo = await self._open(call, push=False)
        if _is_probe(call):
            return _nothing(FETCH)
        seen = environment(GIT_PROTOCOL=_version(call))
        return Exchange(Program(self._words(FETCH, repo), seen, f"application/x-{FETCH}-result", body), self._slots)

    async def _push(self, call: Call) -> Response:
        _check_type(call, PUSH)
        body = unpacker(call.header("content-encoding"), None)
        actor, repo = await self._open(call, push=True)
        if _is_probe(call):
            return _nothing(PUSH)
        push = self._transport.push(actor, repo)
        talk = Talk(push, self._threads)
        program = Program(
            self._words(PUSH, repo),
            environment(GIT_ALLOC_LIMIT=LARGEST_PIECE, **talk.variables, **_pusher(actor)),
            f"application/x-{PUSH}-result",
            body,
            inherits=talk.theirs,
        )
        return PushExchange(program, self._slots, push, talk)

    # what they share ---------------------------------------------------------------------------------------

    async def _open(self, call: Call, *, push: bool) -> tuple[Actor, Repo]:
        return await anyio.to_thread.run_sync(self._opened, call, push)

    def _opened(self, call: Call, push: bool) -> tuple[Actor, Repo]:
        if push and not self._transport.hook.works():
            raise HubError("This hub cannot check pushes: its data folder does not allow programs to run.")
        actor = self._who(call)
        find = self._transport.open if call.method == "GET" else self._transport.open_moved
        return actor, find(actor, name_of(call), push=push)

    def _words(self, service: str, repo: Repo, *options: str) -> list[str]:
        settings = ["-c", f"core.hooksPath={self._transport.hook.folder}"] if service == PUSH else []
        if service == PUSH and (room := self._transport.room(repo)) is not None:
            settings += ["-c", f"receive.maxInputSize={room}"]
        name = service.removeprefix("git-")
        return command(*settings, name, "--stateless-rpc", *options, self._transport.path(repo))

    @cached_property
    def _slots(self) -> asyncio.Semaphore:
        return asyncio.Semaphore(MOST_AT_ONCE)

    @cached_property
    def _threads(self) -> Threads:
        return Threads(anyio.CapacityLimiter(JUDGING_THREADS), anyio.CapacityLimiter(FINISHING_THREADS))


async def _in_words(call: Call, answer: Callable[[Call], Awaitable[Response]]) -> Response:
    """Errors as git shows them to people: plain text, and 401 where signing in may help."""
    try:
        return await answer(call)
    except Moved:
        raise
    except HubError as error:
        headers = error_headers(error)
        if error.http_status == 401:
            headers |= CHALLENGE
        return text_answer(f"{error.message}\n", status=error.http_status, headers=headers)


def _version(call: Call) -> str:
    """The protocol version that the client asks for, and nothing else of what it sends."""
    found = _VERSION.search(call.header("git-protocol")[:100])
    return found.group() if found else ""


def _is_probe(call: Call) -> bool:
    """Whether this is the flush packet by which git learns, ahead of a long body, that it may send one."""
    return call.header("content-length") == "4"


def _nothing(service: str) -> Response:
    return Response(b"", 200, NO_CACHE, f"application/x-{service}-result")


def _check_type(call: Call, service: str) -> None:
    """Pages of other sites cannot send this type without asking first."""
    if call.header("content-type") != f"application/x-{service}-request":
        raise BadRequest(f"Send application/x-{service}-request.")


def _pusher(actor: Actor) -> dict[str, str]:
    """Who stands in the reference log."""
    author = author_of(actor.name)
    return {"GIT_COMMITTER_NAME": author.name, "GIT_COMMITTER_EMAIL": author.email}
