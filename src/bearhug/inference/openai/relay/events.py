"""Answers of a server behind this hub on their way to callers: the model's name, the tokens, the end."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bearhug.base.errors import BadRequest, NotReady
from bearhug.inference.openai import wire
from bearhug.inference.openai.fields import Fields
from bearhug.inference.openai.records import Streaming
from bearhug.inference.workers.records import Piece

LARGEST_EVENT = 8 << 20
EVENTS = "text/event-stream"


def order(path: str, body: Mapping[str, Any]) -> tuple[dict[str, Any], Streaming | None]:
    """What the worker is told, and how the answer streams. Tokens are always asked for, so that they can be counted."""
    fields = Fields(body)
    options = fields.mapping("stream_options")
    streaming = Streaming(usage=Fields(options).flag("include_usage")) if fields.flag("stream") else None
    sent = {name: value for name, value in body.items() if name != "stream_options"}
    if streaming is not None:
        sent["stream_options"] = {**options, "include_usage": True}
    return {"do": "forward", "path": path, "body": sent}, streaming


def begun(piece: Piece, *, streams: bool) -> None:
    """Look at the head of an answer. Raises NotReady where it is not what was asked for."""
    kind = str(piece.data.get("type", "")).lower()
    if piece.data["status"] == 200 and (kind.startswith(EVENTS) is not streams):
        raise NotReady(
            f"The server behind this model answered with {kind[:100] or 'nothing'}, which was not asked for."
        )


class Relay:
    """One answer, with the model's name as the caller knows it. `failed`: the server told of an error in mid-stream."""

    def __init__(self, model: str, *, tells_usage: bool = False) -> None:
        self._model = model
        self._tells_usage = tells_usage
        self._rest = b""
        self._data: list[bytes] = []
        self._length = 0
        self._ended = False
        self.failed = False

    def whole(self, raw: bytes) -> Any:
        """The body of an answer that comes at once."""
        return self._renamed(_parsed(raw))

    def feed(self, raw: bytes) -> bytes:
        """The events that are complete now, as callers get them."""
        *lines, self._rest = (self._rest + raw).split(b"\n")
        events = b"".join(event for line in lines for event in self._line(line.removesuffix(b"\r")))
        if len(self._rest) + self._length > LARGEST_EVENT:
            raise NotReady("The server behind this model sent an event that is too large.")
        return events

    def finish(self) -> None:
        """Raises NotReady where the answer ended before its end."""
        if not self._ended:
            raise NotReady("The server behind this model broke off before its answer was whole.")

    def _line(self, line: bytes) -> Iterator[bytes]:
        if line.startswith(b"data:"):
            self._data.append(line[5:].removeprefix(b" "))
            self._length += len(line)
        elif not line and self._data:
            data, self._data, self._length = b"\n".join(self._data), [], 0
            yield from self._event(data)

    def _event(self, data: bytes) -> Iterator[bytes]:
        if data == b"[DONE]":
            self._ended = True
            return
        found = self._renamed(_parsed(data))
        choices = found.get("choices")
        self.failed = self.failed or "error" in found
        for choice in choices if isinstance(choices, list) else ():
            self._ended = self._ended or (isinstance(choice, dict) and choice.get("finish_reason") is not None)
        if "usage" in found and not self._tells_usage:
            del found["usage"]
            if not choices:
                return  # the chunk that only counts, which the caller did not ask for
        yield wire.event(found)

    def _renamed(self, found: dict[str, Any]) -> dict[str, Any]:
        if "model" in found:
            found["model"] = self._model
        return found


def named(body: Any) -> str:
    """The model that a request names."""
    if not isinstance(body, dict):
        raise BadRequest("The request must be a JSON object.")
    name = Fields(body).text("model")
    if not name:
        raise BadRequest('"model" must name a model of this hub, as owner/name.', param="model")
    return name


def _parsed(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NotReady("The server behind this model answered something that is not JSON.")
    return found
