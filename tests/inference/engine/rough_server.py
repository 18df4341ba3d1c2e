"""A server of the OpenAI API with manners that tests choose, by the model's name that it is asked for."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

METRICS = """# HELP vllm:num_requests_running Requests
vllm:num_requests_running{engine="0",model_name="behind"} 3.0
vllm:num_requests_waiting{engine="0",model_name="behind"} 2.0
vllm:kv_cache_usage_perc{engine="0",model_name="behind"} 0.25
vllm:num_requests_running{engine="0",model_name="another"} 50.0
"""
USAGE = {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9}


class RoughServer(ThreadingHTTPServer):
    """`manners` is how it behaves, `heard` what it was asked, `closed` whether its last caller hung up."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.manners = "good"
        self.heard: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.connections = 0
        self.closed = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers hang up on purpose here."""


class _Asked(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: RoughServer

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def log_message(self, *_: Any) -> None:
        """Tests say enough themselves."""

    def do_GET(self) -> None:
        if self.path == "/metrics" and self.server.manners != "plain":
            self._whole(200, METRICS.encode(), "text/plain")
        elif self.path == "/v1/models":
            self._json(200, {"data": [{"id": "behind", "max_model_len": 4096}]})
        else:
            self._json(404, {"detail": "Not Found"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.heard.append({"path": self.path, **body})
        self.server.keys.append(self.headers.get("authorization"))
        getattr(self, f"_{self.server.manners}")(body)

    def _good(self, body: dict[str, Any]) -> None:
        if self.path != "/v1/chat/completions":
            self._json(404, {"detail": "Not Found"})
        elif body.get("stream"):
            self._stream([_chunk("你"), _chunk("好", "stop"), {"model": "behind", "choices": [], "usage": USAGE}, None])
        else:
            self._json(200, {"model": "behind", "choices": [_choice(message={"content": "hello"})], "usage": USAGE})

    _plain = _good

    def _busy(self, body: dict[str, Any]) -> None:
        self._json(429, {"error": {"message": "behind is busy", "code": "busy"}}, {"retry-after": "3"})

    def _locked(self, body: dict[str, Any]) -> None:
        self._json(401, {"error": {"message": "wrong key sk-secret"}})

    def _broken(self, body: dict[str, Any]) -> None:
        self._json(500, {"error": {"message": "out of memory"}})

    def _elsewhere(self, body: dict[str, Any]) -> None:
        self._whole(302, b"", "text/plain", {"location": "http://127.0.0.1:9/"})

    def _rubbish(self, body: dict[str, Any]) -> None:
        self._whole(200, b"data: <html>\xff\n\n", "text/event-stream" if body.get("stream") else "application/json")

    def _foreign(self, body: dict[str, Any]) -> None:
        self.wfile.write(b"SSH-2.0-OpenSSH\r\n" * 3)
        self.close_connection = True

    def _dying(self, body: dict[str, Any]) -> None:
        self._head("text/event-stream")
        self._piece(_event(_chunk("half")))
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def _short(self, body: dict[str, Any]) -> None:
        self._stream([_chunk("half")])

    def _failing(self, body: dict[str, Any]) -> None:
        self._stream([_chunk("half"), {"error": {"message": "the engine died", "code": 500}}, None])

    def _endless(self, body: dict[str, Any]) -> None:
        self._head("text/event-stream" if body.get("stream") else "application/json")
        try:
            while True:
                self._piece(b"x" * (1 << 20) if not body.get("stream") else _event(_chunk("x" * (1 << 20))))
        except OSError:
            self.server.closed.set()

    def _slow(self, body: dict[str, Any]) -> None:
        self._head("text/event-stream")
        try:
            while True:
                self._piece(_event(_chunk("tick")))
                time.sleep(0.05)
        except OSError:
            self.server.closed.set()

    def _silent(self, body: dict[str, Any]) -> None:
        self.connection.settimeout(30)
        if self.connection.recv(1) == b"":
            self.server.closed.set()
        self.close_connection = True

    def _json(self, status: int, data: Any, headers: dict[str, str] | None = None) -> None:
        self._whole(status, json.dumps(data).encode(), "application/json", headers)

    def _whole(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"content-type": kind, "content-length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _head(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def _piece(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))

    def _stream(self, events: list[Any]) -> None:
        self._head("text/event-stream; charset=utf-8")
        for one in events:
            text = _event(one) if one is not None else b"data: [DONE]\n\n"
            self._piece(text[:9])  # pieces end where they like
            self._piece(text[9:])
        self._piece(b"")


def _event(data: Any) -> bytes:
    return b"data: " + json.dumps(data).encode() + b"\r\n\r\n"


def _choice(finish: str | None = "stop", **more: Any) -> dict[str, Any]:
    return {"index": 0, "finish_reason": finish, **more}


def _chunk(text: str, finish: str | None = None) -> dict[str, Any]:
    return {"model": "behind", "choices": [_choice(finish, delta={"content": text})]}


@contextmanager
def running() -> Iterator[RoughServer]:
    with RoughServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
