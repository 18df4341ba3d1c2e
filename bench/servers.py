"""The servers that are compared: a hub of its own, nginx, and a bare Starlette application."""

import contextlib
import grp
import os
import pwd
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.processes import free_port, run
from bench.wire import Connection

BEARHUG = str(Path(sys.executable).with_name("bearhug"))
USER = "ada"
PASSWORD = "bench-password-1"
READY_WITHIN = 60

NGINX = """
daemon off; worker_processes 1; user {user} {group}; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 128; }}
http {{
  access_log off; sendfile on; tcp_nopush on;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


@dataclass(frozen=True)
class Server:
    """A running server: its process, its port, and after how many seconds it answered."""

    pid: int
    port: int
    ready_after: float

    def connect(self, token: str | None = None) -> Connection:
        return Connection(self.port, token)


@dataclass(frozen=True)
class Hub(Server):
    """A hub with one user and a write token."""

    data: Path
    token: str

    @property
    def git_url(self) -> str:
        return f"http://{USER}:{self.token}@127.0.0.1:{self.port}"

    def signed_in(self) -> Connection:
        return self.connect(self.token)

    def create(self, name: str, kind: str = "model") -> str:
        with self.signed_in() as connection:
            connection.post("/api/repos/create", {"name": name, "type": kind}).good()
        return f"{USER}/{name}"


@contextlib.contextmanager
def hub(folder: Path) -> Iterator[Hub]:
    """A hub on `folder/data`, furnished when it is new."""
    data = folder / "data"
    token_file = folder / "token"
    if not token_file.exists():
        data.mkdir(parents=True, exist_ok=True)
        run(BEARHUG, "user", "add", USER, "--password", PASSWORD, "--data", str(data))
        made = run(BEARHUG, "token", "create", USER, "--role", "write", "--data", str(data))
        token_file.write_text(made.split()[-1])
    port = free_port()
    command = [BEARHUG, "up", "--data", str(data), "--port", str(port)]
    with _running(command, port, "/health", folder / "hub.log") as server:
        yield Hub(server.pid, server.port, server.ready_after, data, token_file.read_text())


def run_settings(server: Hub, name: str, value: str) -> None:
    """Change a setting of a running hub, which follows within five seconds."""
    run(BEARHUG, "settings", "set", name, value, "--data", str(server.data))
    time.sleep(6)


@contextlib.contextmanager
def nginx(folder: Path, root: Path) -> Iterator[Server]:
    """nginx with sendfile over the files of `root`."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    config = folder / "nginx.conf"
    me, mine = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    config.write_text(NGINX.format(folder=folder, root=root, port=port, user=me, group=mine))
    command = ["nginx", "-c", str(config), "-p", str(folder), "-e", str(folder / "error.log")]
    with _running(command, port, "/", folder / "nginx.log") as server:
        yield server


@contextlib.contextmanager
def bare(folder: Path) -> Iterator[Server]:
    """One Starlette route whose plain function runs in a thread, under the same server as the hub."""
    port = free_port()
    command = [sys.executable, "-m", "bench.bare", str(port)]
    with _running(command, port, "/", folder / "bare.log") as server:
        yield server


@contextlib.contextmanager
def sink(folder: Path) -> Iterator[Hub]:
    """A stand-in that takes uploads and keeps nothing."""
    port = free_port()
    command = [sys.executable, "-m", "bench.sink", str(port)]
    with _running(command, port, "/", folder / "sink.log") as server:
        yield Hub(server.pid, server.port, server.ready_after, folder, "any")


@contextlib.contextmanager
def _running(command: list[str], port: int, path: str, log: Path) -> Iterator[Server]:
    started = time.perf_counter()
    with log.open("ab") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=_as_installed())
    try:
        while not _answers(port, path):
            if process.poll() is not None or time.perf_counter() - started > READY_WITHIN:
                raise RuntimeError(f"{' '.join(command)} did not get ready")
            time.sleep(0.005)
        yield Server(process.pid, port, time.perf_counter() - started)
    except RuntimeError as error:
        raise RuntimeError(f"{error}\n{log.read_text()[-3000:]}") from error
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _as_installed() -> dict[str, str]:
    """The environment, in which modules are compiled once and not at every start, as an installation does it."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONUNBUFFERED": "1"}


def _answers(port: int, path: str) -> bool:
    try:
        with Connection(port) as connection:
            return connection.get(path).status < 500
    except OSError:
        return False
