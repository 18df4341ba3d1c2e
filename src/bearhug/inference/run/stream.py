"""The async edge of running models: bodies of pictures, callers who leave, models that are still loading."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import ExitStack, aclosing
from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio
from starlette.formparsers import MultiPartException
from starlette.responses import Response, StreamingResponse

from bearhug.base.errors import (
    BadRequest,
    Forbidden,
    GatedRepo,
    HubError,
    NotFound,
    NotReady,
    RepoNotFound,
    RevisionNotFound,
    TooLarge,
    TooManyRequests,
    Unprocessable,
)
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row, StreamAnswer
from bearhug.hub.access.who import Who
from bearhug.hub.repo_pages.records import Band
from bearhug.hub.repos.records import RepoName
from bearhug.inference.run import forms, showing, wire
from bearhug.inference.run.pages import PATH, WidgetPages
from bearhug.inference.run.service import Runs
from bearhug.inference.usage.asking import asker
from bearhug.inference.usage.ledger import Cost, Ledger
from bearhug.inference.workers.records import End, Piece, Plan, State
from bearhug.inference.workers.stream import answers
from bearhug.inference.workers.supervisor import Ticket, Workers

LARGEST_BODY = 64 << 20
PATIENCE = 120.0
"""Seconds that a caller waits for a model to load, unless it says otherwise."""
REFUSALS = (RepoNotFound, GatedRepo, RevisionNotFound, NotFound, BadRequest, Unprocessable, TooLarge)
BUSY = (NotReady, TooManyRequests, Forbidden)


@dataclass(frozen=True)
class RunStream:
    """POST a model's inputs, get its outputs."""

    runs: Runs
    who: Who
    ledger: Ledger

    def rows(self) -> list[Row]:
        return [
            _row("/models/{ns}/{name}", "Ask a model to do its task", self.model),
            _row("/models/{ns}/{name}/pipeline/{task}", "Ask a model to do one of several tasks", self.model),
            _row("/pipeline/{task}/{ns}/{name}", "Ask a model to do a task", self.model),
        ]

    async def model(self, call: Call) -> Response:
        plan, cost = await anyio.to_thread.run_sync(self._begin, call)
        with ExitStack() as kept:
            kept.enter_context(cost)
            await call.read(LARGEST_BODY)
            task = str(plan.options["task"])
            asked, blob = wire.question(call, task)
            if not wire.is_streamed(call, task):
                pieces = await outcome(self.runs.workers, call, plan, asked, blob, cost)
                return wire.answer(call, task, asked, pieces[0])
            spoken = answers(self.runs.workers, plan, [{**asked, "stream": True}], patience=_patience(call))
            _, first = await anext(spoken)  # what cannot begin is refused with its own status
            cost.prompt = first.data["prompt"]
            kept.pop_all()
        return StreamingResponse(_events(spoken, cost), 200, {"cache-control": "no-store"}, "text/event-stream")

    def _begin(self, call: Call) -> tuple[Plan, Cost]:
        actor, name = self.who(call), RepoName("model", call.params["ns"], call.params["name"])
        plan = self.runs.plan(actor, name, call.one("revision") or "main", call.params.get("task"))
        return plan, self.ledger.begin(asker(actor, call), plan.label, plan.options["task"])


@dataclass(frozen=True)
class WidgetStream:
    """The form of a model's page, sent: its answer and the steps that led there, as a page."""

    runs: Runs
    pages: WidgetPages
    ledger: Ledger

    def rows(self) -> list[Row]:
        return [
            Row(
                "POST",
                PATH,
                None,
                "Ask a model what its page's form says",
                audience="reader",
                body="bytes",
                page=True,
                returns="HTML",
                limit=LARGEST_BODY,
                stream=self.ask,
            )
        ]

    async def ask(self, call: Call) -> Response:
        band = await anyio.to_thread.run_sync(self.pages.band, call)
        form, blob = await _form(call)
        began = time.monotonic()
        told: dict[str, Any] = {"values": form}
        status = 200
        try:
            told |= await self._answer(call, band, form, blob)
            told["seconds"] = time.monotonic() - began
        except HubError as error:
            told["error"], status = error.message, error.http_status
        widget = self.pages.widget(band, **told)
        return await anyio.to_thread.run_sync(partial(self.pages.render, call, band, widget, status=status))

    async def _answer(self, call: Call, band: Band, form: dict[str, str], blob: bytes) -> dict[str, Any]:
        """What to draw, and the steps of tasks that can show them."""
        actor, repo = self.pages.frame.who(call), band.repo
        task = self.pages.widget(band).task
        name = RepoName("model", repo.owner, repo.name)
        plan = await anyio.to_thread.run_sync(self.runs.plan, actor, name, "main", task)
        asked = forms.asked(task, form)
        if not blob and form.get("src"):
            blob = await anyio.to_thread.run_sync(self.runs.example, actor, name, form["src"])
        with await anyio.to_thread.run_sync(self.ledger.begin, asker(actor, call), plan.label, task) as cost:
            [piece] = await outcome(self.runs.workers, call, plan, asked, blob, cost)
        found: dict[str, Any] = {"shown": showing.shown(task, asked, piece.data, piece.blob)}
        if task not in forms.SILENT:
            [steps] = await outcome(self.runs.workers, call, plan, {**asked, "explain": True}, b"")
            found["steps"] = steps.data
        return found


