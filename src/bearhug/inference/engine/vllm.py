"""What the worker of a model in vLLM runs: vLLM as a process of its own, and requests passed on to it."""

import http.client
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bearhug.base.errors import Unprocessable
from bearhug.inference.engine.behind import Behind
from bearhug.inference.engine.forwarding import Forwarder
from bearhug.inference.engine.servant import BROKEN
from bearhug.inference.tasks.adapter import whole
from bearhug.inference.workers import machine

HOST = "127.0.0.1"
LOOK_SECONDS = 0.2
QUIET = {"VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"}
CUDA = "/usr/local/cuda/bin"


class VllmServant(Forwarder):
    """Starts `program FOLDER …` and is ready when it is. When it dies, so does this worker: callers are told, and the
    next one starts both again.
    """

    def __init__(
        self,
        *,
        folder: str,
        name: str,
        program: Sequence[str],
        variables: Mapping[str, str],
        flags: Sequence[str],
        code: bool,
    ) -> None:
        port, key = _free_port(), secrets.token_urlsafe(24)
        ours = ["--served-model-name", name, "--host", HOST, "--port", str(port)]
        command = [*program, str(whole(Path(folder))), *flags, *ours, *(["--trust-remote-code"] if code else [])]
        self._child = subprocess.Popen(
            [*machine.OWN_PYTHON, "-m", "bearhug.inference.workers.leash", *command],
            stdin=subprocess.DEVNULL,
            env=_environment(Path(program[0]).parent, variables) | {"VLLM_API_KEY": key},
        )
        _wait_for(port, self._child)
        super().__init__(Behind(f"http://{HOST}:{port}/v1", key), name, "vllm")
        threading.Thread(target=self._watch, daemon=True, name="vllm").start()

    def _watch(self) -> None:
        code = self._child.wait()
        print(f"vLLM has ended with code {code}.", file=sys.stderr, flush=True)
        os._exit(BROKEN)


def _environment(programs: Path, variables: Mapping[str, str]) -> dict[str, str]:
    path = os.pathsep.join((str(programs), "/usr/local/bin", os.defpath, CUDA))
    return {**machine.environment(Path.cwd(), os.cpu_count() or 1), "PATH": path, **QUIET, **variables}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, child: "subprocess.Popen[bytes]") -> None:
    """Until its /health answers. Raises Unprocessable when it ends before."""
    while not _is_ready(port):
        code = child.poll()
        if code is not None:
            raise Unprocessable(f"vLLM could not load this model and ended with code {code}. The log has the reason.")
        time.sleep(LOOK_SECONDS)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
