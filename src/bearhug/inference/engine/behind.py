"""A server that speaks the OpenAI API, as a client of it: kept connections, calls that can be broken off, limits."""

import http.client
import socket
import ssl
import struct
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from bearhug.base.errors import HubError, NotReady

CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 300.0
"""How long a server may say nothing in the middle of an answer."""
ANSWER_SECONDS = 570.0
"""How long one answer may take: a little less than supervisors give a call before they end its worker."""
LARGEST_ANSWER = 64 << 20
BLOCK = 1 << 16
KEPT = 64
LOOK_SECONDS = 0.1
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER of no seconds."""


@dataclass
class Answer:
    """What a server answers: its head, and its body in pieces as they come."""

    status: int
    headers: Mapping[str, str]
    _body: http.client.HTTPResponse
    _call: "Call"

    def pieces(self) -> Iterator[bytes]:
        """The body. Raises NotReady when it breaks off, takes too long or never ends."""
        left = LARGEST_ANSWER
        with self._call.told():
            while piece := self._body.read1(BLOCK):
                left -= len(piece)
                if left < 0:
                    raise NotReady("The server behind this model answered without an end and was broken off.")
                yield piece
            self._call.check()
        self._call.is_clean = not self._body.will_close

    def text(self, most: int = LARGEST_ANSWER) -> bytes:
        """The whole body, or its first bytes."""
        found = bytearray()
        for piece in self.pieces():
            found += piece
            if len(found) >= most:
                break
        return bytes(found[:most])


class Call:
    """One request on its way, which ends when its caller leaves or its time is over."""

    def __init__(self, left: threading.Event, seconds: float) -> None:
        self.left = left
        self.deadline = time.monotonic() + seconds
        self.sock: socket.socket | None = None
        self.is_clean = False

    def must_end(self, now: float) -> bool:
        return self.left.is_set() or now > self.deadline

    def end(self) -> None:
        if self.sock is not None:
            try:
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # wakes the thread that reads, TLS or not
            except OSError:  # it is closed already
                self.sock = None

    def drop(self) -> None:
        """Let closing reset the line, so that a server which still writes learns it now and not after a minute."""
        if self.sock is not None and not self.is_clean:
            with suppress(OSError):
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)

    def check(self) -> None:
        """Raises NotReady where the call was ended from here."""
        if self.must_end(time.monotonic()):
            raise NotReady("The server behind this model took too long for one answer.")

    @contextmanager
    def told(self) -> Iterator[None]:
        """What goes wrong on the line, in words for callers."""
        try:
            yield
        except TimeoutError as error:
            raise NotReady(f"The server behind this model said nothing for {SILENCE_SECONDS:.0f} seconds.") from error
        except (http.client.HTTPException, OSError) as error:
            self.check()
            print(f"The server behind broke off: {error!r}", file=sys.stderr)
            raise NotReady("The server behind this model broke off. Try again in a moment.") from error


class Behind:
    """A server at `url`, which ends in /v1 as clients are told it; without it, /v1 is added."""

    def __init__(self, url: str, api_key: str = "") -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        self._url = url
        self._secure = ssl.create_default_context() if parts.scheme == "https" else None
        self._place = (host, parts.port or (443 if self._secure else 80))
        path = parts.path.rstrip("/")
        last = path.rpartition("/")[2]
        self._root = path[: -len(last) - 1] if _is_version(last) else path
        self._api = path if _is_version(last) else f"{path}/v1"
        self._headers = {"accept-encoding": "identity", "user-agent": "bearhug"}
        if api_key:
            self._headers["authorization"] = f"Bearer {api_key}"
        self._idle: list[http.client.HTTPConnection] = []
        self._calls: set[Call] = set()
        self._change = threading.Condition()
        threading.Thread(target=self._watch, daemon=True, name="calls").start()

    def place_of(self, path: str) -> str:
        """Where that server has what this hub has at `path`."""
        return self._api + path.removeprefix("/v1") if path.startswith("/v1/") else self._root + path

    @contextmanager
    def ask(
        self, path: str, body: bytes | None = None, *, left: threading.Event, seconds: float = ANSWER_SECONDS
    ) -> Iterator[Answer]:
        """POST a body, or GET without one; `path` is as of this hub. Leaving it breaks off what is under way."""
        call = Call(left, seconds)
        with self._change:
            self._calls.add(call)
            self._change.notify()
        connection: http.client.HTTPConnection | None = None
        found: http.client.HTTPResponse | None = None
        try:
            connection, found = self._begun(call, path, body)
            headers = {name.lower(): value for name, value in found.getheaders()}
            yield Answer(found.status, headers, found, call)
        finally:
            with self._change:
                self._calls.discard(call)
                if connection is not None and call.is_clean and len(self._idle) < KEPT:
                    self._idle.append(connection)
                    connection = None
            call.drop()
            if found is not None:
                found.close()
            if connection is not None:
                connection.close()

    def close(self) -> None:
        """Let go of connections that nobody uses."""
        with self._change:
            while self._idle:
                self._idle.pop().close()

    def _begun(
        self, call: Call, path: str, body: bytes | None
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        """A connection with the head of the answer; kept ones may have been closed meanwhile, so one more is tried."""
        with self._change:
            kept = self._idle.pop() if self._idle else None
        with call.told():
            if kept is not None:
                try:
                    return kept, self._sent(kept, call, path, body)
                except ConnectionError:
                    call.check()
            fresh = self._connected()
            return fresh, self._sent(fresh, call, path, body)

    def _connected(self) -> http.client.HTTPConnection:
        host, port = self._place
        made = (
            http.client.HTTPSConnection(host, port, timeout=CONNECT_SECONDS, context=self._secure)
            if self._secure is not None
            else http.client.HTTPConnection(host, port, timeout=CONNECT_SECONDS)
        )
        try:
            made.connect()
        except (OSError, http.client.HTTPException) as error:
            made.close()
            print(f"Cannot reach {self._url}: {error!r}", file=sys.stderr)
            raise unreachable() from error
        made.sock.settimeout(SILENCE_SECONDS)
        made.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def _sent(
        self, connection: http.client.HTTPConnection, call: Call, path: str, body: bytes | None
    ) -> http.client.HTTPResponse:
        call.sock = connection.sock
        headers = self._headers if body is None else {**self._headers, "content-type": "application/json"}
        try:
            connection.request("GET" if body is None else "POST", self.place_of(path), body, headers)
            return connection.getresponse()
        except BaseException:
            connection.close()
            raise

    def _watch(self) -> None:
        """Ends calls whose callers have left, and those that take too long."""
        while True:
            with self._change:
                while not self._calls:
                    self._change.wait()
                calls, now = list(self._calls), time.monotonic()
                for call in calls:
                    if call.must_end(now):
                        call.end()
            time.sleep(LOOK_SECONDS)


def unreachable() -> HubError:
    """What callers are told while nobody is there; addresses stay in the log."""
    return NotReady(
        "The server behind this model cannot be reached. Try again later, or tell whoever keeps this deployment: its "
        "log has the reason.",
        headers={"retry-after": "10"},
    )


def _is_version(name: str) -> bool:
    return name[:1] == "v" and name[1:].isdecimal()
