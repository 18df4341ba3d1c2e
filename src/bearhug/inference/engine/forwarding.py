"""What the worker of a model behind another server runs: requests go on as they are, answers come back as they come."""

import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

from bearhug.base.errors import BadRequest, EntryNotFound, NotReady
from bearhug.inference.engine.behind import Answer, Behind
from bearhug.inference.engine.standing import Standing, standing
from bearhug.inference.workers.servant import Item, Order

PATHS = ("/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/tokenize", "/detokenize")
LAST_WORDS = 4096
PROMPT = re.compile(rb'(?<!\\)"prompt_tokens"\s*:\s*(\d{1,15})(?!\d)')
WRITTEN = re.compile(rb'(?<!\\)"completion_tokens"\s*:\s*(\d{1,15})(?!\d)')
LARGEST_ERROR = 1 << 20
LARGEST_METRICS = 8 << 20
LOOK_SECONDS = 5.0
FRESH_SECONDS = 1.0


class Forwarder:
    """Answers `{"do": "forward", "path", "body"}` with the head of the answer, then its bytes, then the tokens that it
    counts; and `{"do": "load"}`.

    `model` is what the server behind calls it.
    """

    def __init__(self, behind: Behind, model: str, engine: str) -> None:
        self._behind = behind
        self._model = model
        self._engine = engine
        self._lock = threading.Lock()
        self._running = 0
        self._context: int | None = None
        self._seen: tuple[float, Standing | None] = (0.0, None)

    def answer(self, order: Order) -> Iterator[Item]:
        match order.data.get("do"):
            case "forward":
                yield from self._forward(order.data["path"], order.data["body"], order.left)
            case "load":
                yield Item(self._told(order.left))
            case other:
                raise BadRequest(f"A server behind this hub cannot be asked to {other}.")

    def close(self) -> None:
        """Let go of the server behind."""
        self._behind.close()

    def _forward(self, path: str, body: Mapping[str, Any], left: threading.Event) -> Iterator[Item]:
        if path not in PATHS:
            raise BadRequest(f"Nothing is passed on to {path}.")
        asked = str(body.get("model"))
        sent = json.dumps({**body, "model": self._model}).encode()
        with self._lock:
            self._running += 1
        try:
            with self._behind.ask(path, sent, left=left) as answer:
                if answer.status != 200:
                    yield Item(self._refused(answer, path, asked))
                    return
                yield Item({"status": 200, "type": answer.headers.get("content-type", "")})
                end = b""
                for piece in answer.pieces():
                    end = (end + piece)[-LAST_WORDS:]
                    yield Item(None, piece)
                yield Item({"prompt": _last(PROMPT, end), "tokens": _last(WRITTEN, end)})
        finally:
            with self._lock:
                self._running -= 1

    def _refused(self, answer: Answer, path: str, asked: str) -> dict[str, Any]:
        """An error of the server behind: its own where the caller can mend it, else raised as ours."""
        status = answer.status
        if status in (401, 403):
            raise NotReady(
                "The server behind this model does not take the key of this deployment. Whoever keeps it must mend it."
            )
        told = _error(answer.text(LARGEST_ERROR))
        if status in (404, 405, 501) and told is None:
            raise EntryNotFound(f"The server behind this model has no {path}.")
        message = str((told or {}).get("message") or f"The server behind this model answered {status}.")
        message = message.replace(self._model, asked)
        if not 400 <= status < 500:
            raise NotReady(f"The server behind this model could not do this ({status}): {message[:500]}")
        error = {"type": "invalid_request_error", "param": None, "code": None, **(told or {}), "message": message}
        return {"status": status, "retry_after": answer.headers.get("retry-after"), "error": error}

    # load --------------------------------------------------------------------------------------------------

    def _told(self, left: threading.Event) -> dict[str, Any]:
        seen = self._standing(left)
        return {
            "engine": self._engine,
            "running": seen.running if seen is not None else self._running,
            "waiting": seen.waiting if seen is not None else 0,
            "cache": seen.cache if seen is not None else 0.0,
            "cache_bytes": 0,
            "context": self._context,
            "has_template": True,
        }

    def _standing(self, left: threading.Event) -> Standing | None:
        """What the server tells of itself in the words of vLLM, asked once a second at most; None where it does not."""
        now = time.monotonic()
        if now - self._seen[0] > FRESH_SECONDS:
            with self._behind.ask("/metrics", left=left, seconds=LOOK_SECONDS) as answer:
                text = answer.text(LARGEST_METRICS) if answer.status == 200 else b""
            self._seen = now, standing(text.decode("utf-8", "replace"), self._model)
            self._context = self._context or self._longest(left)
        return self._seen[1]

    def _longest(self, left: threading.Event) -> int | None:
        """The model's context as the server's list of models tells it."""
        with self._behind.ask("/v1/models", left=left, seconds=LOOK_SECONDS) as answer:
            found = _parsed(answer.text(LARGEST_ERROR)) if answer.status == 200 else None
        listed = found.get("data") if isinstance(found, dict) else None
        for one in listed if isinstance(listed, list) else []:
            if isinstance(one, dict) and one.get("id") == self._model and isinstance(one.get("max_model_len"), int):
                return int(one["max_model_len"])
        return None


class RemoteServant(Forwarder):
    """A model of any server that speaks the OpenAI API."""

    def __init__(self, url: str, api_key: str, model: str) -> None:
        super().__init__(Behind(url, api_key), model, "remote")


def _last(number: re.Pattern[bytes], end: bytes) -> int:
    """What an answer counts at its end; 0 where it does not."""
    found = number.findall(end)
    return int(found[-1]) if found else 0


def _error(raw: bytes) -> dict[str, Any] | None:
    """The error in an answer, as OpenAI writes it or as older servers do."""
    found = _parsed(raw)
    if not isinstance(found, dict):
        return None
    inner = found.get("error")
    if isinstance(inner, str):
        return {"message": inner}
    if isinstance(inner, dict):
        return inner
    return {"message": found["message"]} if isinstance(found.get("message"), str) else None


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
