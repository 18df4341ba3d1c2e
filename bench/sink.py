"""A stand-in for a hub that takes every upload and keeps nothing: what an upload costs the client alone."""

import json
import re
import socket
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus

KEPT = 1 << 16
"""Longer bodies are thrown away as they come."""
BLOCK = 1 << 20
OID = "0" * 40
FAR = 1 << 33
"""When tokens end."""

Reply = tuple[int, object]
Answer = Callable[[str, bytes], Reply]


def _files(_base: str, body: bytes) -> Reply:
    names = [file["path"] for file in json.loads(body)["files"]]
    return 200, {"files": [{"path": name, "uploadMode": "lfs", "shouldIgnore": False} for name in names]}


def _repo(base: str, _body: bytes) -> Reply:
    return 200, {"url": f"{base}/ada/model", "name": "ada/model", "id": OID}


def _token(base: str, _body: bytes) -> Reply:
    return 200, {"casUrl": f"{base}/cas", "accessToken": "any", "exp": FAR}


def _grant(base: str, _body: bytes) -> Reply:
    return 201, {"id": "1", "method": "PUT", "url": f"{base}/taken", "headers": {}}


def _commit(base: str, _body: bytes) -> Reply:
    return 200, {"success": True, "commitOid": OID, "commitUrl": f"{base}/ada/model/commit/{OID}", "hookOutput": ""}


ANSWERS: dict[str, Answer] = {
    "/preupload/": _files,
    "/repos/create": _repo,
    "/xet-write-token/": _token,
    "/xorb-grants/": _grant,
    "/chunks/": lambda _base, _body: (404, {}),
    "/shards": lambda _base, _body: (200, {"type": "result"}),
    "/commit/": _commit,
    "": lambda _base, _body: (200, {}),
}
"""By a part of the address; the first that fits. A token stands in the heads of all answers too."""


class Caller(threading.Thread):
    """One connection of a client, request after request."""

    def __init__(self, connection: socket.socket, base: str) -> None:
        super().__init__(daemon=True)
        self._connection, self._base = connection, base
        self._held = bytearray()

    def run(self) -> None:
        with self._connection:
            while head := self._until(b"\r\n\r\n"):
                self._answer(head.decode("latin-1"))

    def _answer(self, head: str) -> None:
        length = re.search(r"(?i)\ncontent-length: *(\d+)", head)
        in_chunks = re.search(r"(?i)\ntransfer-encoding:", head)
        body = self._chunks() if in_chunks else self._body(int(length[1]) if length else 0)
        path = head.split()[1]
        status, value = next(answer for part, answer in ANSWERS.items() if part in path)(self._base, body)
        data = json.dumps(value).encode() + b"\n"
        lines = [
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            f"Content-Length: {len(data)}",
            f"X-Xet-Cas-Url: {self._base}/cas",
            "X-Xet-Access-Token: any",
            f"X-Xet-Token-Expiration: {FAR}",
        ]
        self._connection.sendall("\r\n".join([*lines, "", ""]).encode() + data)

    def _until(self, end: bytes) -> bytes:
        """What comes before `end`; nothing when the client has gone."""
        while (at := self._held.find(end)) < 0:
            more = self._connection.recv(KEPT)
            if not more:
                return b""
            self._held += more
        found = bytes(self._held[:at])
        del self._held[: at + len(end)]
        return found

    def _body(self, length: int) -> bytes:
        body = self._held[:length]
        del self._held[:length]
        left, room = length - len(body), bytearray(min(length, BLOCK))
        while left and (came := self._connection.recv_into(room, min(left, len(room)))):
            left -= came
            if length <= KEPT:
                body += room[:came]
        return bytes(body)

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self._until(b"\r\n") or b"0", 16):
            body += self._body(size)
            self._until(b"\r\n")
        self._until(b"\r\n")
        return body


def main(port: int) -> None:
    with socket.create_server(("127.0.0.1", port)) as server:
        while True:
            connection, _ = server.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            Caller(connection, f"http://127.0.0.1:{port}").start()


if __name__ == "__main__":
    main(int(sys.argv[1]))
