"""Answers as the OpenAI API writes them: whole, and in pieces."""

import base64
import json
import math
import sys
import time
import uuid
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bearhug.base.errors import HubError
from bearhug.inference.openai.records import Embedding, Usage

KINDS = {400: "invalid_request_error", 401: "authentication_error", 403: "permission_error", 404: "not_found_error"}
CODES = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}
DONE = b"data: [DONE]\n\n"
Json = dict[str, Any]


def error(found: HubError) -> Json:
    """An error in the words of the OpenAI API."""
    status = found.http_status
    kind = KINDS.get(status, "invalid_request_error" if status < 500 else "server_error")
    told = {key: value for key, value in found.fields.items() if key != "param"}
    shaped = {"message": found.message, "type": kind, "param": found.fields.get("param"), "code": CODES.get(status)}
    return {"error": {**shaped, **told}}


def event(data: Any) -> bytes:
    """One event of a stream."""
    return b"data: " + json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode() + b"\n\n"


@dataclass
class Choice:
    """One choice of an answer while it grows."""

    index: int
    text: str = ""
    finish: str | None = None
    stopped_by: str | None = None
    logprobs: list[Json] = field(default_factory=list)
    calls: list[Json] = field(default_factory=list)

    def add(self, said: Mapping[str, Any]) -> None:
        self.text += said["text"]
        self.logprobs += said.get("logprobs", ())
        self.finish = said.get("finish", self.finish)
        self.stopped_by = said.get("stopped_by", self.stopped_by)
        self.calls += (_call(call) for call in said.get("calls", ()))


class Chat:
    """The form of /v1/chat/completions."""

    whole, piece, prefix = "chat.completion", "chat.completion.chunk", "chatcmpl-"

    def choice(self, found: Choice) -> Json:
        message: Json = {"role": "assistant", "content": found.text or None if found.calls else found.text}
        if found.calls:
            message["tool_calls"] = found.calls
        logprobs = {"content": [_likely(one) for one in found.logprobs]} if found.logprobs else None
        return {"index": found.index, "message": message, "logprobs": logprobs, "finish_reason": found.finish}

    def first(self, index: int) -> Json | None:
        delta = {"role": "assistant", "content": ""}
        return {"index": index, "delta": delta, "logprobs": None, "finish_reason": None}

    def part(self, index: int, said: Mapping[str, Any], _offset: int) -> Json:
        delta: Json = {"content": said["text"]} if said["text"] else {}
        if said.get("calls"):
            delta["tool_calls"] = [{"index": place, **_call(call)} for place, call in enumerate(said["calls"])]
        found = said.get("logprobs")
        logprobs = {"content": [_likely(one) for one in found]} if found else None
        return {"index": index, "delta": delta, "logprobs": logprobs, "finish_reason": said.get("finish")}


class Completion:
    """The form of /v1/completions; `echo` are the prompts that choices begin with."""

    whole = piece = "text_completion"
    prefix = "cmpl-"

    def __init__(self, echo: tuple[str, ...] = (), count: int = 1) -> None:
        self._echo, self._count = echo, count

    def choice(self, found: Choice) -> Json:
        start = self._start(found.index)
        logprobs = _columns(found.logprobs, len(start)) if found.logprobs else None
        text = start + found.text
        return {"index": found.index, "text": text, "logprobs": logprobs, "finish_reason": found.finish}

    def first(self, index: int) -> Json | None:
        start = self._start(index)
        return {"index": index, "text": start, "logprobs": None, "finish_reason": None} if start else None

    def part(self, index: int, said: Mapping[str, Any], offset: int) -> Json:
        found = said.get("logprobs")
        logprobs = _columns(found, offset) if found else None
        return {"index": index, "text": said["text"], "logprobs": logprobs, "finish_reason": said.get("finish")}

    def _start(self, index: int) -> str:
        return self._echo[index // self._count] if self._echo else ""


@dataclass(frozen=True)
class Envelope:
    """What stands around choices: the same id and time on every piece."""

    form: Chat | Completion
    model: str
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    created: int = field(default_factory=lambda: int(time.time()))

    def answer(self, choices: list[Choice], usage: Usage) -> Json:
        return self._around(self.form.whole, [self.form.choice(one) for one in choices], usage.to_json())

    def chunk(self, choices: list[Json], usage: Usage | None = None) -> Json:
        return self._around(self.form.piece, choices, usage.to_json() if usage is not None else None)

    def _around(self, kind: str, choices: list[Json], usage: Json | None) -> Json:
        head = {"id": f"{self.form.prefix}{self.id}", "object": kind, "created": self.created, "model": self.model}
        return {**head, "choices": choices, **({"usage": usage} if usage is not None else {})}


def _call(found: Mapping[str, str]) -> Json:
    function = {"name": found["name"], "arguments": found["arguments"]}
    return {"id": f"call_{uuid.uuid4().hex[:24]}", "type": "function", "function": function}


def _likely(one: Mapping[str, Any]) -> Json:
    return {**_token(one), "top_logprobs": [_token(other) for other in one["top"]]}


def _token(one: Mapping[str, Any]) -> Json:
    return {"token": one["token"], "logprob": one["logprob"], "bytes": list(one["token"].encode())}


def _columns(found: list[Json], offset: int) -> Json:
    """Token probabilities as the older API lists them, each kind in a list of its own."""
    offsets, at = [], offset
    for one in found:
        offsets.append(at)
        at += len(one["token"])
    top = [{other["token"]: other["logprob"] for other in (*one["top"], one)} for one in found]
    return {
        "tokens": [one["token"] for one in found],
        "token_logprobs": [one["logprob"] for one in found],
        "top_logprobs": top,
        "text_offset": offsets,
    }


def embeddings(wishes: Embedding, tokens: int, size: int, raw: bytes) -> Json:
    """The answer of /v1/embeddings out of float32 vectors of `size` numbers, side by side in `raw`."""
    vectors = [_vector(raw[at : at + 4 * size], wishes.size) for at in range(0, len(raw), 4 * size)]
    data = [
        {"object": "embedding", "index": index, "embedding": _packed(one) if wishes.as_bytes else list(one)}
        for index, one in enumerate(vectors)
    ]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "data": data, "model": wishes.model, "usage": usage}


def _vector(raw: bytes, wanted: int | None) -> "array[float]":
    vector = array("f", raw)
    if sys.byteorder == "big":
        vector.byteswap()
    if wanted is None or wanted >= len(vector):
        return vector
    length = math.hypot(*vector[:wanted]) or 1.0
    return array("f", (value / length for value in vector[:wanted]))


def _packed(vector: "array[float]") -> str:
    return base64.b64encode(vector.tobytes()).decode()
