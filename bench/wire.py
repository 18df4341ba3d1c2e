"""A small HTTP client over one kept connection, so cheap that the server is what is measured."""

import json
import socket
from pathlib import Path
from typing import Any, Self

BLOCK = 1 << 20
Headers = dict[str, str]


class Answer:
    """Status, headers in lower case, and the body; of a drained body only its length."""

    def __init__(self, status: int, headers: Headers, body: bytes, length: int) -> None:
        self.status = status
        self.headers = headers
        self.body = body
        self.length = length

    def json(self) -> Any:
        return json.loads(self.body)

    def good(self) -> Self:
        if self.status >= 300:
            raise RuntimeError(f"{self.status}: {self.body[:500]!r}")
        return self


class Connection:
    """Requests one after another; `token` goes with each."""

    def __init__(self, port: int, token: str | None = None) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=600)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._common = {"Host": f"127.0.0.1:{port}", "User-Agent": "bench", "Accept": "*/*"}
        if token:
            self._common["Authorization"] = f"Bearer {token}"

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers)

    def post(self, path: str, value: object, media_type: str = "application/json") -> Answer:
        return self.ask("POST", path, {"Content-Type": media_type}, json.dumps(value).encode())

    def ask(self, method: str, path: str, headers: Headers | None = None, body: bytes = b"") -> Answer:
        fields = {**(headers or {}), "Content-Length": str(len(body))} if body else headers or {}
        self._socket.sendall(self._head(method, path, fields) + body)
        return self._answer(method, drain=False)

    def drain(self, path: str, headers: Headers | None = None) -> Answer:
        """Download and throw away."""
        self._socket.sendall(self._head("GET", path, headers or {}))
        return self._answer("GET", drain=True)

    def put_file(self, path: str, file: Path, headers: Headers) -> Answer:
        size = file.stat().st_size
        self._socket.sendall(self._head("PUT", path, {**headers, "Content-Length": str(size)}))
        with file.open("rb") as source:
            self._socket.sendfile(source)
        return self._answer("PUT", drain=False)

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _head(self, method: str, path: str, headers: Headers) -> bytes:
        given = {name.lower() for name in headers}
        fields = {**{name: value for name, value in self._common.items() if name.lower() not in given}, **headers}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
        return "\r\n".join(lines).encode()

    def _answer(self, method: str, *, drain: bool) -> Answer:
        received = bytearray()
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._some()
        head, rest = received[:end].decode("latin-1"), bytes(received[end + 4 :])
        status = int(head[9:12])
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head.split("\r\n"))
        }
        if method == "HEAD" or status in (204, 304):
            return Answer(status, headers, b"", 0)
        if "content-length" not in headers:
            body = self._chunks(rest)
            return Answer(status, headers, body, len(body))
        length = int(headers["content-length"])
        return Answer(status, headers, self._body(rest, length, drain=drain), length)

    def _body(self, start: bytes, length: int, *, drain: bool) -> bytes:
        left = length - len(start)
        if drain:
            buffer = bytearray(BLOCK)
            while left:
                left -= self._socket.recv_into(buffer, min(BLOCK, left)) or self._cut()
            return b""
        body = bytearray(start)
        while len(body) < length:
            body += self._some()
        return bytes(body)

    def _chunks(self, start: bytes) -> bytes:
        buffer, body = bytearray(start), bytearray()
        while True:
            while (end := buffer.find(b"\r\n")) < 0:
                buffer += self._some()
            size = int(bytes(buffer[:end]), 16)
            while len(buffer) < end + size + 4:
                buffer += self._some()
            body += buffer[end + 2 : end + 2 + size]
            del buffer[: end + size + 4]
            if size == 0:
                return bytes(body)

    def _some(self) -> bytes:
        return self._socket.recv(1 << 16) or self._cut()

    def _cut(self) -> Any:
        raise RuntimeError("the server closed the connection in the middle")
