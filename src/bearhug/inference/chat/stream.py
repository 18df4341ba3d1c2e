"""The forms of conversations, sent by pages without script: the answer is waited for, then the page is drawn."""

import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import anyio
from starlette.responses import Response

from bearhug.base.errors import HubError
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row, StreamAnswer
from bearhug.hub.repo_pages.records import Band
from bearhug.inference.chat import drawing, forms
from bearhug.inference.chat.pages import COMPARED, LONGEST_NAME, PATH, WITH, ChatPages
from bearhug.inference.chat.records import Body, Side, Talk, Trouble, Turn
from bearhug.inference.chat.service import CONVERSATIONAL, mode_of
from bearhug.inference.openai.stream import OpenAiStream

MOST_TOKENS = 400
"""Tokens that a page waits for, where nothing else is asked."""


class ChatStream:
    """POST a turn, get the page with the answer in it."""

    def __init__(self, pages: ChatPages, speech: OpenAiStream) -> None:
        self._pages = pages
        self._speech = speech

    def rows(self) -> list[Row]:
        return [
            _row(PATH, "Say something to a model, on its page", self.say),
            _row(WITH, "Say something to a deployment, on its page", self.say_to),
            _row(COMPARED, "Ask two models the same, on their page", self.compare),
        ]

    async def say(self, call: Call) -> Response:
        return await self._said(call, await anyio.to_thread.run_sync(self._pages.band, call))

    async def say_to(self, call: Call) -> Response:
        return await self._said(call, None)

    async def _said(self, call: Call, band: Band | None) -> Response:
        await call.read(forms.LARGEST_FORM)
        form = call.form()
        model, do = _one(form, "model"), _one(form, "do") or "send"
        if band is not None and model.partition("@")[0] != band.repo.full_name:
            model = band.repo.full_name
        talk = forms.talk(form)
        if mode_of(band.facts if band is not None else {"tags": [CONVERSATIONAL]}, _one(form, "mode")) == "text":
            return await self._go_on(call, band, model, talk)
        talk, trouble = forms.told(talk, do), None
        if forms.wants_answer(talk, do):
            answer, trouble = await self._answer(call, partial(forms.conversation, model, talk))
            if answer is not None:
                talk = replace(talk, turns=(*talk.turns, answer))
            else:
                talk = replace(talk, turns=talk.turns[:-1], draft=talk.turns[-1].text)
        return await anyio.to_thread.run_sync(self._pages.talk, call, band, talk, trouble)

    async def _go_on(self, call: Call, band: Band | None, model: str, talk: Talk) -> Response:
        """The page with the text and what the model wrote behind it."""
        if _one(call.form(), "do") == "new":
            return await anyio.to_thread.run_sync(self._pages.talk, call, band, replace(talk, draft=""))
        answer, trouble = await self._answer(call, partial(forms.continuation, model, talk.draft, talk.values))
        if answer is not None:
            talk = replace(talk, turns=(Turn("user", talk.draft),), draft=talk.draft + answer.text)
        return await anyio.to_thread.run_sync(self._pages.talk, call, band, talk, trouble, answer)

    async def compare(self, call: Call) -> Response:
        await call.read(forms.LARGEST_FORM)
        form = call.form()
        names = [name.strip()[:LONGEST_NAME] for name in form.get("model", ())[:2]]
        found = forms.talk(form)
        sides = [Side(name) for name in names]
        for at, name in enumerate(names):
            if name and found.draft.strip():
                sides[at] = await self._side(call, name, found)
        return await anyio.to_thread.run_sync(self._pages.sides, call, found, sides)

    async def _side(self, call: Call, model: str, found: Talk) -> Side:
        mode = await anyio.to_thread.run_sync(self._pages.mode, call, model)
        asked = replace(found, turns=(Turn("user", found.draft),))
        make = partial(forms.conversation, model, asked)
        if mode == "text":
            make = partial(forms.continuation, model, found.draft, found.values)
        return Side(model, *await self._answer(call, make))

    async def _answer(self, call: Call, make: "partial[Body]") -> tuple[Turn | None, Trouble | None]:
        """The turn of the model, or why there is none."""
        began = time.monotonic()
        try:
            body = make()
            if "max_tokens" not in body:
                body = {**body, "max_tokens": max(min(MOST_TOKENS, await self._speech.room(call, body)), 1)}
            answer = await self._speech.whole(call, body)
            return drawing.turn(answer, time.monotonic() - began), None
        except HubError as error:
            wait = error.headers.get("retry-after", "")
            return None, Trouble(error.message, error.http_status, int(wait) if wait.isdecimal() else None)


def _one(form: Mapping[str, list[str]], name: str) -> str:
    return next(iter(form.get(name, ())), "")[:LONGEST_NAME]


def _row(path: str, summary: str, stream: StreamAnswer) -> Row:
    return Row(
        "POST",
        path,
        None,
        summary,
        audience="reader",
        body="form",
        page=True,
        returns="HTML",
        limit=forms.LARGEST_FORM,
        stream=stream,
    )
