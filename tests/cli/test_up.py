"""`bearhug up` as a process: it gets ready, makes the first administrator once, and stops cleanly."""

import base64
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

BEARHUG = str(Path(sys.executable).with_name("bearhug"))
ENV = {**os.environ, "BEARHUG_PASSWORD_MEMORY": "64"}


@contextmanager
def running(data: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A hub on a free port and what it said when it was ready."""
    arguments = [BEARHUG, "up", "--port", "0", "--data", str(data), "--json"]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENV)
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


def fetch(url: str, *, auth: str = "") -> Any:
    request = urllib.request.Request(url)
    if auth:
        request.add_header("authorization", "Basic " + base64.b64encode(auth.encode()).decode())
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
        return json.load(answer)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_start_makes_an_administrator_who_can_sign_in(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path / "data") as (process, said):
        assert fetch(f"{said['url']}/health") == {"status": "ok"}
        first = said["first_admin"]
        me = fetch(f"{said['url']}/api/whoami-v2", auth=f"{first['name']}:{first['password']}")
        assert (me["name"], me["isAdmin"]) == ("admin", True)
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 0
        assert errors == "Bearhug has stopped.\n"
    if number is signal.SIGTERM:
        with running(tmp_path / "data") as (process, said):
            assert said["first_admin"] is None  # only where nobody has an account


def test_a_taken_port_is_said_before_anything_is_touched(tmp_path: Path) -> None:
    with running(tmp_path / "one") as (_, said):
        port = said["url"].rpartition(":")[2]
        arguments = [BEARHUG, "up", "--port", port, "--data", str(tmp_path / "two")]
        second = subprocess.run(arguments, capture_output=True, text=True, env=ENV, timeout=60, check=False)
    assert second.returncode == 1
    assert second.stderr.startswith(f"Error: Cannot listen on 127.0.0.1:{port}")
    assert not (tmp_path / "two").exists()
