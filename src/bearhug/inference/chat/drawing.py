"""Answers of the API as turns, and what the reader's own page tells of an answer that it watched come."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from bearhug.base.errors import BadRequest
from bearhug.inference.chat.forms import LONGEST_TURN
from bearhug.inference.chat.records import Figures, Token, Trouble, Turn

MOST_TOKENS = 4_000
MOST_OTHERS = 8
LONGEST_TOKEN = 200
LONGEST_TROUBLE = 1_000


def turn(answer: Mapping[str, Any], seconds: float) -> Turn:
    """The first choice of an answer of /v1/chat/completions or /v1/completions."""
    choice, usage = answer["choices"][0], answer["usage"]
    text = choice["message"]["content"] if "message" in choice else choice["text"]
    figures = Figures(usage["prompt_tokens"], usage["completion_tokens"], seconds)
    return Turn("assistant", text or "", figures, tokens(choice.get("logprobs")), choice["finish_reason"] or "")


def tokens(logprobs: Mapping[str, Any] | None) -> tuple[Token, ...]:
    """Both forms in which probabilities come: a list of objects, or columns."""
    if not logprobs:
        return ()
    listed = logprobs.get("content")
    if listed is not None:
        return tuple(_token(one) for one in listed[:MOST_TOKENS])
    columns = zip(logprobs["tokens"], logprobs["token_logprobs"], logprobs["top_logprobs"], strict=True)
    rows = [
        {"token": token, "logprob": value, "top": [{"token": other, "logprob": top[other]} for other in top]}
        for token, value, top in columns
    ]
    return tuple(_token(one) for one in rows[:MOST_TOKENS])


def _token(one: Mapping[str, Any]) -> Token:
    text = text_of(one.get("token"), LONGEST_TOKEN)
    top = one.get("top_logprobs", one.get("top"))
    listed = [other for other in top if isinstance(other, Mapping)] if isinstance(top, list) else []
    others = [(text_of(other.get("token"), LONGEST_TOKEN), _share(other.get("logprob"))) for other in listed]
    kept = sorted((other for other in others if other[0] != text), key=lambda other: -other[1])
    return Token(text, _share(one.get("logprob")), tuple(kept[:MOST_OTHERS]))


def watched(said: Mapping[str, Any]) -> Turn:
    """What a page tells of an answer; nothing in it is believed but shown to whoever sent it."""
    by = "assistant" if said.get("by") != "user" else "user"
    listed = said.get("tokens")
    rows = [one for one in listed[:MOST_TOKENS] if isinstance(one, Mapping)] if isinstance(listed, list) else []
    figures = None
    if by == "assistant" and said.get("completion") is not None:
        first = _number(said["first"]) if said.get("first") is not None else None
        counts = int(_number(said.get("prompt"))), int(_number(said["completion"]))
        figures = Figures(*counts, _number(said.get("seconds")), first)
    text = text_of(said.get("text"), LONGEST_TURN)
    return Turn(
        "user" if by == "user" else "assistant",
        text,
        figures,
        tuple(map(_token, rows)),
        text_of(said.get("finish"), 40),
    )


def trouble(said: Mapping[str, Any]) -> Trouble:
    """What a page was answered instead."""
    wait = said.get("wait")
    message = (
        text_of(said.get("message"), LONGEST_TROUBLE) or "Something went wrong on this hub. The log has the details."
    )
    return Trouble(message, int(_number(said.get("status"))), int(_number(wait)) if wait is not None else None)


def place_of(said: Mapping[str, Any]) -> int:
    """Which turn of the conversation it is."""
    return int(_number(said.get("place")))


def form_of(said: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """The fields of a form that a page sends as an object."""
    found = said.get("form")
    if not isinstance(found, Mapping):
        raise BadRequest('"form" must be an object.')
    return {str(name): [text_of(value, LONGEST_TURN)] for name, value in found.items() if isinstance(value, str)}


def _share(logprob: Any) -> float:
    value = _number(logprob, default=-math.inf)
    return math.exp(min(value, 0.0))


def _number(value: Any, default: float = 0.0) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and abs(value) < 1 << 53 else default


def text_of(value: Any, most: int) -> str:
    """A text that can be written as UTF-8."""
    return value[:most].encode("utf-8", "replace").decode() if isinstance(value, str) else ""