async def _events(spoken: AsyncGenerator[tuple[int, Piece], None], cost: Cost) -> AsyncGenerator[bytes, None]:
    """One event a token; an error in the middle is the last of them."""
    with cost:
        async with aclosing(spoken):
            try:
                async for _, piece in spoken:
                    cost.completion = piece.data["index"]
                    yield wire.event(piece.data)
            except HubError as error:
                cost.failed = True
                yield wire.event({"error": error.message, "error_type": type(error).__name__})


async def _form(call: Call) -> tuple[dict[str, str], bytes]:
    """The fields that were filled in, and the file if one was sent."""
    declared = call.header("content-length")
    if not declared.isdigit() or int(declared) > LARGEST_BODY:
        raise TooLarge(f"The form may hold at most {LARGEST_BODY >> 20} MiB.")
    fields: dict[str, str] = {}
    blob = b""
    try:
        async with call.request.form(max_files=1, max_fields=20, max_part_size=1 << 20) as form:
            for name, value in form.multi_items():
                if isinstance(value, str):
                    fields[name] = value
                else:
                    blob = await value.read()
    except MultiPartException as error:
        raise BadRequest("The form is not well formed.") from error
    return fields, blob


async def outcome(
    workers: Workers, call: Call, plan: Plan, asked: dict[str, Any], blob: bytes, cost: Cost | None = None
) -> list[Piece]:
    """All pieces of an answer; tokens are told to `cost`.

    The call is taken back when its caller leaves or loading takes too long.
    """
    loop, heard = asyncio.get_running_loop(), asyncio.Queue[Piece | End]()

    def listen(one: Piece | End) -> None:
        loop.call_soon_threadsafe(heard.put_nowait, one)

    submit = partial(workers.submit, plan, asked, listen, blob=blob)
    ticket = await anyio.to_thread.run_sync(submit)
    whole = False
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_watch, call, tasks.cancel_scope)
            tasks.start_soon(_hurry, ticket, _patience(call), heard)
            pieces, end = await _gather(heard)
            whole = True
            tasks.cancel_scope.cancel()
    finally:
        if not whole:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(ticket.leave)
    if not whole:
        raise BadRequest("The caller left.")
    if end.error is not None:
        raise end.error
    if cost is not None:
        cost.prompt, cost.completion = end.read, end.written
    return pieces


async def _gather(heard: "asyncio.Queue[Piece | End]") -> tuple[list[Piece], End]:
    pieces: list[Piece] = []
    while isinstance(one := await heard.get(), Piece):
        pieces.append(one)
    return pieces, one


async def _watch(call: Call, scope: anyio.CancelScope) -> None:
    """Ends the work when the caller hangs up."""
    while (await call.request.receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


async def _hurry(ticket: Ticket, patience: float, heard: "asyncio.Queue[Piece | End]") -> None:
    """Tells a caller whose patience ends how long the model still needs."""
    await anyio.sleep(patience)
    standing = await anyio.to_thread.run_sync(ticket.standing)
    if standing is not None and standing.state is State.LOADING:
        ticket.leave()
        heard.put_nowait(
            End(
                NotReady(
                    f"Model {ticket.plan.label} is currently loading",
                    headers={"retry-after": f"{standing.estimated:.0f}"},
                    estimated_time=round(standing.estimated, 1),
                )
            )
        )


def _patience(call: Call) -> float:
    """`x-wait-for-model` says true or false; others wait as long as people do."""
    said = call.header("x-wait-for-model").lower()
    if said == "true":
        return 3600.0
    return 0.0 if said == "false" else PATIENCE


def _row(path: str, summary: str, stream: StreamAnswer) -> Row:
    return Row(
        "POST",
        path,
        None,
        summary,
        audience="reader",
        body="bytes",
        returns="the task's output as JSON, or a picture",
        refuses=(*REFUSALS, *BUSY),
        limit=LARGEST_BODY,
        stream=stream,
    )
