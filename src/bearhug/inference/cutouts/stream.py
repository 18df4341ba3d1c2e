"""The async edge of cutting out: pictures come in as a form, and go back as they get ready."""

from dataclasses import dataclass
from functools import partial
from tempfile import SpooledTemporaryFile
from zipfile import ZipFile

import anyio
from starlette.formparsers import MultiPartException
from starlette.responses import Response

from bearhug.base.errors import BadRequest, HubError, TooLarge, Unprocessable
from bearhug.base.http.answers import disposition
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.inference.cutouts.pages import LARGEST, MOST_AT_ONCE, PATH, CutoutPages
from bearhug.inference.cutouts.records import Cut, Sent
from bearhug.inference.cutouts.service import TASK, Cutouts
from bearhug.inference.run.stream import BUSY, REFUSALS, outcome
from bearhug.inference.usage.asking import asker
from bearhug.inference.usage.ledger import Ledger
from bearhug.inference.workers.records import Plan

LARGEST_PAGE = 12 << 20
"""Bytes of pictures that a page may hold; more come back as files."""
LARGEST_ANSWER = 128 << 20
OF_PICTURES = (BadRequest, TooLarge, Unprocessable)
"""What may be wrong with one picture and not with the next."""
FORM_ROOM = 1 << 20
"""Bytes of a form around its pictures."""


@dataclass(frozen=True)
class CutoutStream:
    """POST pictures, get them back without their background."""

    cutouts: Cutouts
    pages: CutoutPages
    who: Who
    ledger: Ledger

    def rows(self) -> list[Row]:
        """The form of the page."""
        return [
            Row(
                "POST",
                PATH,
                None,
                "Remove the background of pictures",
                body="form",
                page=True,
                returns="HTML; one PNG with `x-fragment: cutout`; files where pages would get too large",
                refuses=(*REFUSALS, *BUSY),
                limit=LARGEST + FORM_ROOM,
                stream=self.cut,
            )
        ]

    async def cut(self, call: Call) -> Response:
        """All pictures of the form, one after another."""
        alone = call.header("x-fragment") == "cutout"
        model: str | None = None
        try:
            model, sent = await _form(call)
            plan = await anyio.to_thread.run_sync(lambda: self.cutouts.plan(self.who(call), model))
            cuts = [await self._one(call, plan, sent[0])] if alone else await self._each(call, plan, sent)
        except HubError as error:
            told = partial(self.pages.problem, call, error.message, error.http_status)
            page = partial(self.pages.show, call, model, (), error=error.message, status=error.http_status)
            return await anyio.to_thread.run_sync(told if alone else page)
        if alone:
            return Response(cuts[0].png, 200, {"cache-control": "no-store"}, "image/png")
        if sum(len(one.png) for one in cuts) > LARGEST_PAGE:
            return await anyio.to_thread.run_sync(_as_files, cuts)
        return await anyio.to_thread.run_sync(self.pages.show, call, model, cuts)

    async def _each(self, call: Call, plan: Plan, sent: list[Sent]) -> list[Cut]:
        """What came of each picture; what is wrong with one does not touch the others."""
        cuts: list[Cut] = []
        room = LARGEST_ANSWER
        for one in sent:
            if room <= 0:
                cuts.append(Cut(one, error="The pictures before this one fill the answer. Send fewer at once."))
                continue
            try:
                made = await self._one(call, plan, one)
            except OF_PICTURES as error:
                made = Cut(one, error=error.message)
            room -= len(made.png)
            cuts.append(made)
        return cuts

    async def _one(self, call: Call, plan: Plan, sent: Sent) -> Cut:
        with await anyio.to_thread.run_sync(self.ledger.begin, asker(self.who(call), call), plan.label, TASK):
            [piece] = await outcome(self.cutouts.workers, call, plan, {"parameters": {}}, sent.data)
        return Cut(sent, piece.blob)


async def _form(call: Call) -> tuple[str | None, list[Sent]]:
    """The model that was chosen and the pictures that were sent."""
    declared = call.header("content-length")
    if not declared.isdigit() or int(declared) > LARGEST + FORM_ROOM:
        raise TooLarge(f"All pictures of a form together may have at most {LARGEST >> 20} MiB.")
    model, sent = None, []
    try:
        async with call.request.form(max_files=MOST_AT_ONCE, max_fields=4, max_part_size=1000) as form:
            for name, value in form.multi_items():
                if isinstance(value, str):
                    model = value if name == "model" and value else model
                elif value.filename:
                    sent.append(Sent(value.filename, value.content_type or "", await value.read()))
    except MultiPartException as error:
        raise BadRequest(f"The form is not well formed, or holds more than {MOST_AT_ONCE} pictures.") from error
    if not sent:
        raise BadRequest("Choose a picture first.")
    return model, sent


def _as_files(cuts: list[Cut]) -> Response:
    """One PNG, or a ZIP with all of them and with what went wrong."""
    if len(cuts) == 1:
        return _attached(cuts[0].png, cuts[0].sent.cut_name, "image/png")
    with SpooledTemporaryFile(max_size=LARGEST_PAGE) as file:
        with ZipFile(file, "w") as archive:
            for number, one in enumerate(cuts, 1):
                name = f"{number:02}-{one.sent.cut_name}"
                archive.writestr(name if one.png else f"{name}.txt", one.png or one.error)
        file.seek(0)
        return _attached(file.read(), "cutouts.zip", "application/zip")


def _attached(data: bytes, name: str, kind: str) -> Response:
    headers = {"content-disposition": disposition(name, inline=False), "cache-control": "no-store"}
    return Response(data, 200, headers, kind)
