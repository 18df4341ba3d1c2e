"""Files of requests: one line each in the form of OpenAI's batches, answers beside them, resumed where they ended.

Source: the OpenAI API reference, "Batch": input lines {custom_id, method, url, body}.
"""

import json
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bearhug.base.errors import BadRequest, HubError
from bearhug.inference.offline.speaker import Speaker, side_by_side
from bearhug.inference.openai import requests, wire
from bearhug.inference.openai.tally import Tally

LONGEST_LINE = 16 << 20
URLS = ("/v1/chat/completions", "/v1/completions")


@dataclass(frozen=True)
class Request:
    """One line of a batch."""

    custom_id: str
    url: str
    body: dict[str, Any]


class Batch:
    """Answers the requests of a file with models that are loaded here, `model` in place of those that lines name."""

    def __init__(self, load: Callable[[str], Speaker], model: str | None = None) -> None:
        self._load = load
        self._model = model
        self._loading = threading.Lock()
        self._loaded: dict[str, Speaker] = {}

    def run(self, source: Path, target: Path) -> Iterator[dict[str, Any]]:
        """Append an answer to `target` for every request that has none there yet; gives them as they get ready."""
        done = answered(target)
        left = [one for one in read(source) if one.custom_id not in done]
        left.sort(key=self._name)  # one model after the other
        with target.open("a", encoding="utf-8") as out:
            for _, told in side_by_side(self._answer, left):
                out.write(json.dumps(told, ensure_ascii=False) + "\n")
                out.flush()
                yield told

    def _name(self, request: Request) -> str:
        return self._model or str(request.body.get("model") or "")

    def _answer(self, request: Request) -> dict[str, Any]:
        try:
            status, body = 200, self._body(request)
        except HubError as error:
            status, body = error.http_status, wire.error(error)
        response = {"status_code": status, "request_id": uuid.uuid4().hex, "body": body}
        return {
            "id": f"batch_req_{uuid.uuid4().hex}",
            "custom_id": request.custom_id,
            "response": response,
            "error": None,
        }

    def _body(self, request: Request) -> dict[str, Any]:
        name = self._name(request)
        data = {**request.body, "model": name, "stream": False}
        is_chat = request.url == URLS[0]
        wishes = requests.chat(data) if is_chat else requests.completion(data)
        form = wire.Chat() if is_chat else wire.Completion(wishes.echo, wishes.count)
        tally, speaker = Tally(wire.Envelope(form, name), wishes), self._speaker(name)
        for place, order in enumerate(wishes.orders):
            for said in speaker.say(order):
                tally.hear(place, said)
        return tally.answer()

    def _speaker(self, name: str) -> Speaker:
        """The model's speaker; the one before it is let go."""
        with self._loading:
            if name not in self._loaded:
                self._loaded.clear()
                self._loaded[name] = self._load(name)
            return self._loaded[name]


def read(source: Path) -> Iterator[Request]:
    """The requests of a file. Raises BadRequest with the number of a line that is none."""
    seen: set[str] = set()
    with source.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                request = _parsed(line, number)
                if request.custom_id in seen:
                    raise BadRequest(
                        f'Line {number}: "{request.custom_id}" was there before; every line needs its own.'
                    )
                seen.add(request.custom_id)
                yield request


def answered(target: Path) -> set[str]:
    """The requests that have an answer already; a last line that was cut off is dropped."""
    if not target.exists():
        return set()
    lines = target.read_bytes().splitlines(keepends=True)
    if lines and not lines[-1].endswith(b"\n"):
        target.write_bytes(b"".join(lines[:-1]))
        lines.pop()
    return {json.loads(line)["custom_id"] for line in lines}


def _parsed(line: bytes, number: int) -> Request:
    if len(line) > LONGEST_LINE:
        raise BadRequest(f"Line {number} is longer than {LONGEST_LINE >> 20} MiB.")
    try:
        found = json.loads(line)
        request = Request(str(found["custom_id"]), found.get("url", URLS[0]), found["body"])
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise BadRequest(f"Line {number} is not of the form {{custom_id, url, body}}.") from error
    if request.url not in URLS or not isinstance(request.body, dict):
        raise BadRequest(f"Line {number}: url must be one of {', '.join(URLS)}, and body an object.")
    return request
