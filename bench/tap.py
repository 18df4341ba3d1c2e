"""A relay before a server that counts what clients send through it."""

import contextlib
import socket
import threading
from collections.abc import Iterator

BLOCK = 1 << 18


class Tap:
    """`sent` is what went to the server so far, heads of requests and all, from however many connections."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._counting = threading.Lock()
        self.port = int(self._listener.getsockname()[1])
        self.sent = 0

    def serve(self) -> None:
        """Relay until the tap is closed."""
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._to))
            for one, other, counts in ((client, server, True), (server, client, False)):
                threading.Thread(target=self._relay, args=(one, other, counts), daemon=True).start()

    def _relay(self, source: socket.socket, target: socket.socket, counts: object) -> None:
        """Until either side hangs up; then both do."""
        with contextlib.suppress(OSError):
            while block := source.recv(BLOCK):
                target.sendall(block)
                if counts:
                    with self._counting:
                        self.sent += len(block)
            target.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextlib.contextmanager
def tapped(port: int) -> Iterator[Tap]:
    """A tap that runs while one is inside."""
    tap = Tap(port)
    threading.Thread(target=tap.serve, daemon=True).start()
    try:
        yield tap
    finally:
        tap.close()
