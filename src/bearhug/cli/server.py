"""The HTTP server: the one place that knows which it is."""

import asyncio
import logging
import resource
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import uvicorn

from bearhug.base.allocator import keep_freed_pages
from bearhug.base.http.edge import Edge
from bearhug.base.http.patience import Patience, watch
from bearhug.base.http.sendfile import SendfileProtocol

GRACE_SECONDS = 10
BACKLOG = 2048
OPEN_FILES = 65_536


class PatientServer(uvicorn.Server):
    """A server that says when it is listening, and lets go of callers that hold their places for nothing."""

    ready: Callable[[], None]
    patience = Patience()
    _watch: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._watch = asyncio.create_task(watch(self.server_state.connections, self.patience))
            self.ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        if self._watch is not None:
            self._watch.cancel()


@dataclass(frozen=True)
class Callers:
    """Who is believed when they say for whom and by which scheme they ask, and how long callers may be silent."""

    proxies: Sequence[str] = ()
    patience: Patience = field(default_factory=Patience)


def listen(host: str, port: int) -> socket.socket:
    """A bound socket, so that a taken port is known before anything else happens."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


def keep_log(level: str) -> None:
    """Lines of the hub, of the server and warnings of libraries go to the error stream, each with its time."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    logging.getLogger("bearhug").setLevel(level.upper())
    logging.getLogger("uvicorn.access").addFilter(_mask)


def masked(address: str) -> str:
    """An address as the log shows it: a query keeps the names of its values only, which may be signatures and codes."""
    path, mark, query = address.partition("?")
    names = (name[:50] + "=…" if sign else "…" for name, sign, _ in (part.partition("=") for part in query.split("&")))
    return path + mark + "&".join(names) if mark else path


def _mask(record: logging.LogRecord) -> bool:
    """Of the server's lines about requests, the address is the third thing."""
    if isinstance(record.args, tuple):
        client, method, address, *rest = record.args
        record.args = (client, method, masked(str(address)), *rest)
    return True


def allow_many_connections() -> None:
    """As many open files as the system lets this process have: by itself it gives 1,024, and each caller takes one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def serve(
    edge: Edge,
    listener: socket.socket,
    log_level: str,
    *,
    callers: Callers = Callers(),
    ready: Callable[[], None],
) -> None:
    """Answer requests until SIGINT or SIGTERM; requests in hand get ten seconds to end."""
    keep_freed_pages()
    keep_log(log_level)
    allow_many_connections()
    server = PatientServer(
        uvicorn.Config(
            edge,
            http=SendfileProtocol,
            loop="uvloop",
            log_config=None,
            log_level=log_level if log_level != "info" else "warning",
            access_log=log_level == "debug",
            server_header=False,
            forwarded_allow_ips=list(callers.proxies),
            lifespan="on",
            ws="none",
            timeout_keep_alive=75,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    server.ready, server.patience = ready, callers.patience
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    try:
        server.run(sockets=[listener])
    except SystemExit as ended:  # the signal again, once everything is put away
        if ended.code:
            raise


def _stop(_number: int, _frame: object) -> None:
    raise SystemExit(0)
