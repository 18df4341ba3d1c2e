"""The async edge of the gateway: answers whole or as server-sent events, many prompts side by side."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, contextmanager
from typing import Any

import anyio
from starlette.responses import Response, StreamingResponse

from bearhug.base.errors import (
    BadRequest,
    GatedRepo,
    HubError,
    NotFound,
    NotReady,
    RepoNotFound,
    RevisionNotFound,
    TooManyRequests,
    Unprocessable,
)
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row, StreamAnswer
from bearhug.hub.access.records import Actor
from bearhug.hub.access.who import Who
from bearhug.inference.openai import requests, wire
from bearhug.inference.openai.records import Wishes
from bearhug.inference.openai.relay.events import named
from bearhug.inference.openai.relay.stream import beginning, relayed, unless_gone
from bearhug.inference.openai.service import Voices
from bearhug.inference.openai.tally import Tally
from bearhug.inference.usage.asking import asker
from bearhug.inference.usage.ledger import Cost, Ledger
from bearhug.inference.workers.records import Piece, Plan
from bearhug.inference.workers.stream import answers

CHAT, COMPLETION, EMBEDDING = "/v1/chat/completions", "/v1/completions", "/v1/embeddings"
MODEL = "/models/{ns}/{name}"
UNKNOWN_ROOM = 1 << 20
"""Room behind a prompt that another server has: it says so itself when an answer does not fit."""
LARGEST_BODY = 32 << 20
REFUSALS = (BadRequest, NotFound, RepoNotFound, RevisionNotFound, GatedRepo, Unprocessable, TooManyRequests, NotReady)
Pieces = AsyncGenerator[tuple[int, Piece], None]
Tell = Callable[[Call], Awaitable[Response]]


class OpenAiStream:
    """POST endpoints of the OpenAI API that talk to language models."""

    def __init__(self, voices: Voices, who: Who, ledger: Ledger) -> None:
        self._voices = voices
        self._who = who
        self._ledger = ledger

    def rows(self) -> list[Row]:
        return [
            _row(CHAT, "Answer a conversation", self.chat, "a chat completion, or a stream of it"),
            _row(COMPLETION, "Go on with a text", self.complete, "a completion, or a stream of it"),
            _row(EMBEDDING, "Texts as vectors", self.embed, "a list of embeddings"),
            _row("/tokenize", "The tokens of a text or a conversation", self.tokenize, "{tokens, count}"),
            _row("/detokenize", "The text of tokens", self.detokenize, "{prompt}"),
        ]

    def rows_of_models(self) -> list[Row]:
        """The same at a model's own address, for clients that are told nothing else."""
        return [
            _row(
                f"{MODEL}{CHAT}",
                "Have a model answer a conversation",
                self.chat,
                "a chat completion, or a stream of it",
            ),
            _row(
                f"{MODEL}{COMPLETION}",
                "Have a model go on with a text",
                self.complete,
                "a completion, or a stream of it",
            ),
            _row(f"{MODEL}{EMBEDDING}", "Have a model make vectors of texts", self.embed, "a list of embeddings"),
        ]

    async def chat(self, call: Call) -> Response:
        return await _shaped(call, self._chat)

    async def complete(self, call: Call) -> Response:
        return await _shaped(call, self._complete)

    async def embed(self, call: Call) -> Response:
        return await _shaped(call, self._embed)

    async def tokenize(self, call: Call) -> Response:
        return await _shaped(call, self._tokenize)

    async def detokenize(self, call: Call) -> Response:
        return await _shaped(call, self._detokenize)

    async def whole(self, call: Call, data: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a page of the hub itself; `messages` make it a conversation. Raises HubError."""
        answer = await self._speak(call, data, CHAT if "messages" in data else COMPLETION)
        told: dict[str, Any] = json.loads(bytes(answer.body))
        if answer.status_code != 200:
            raise BadRequest(told["error"]["message"])
        return told

    async def room(self, call: Call, data: Mapping[str, Any]) -> int:
        """How many tokens fit behind a prompt, or the messages of a conversation."""
        model, order = requests.tokens(data)
        plan = await self._plan(call, model)
        if plan.forwards:
            return UNKNOWN_ROOM
        told = (await self._first(plan, order)).data
        return max(int(told["context"]) - len(told["ids"]), 0)

    async def _chat(self, call: Call) -> Response:
        return await self._speak(call, _asked(call), CHAT)

    async def _complete(self, call: Call) -> Response:
        return await self._speak(call, _asked(call), COMPLETION)

    async def _speak(self, call: Call, data: Mapping[str, Any], path: str) -> Response:
        kind = "chat" if path == CHAT else "completion"
        plan, cost = await self._begin(call, named(data), kind, self._voices.plan)
        if plan.forwards:
            return await relayed(call, self._voices.workers, plan, cost, path, data)
        with beginning(cost):
            wishes = requests.chat(data) if path == CHAT else requests.completion(data)
        form = wire.Chat() if path == CHAT else wire.Completion(wishes.echo, wishes.count)
        return await self._answer(call, (plan, cost), wishes, form)

    async def _embed(self, call: Call) -> Response:
        data = _asked(call)
        plan, cost = await self._begin(call, named(data), "embedding", self._voices.embedder)
        if plan.forwards:
            return await relayed(call, self._voices.workers, plan, cost, EMBEDDING, data)
        with cost:
            wishes = requests.embedding(data)
            piece = await self._first(plan, {"inputs": wishes.inputs})
            cost.prompt = piece.data["tokens"]
        return json_answer(wire.embeddings(wishes, piece.data["tokens"], piece.data["size"], piece.blob))

    async def _tokenize(self, call: Call) -> Response:
        told = await self._counted(call, "/tokenize", requests.tokens)
        if isinstance(told, Response):
            return told
        shape = {"count": len(told["ids"]), "max_model_len": told["context"], "tokens": told["ids"]}
        return json_answer({**shape, "token_strs": told["pieces"]})

    async def _detokenize(self, call: Call) -> Response:
        told = await self._counted(call, "/detokenize", requests.text)
        return told if isinstance(told, Response) else json_answer({"prompt": told["text"]})

    async def _counted(
        self, call: Call, path: str, read: Callable[[Mapping[str, Any]], tuple[str, dict[str, Any]]]
    ) -> dict[str, Any] | Response:
        """What a worker says of tokens, or the whole answer of a server behind."""
        data = call.json()
        plan, cost = await self._begin(call, named(data), "tokens", self._voices.plan)
        if plan.forwards:
            return await relayed(call, self._voices.workers, plan, cost, path, data)
        with cost:
            told: dict[str, Any] = (await self._first(plan, read(data)[1])).data
        return told

    async def _first(self, plan: Plan, order: dict[str, Any]) -> Piece:
        """The one piece of a short answer."""
        async with aclosing(answers(self._voices.workers, plan, [order])) as pieces:
            found = [piece async for _, piece in pieces]
        return found[0]

    async def _plan(self, call: Call, model: str) -> Plan:
        return await anyio.to_thread.run_sync(lambda: self._voices.plan(self._who(call), model))

    async def _begin(
        self, call: Call, model: str, kind: str, plan_of: Callable[[Actor, str], Plan]
    ) -> tuple[Plan, Cost]:
        """The plan for a model, and the cost of a request to it; TooManyRequests for who asked enough."""

        def begun() -> tuple[Plan, Cost]:
            actor = self._who(call)
            plan = plan_of(actor, model)
            return plan, self._ledger.begin(asker(actor, call), plan.label, kind)

        return await anyio.to_thread.run_sync(begun)

    async def _answer(
        self, call: Call, begun: tuple[Plan, Cost], wishes: Wishes, form: wire.Chat | wire.Completion
    ) -> Response:
        plan, cost = begun
        pieces = answers(self._voices.workers, plan, wishes.orders)
        told = Telling(Tally(wire.Envelope(form, wishes.model), wishes), cost)
        if wishes.streaming is not None:
            first = await told.first(pieces)  # what cannot begin is refused with its own status
            events = told.events(first, pieces)
            return StreamingResponse(events, 200, {"cache-control": "no-store"}, "text/event-stream")
        async with aclosing(pieces):
            return json_answer(await unless_gone(call, told.whole(pieces)))


class Telling:
    """One answer on its way to the caller."""

    def __init__(self, tally: Tally, cost: Cost) -> None:
        self._tally = tally
        self._cost = cost

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """However it ends, what was read and written until then is told."""
        with self._cost:
            try:
                yield
            finally:
                self._cost.prompt, self._cost.completion = self._tally.usage.prompt, self._tally.usage.completion

    async def whole(self, pieces: Pieces) -> Any:
        with self._counted():
            async for place, piece in pieces:
                self._tally.hear(place, piece.data)
        return self._tally.answer()

    async def first(self, pieces: Pieces) -> tuple[int, Piece]:
        with beginning(self._cost):
            return await anext(pieces)

    async def events(self, first: tuple[int, Piece], pieces: Pieces) -> AsyncIterator[bytes]:
        """Server-sent events; an error in the middle is the last of them."""
        tally = self._tally
        async with aclosing(pieces):
            with self._counted():
                try:
                    yield b"".join(wire.event(opening) for opening in tally.openings())
                    tally.hear(first[0], first[1].data)
                    async for place, piece in pieces:
                        part = tally.hear(place, piece.data)
                        if part is not None:
                            yield wire.event(part)
                    if tally.tells_usage:
                        yield wire.event(tally.last())
                except HubError as error:
                    self._cost.failed = True
                    yield wire.event(wire.error(error))
        yield wire.DONE


def _asked(call: Call) -> Mapping[str, Any]:
    """What was sent; a model's own address says which model is meant, whatever the client calls it."""
    data = call.json()
    if "name" not in call.params:
        return data
    revision = call.one("revision")
    return {**data, "model": f"{call.params['ns']}/{call.params['name']}{f'@{revision}' if revision else ''}"}


async def _shaped(call: Call, tell: Tell) -> Response:
    """The answer, errors in the words of the OpenAI API."""
    try:
        await call.read(LARGEST_BODY)
        return await tell(call)
    except HubError as error:
        return json_answer(wire.error(error), status=error.http_status, headers=error.headers)


def _row(path: str, summary: str, stream: StreamAnswer, returns: str) -> Row:
    return Row(
        "POST",
        path,
        None,
        summary,
        audience="reader",
        body="json",
        returns=returns,
        refuses=REFUSALS,
        limit=LARGEST_BODY,
        stream=stream,
    )


def lifetime(begin: Callable[[], None], end: Callable[[], None]) -> Callable[[], AbstractAsyncContextManager[None]]:
    """What a server does when it starts and when it stops."""

    @asynccontextmanager
    async def life() -> AsyncIterator[None]:
        await anyio.to_thread.run_sync(begin)
        try:
            yield
        finally:
            await anyio.to_thread.run_sync(end)

    return life
