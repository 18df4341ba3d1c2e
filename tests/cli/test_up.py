"""`bearhug up` as a process: it gets ready, makes the first administrator once, and stops cleanly."""

import base64
import json
import os
import re
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

from bearhug import config
from bearhug.base.errors import BadRequest
from bearhug.hub.oauth.records import HF_CLI

BEARHUG = str(Path(sys.executable).with_name("bearhug"))
ENV = {**os.environ, "BEARHUG_PASSWORD_MEMORY": "64"}


@contextmanager
def running(data: Path, *more: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A hub on a free port and what it said when it was ready."""
    arguments = [BEARHUG, "up", "--port", "0", "--data", str(data), "--json", *more]
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
def test_the_first_start_can_make_an_administrator_who_signs_in(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path / "data", "--make-admin") as (process, said):
        assert fetch(f"{said['url']}/health") == {"status": "ok"}
        first = said["first_admin"]
        me = fetch(f"{said['url']}/api/whoami-v2", auth=f"{first['name']}:{first['password']}")
        assert (me["name"], me["isAdmin"]) == ("admin", True)
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 0
        assert errors == "Bearhug has stopped.\n"
    if number is signal.SIGTERM:
        with running(tmp_path / "data", "--make-admin") as (process, said):
            assert (said["first_admin"], said["setup"]) == (None, None)  # only where nobody has an account


def test_an_empty_hub_prints_the_address_of_its_first_page(tmp_path: Path) -> None:
    with running(tmp_path / "data") as (_, said):
        assert said["setup"].startswith(f"{said['url']}/setup?code=")
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(said["setup"], timeout=30) as page:
            assert b'name="password"' in page.read()


def test_a_taken_port_is_said_before_anything_is_touched(tmp_path: Path) -> None:
    with running(tmp_path / "one") as (_, said):
        port = said["url"].rpartition(":")[2]
        arguments = [BEARHUG, "up", "--port", port, "--data", str(tmp_path / "two")]
        second = subprocess.run(arguments, capture_output=True, text=True, env=ENV, timeout=60, check=False)
    assert second.returncode == 1
    assert second.stderr.startswith(f"Error: Cannot listen on 127.0.0.1:{port}")
    assert not (tmp_path / "two").exists()


def test_a_second_hub_on_one_folder_is_refused_with_the_address_of_the_first(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data) as (first, said):
        arguments = [BEARHUG, "up", "--port", "0", "--data", str(data)]
        second = subprocess.run(arguments, capture_output=True, text=True, env=ENV, timeout=60, check=False)
        assert (second.returncode, second.stdout) == (1, "")
        assert f"A hub already runs on {data}, at {said['url']}. Stop it first" in second.stderr
        invite = [BEARHUG, "user", "invite", "--data", str(data)]
        link = subprocess.run(invite, capture_output=True, text=True, env=ENV, timeout=60, check=True)
        assert link.stdout.startswith(f"{said['url']}/join?invite=")
        first.kill()
        first.wait()
    with running(data) as (_, said):
        assert fetch(f"{said['url']}/health") == {"status": "ok"}


def refused(folder: Path, **changed: str) -> str:
    """What a hub says that cannot start; it must be one line."""
    arguments = [BEARHUG, "up", "--data", str(folder)]
    done = subprocess.run(arguments, capture_output=True, text=True, env={**ENV, **changed}, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_a_hub_that_cannot_start_says_why_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/bearhug.db").write_bytes(b"no rows here " * 99)
    free = {"BEARHUG_PORT": "0"}
    assert "file is not a database" in refused(tmp_path / "broken", **free)
    assert "/proc/nowhere" in refused(Path("/proc/nowhere"), **free)
    assert "BEARHUG_PORT must be a whole number" in refused(tmp_path / "data", BEARHUG_PORT="many")
    assert "git" in refused(tmp_path / "data", PATH=str(tmp_path), **free)


@pytest.mark.parametrize(("proxies", "scheme"), [("127.0.0.0/8", "https"), ("10.9.0.0/16", "http")])
def test_only_proxies_that_are_named_tell_of_callers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proxies: str, scheme: str
) -> None:
    monkeypatch.setitem(ENV, "BEARHUG_PROXIES", proxies)
    with running(tmp_path / "data") as (_, said):
        asked = urllib.request.Request(
            f"{said['url']}/oauth/device", f"client_id={HF_CLI}".encode(), {"x-forwarded-proto": "https"}
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=30) as answer:
            assert json.load(answer)["verification_uri"].startswith(f"{scheme}://")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("BEARHUG_PROXIES", "10.0.0.1, nginx", "must list addresses or networks, and 'nginx' is none"),
        ("BEARHUG_LOG_LEVEL", "loud", "must be one of debug, info, warning, error, not 'loud'"),
        ("BEARHUG_PORT", "http", "must be a whole number, not 'http'"),
    ],
)
def test_a_variable_that_says_nonsense_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadRequest, match=f"The variable {name} {words}"):
        config.load()


def test_the_hub_takes_as_many_connections_as_the_system_allows() -> None:
    program = """
import resource
from bearhug.cli.server import allow_many_connections
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (256, 2048 if hard == resource.RLIM_INFINITY else min(hard, 2048)))
allow_many_connections()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    soft, hard = said.stdout.split()
    assert soft == hard


def test_the_log_tells_when_and_who_and_how_much_is_asked_for() -> None:
    program = """
import logging
from bearhug.cli.server import keep_log
keep_log("info")
log = logging.getLogger("bearhug.room")
log.info("a push broke off")
log.debug("too much")
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d [\d:,]+ INFO bearhug.room: a push broke off\n", said.stderr)


def test_the_log_of_requests_shows_no_values_of_queries() -> None:
    program = """
import logging
from bearhug.cli.server import keep_log
keep_log("debug")
log = logging.getLogger("uvicorn.access")
log.setLevel("INFO")
log.info('%s - "%s %s HTTP/%s" %d', "1.2.3.4:5", "GET", "/ada/m?X-Signature=abc&hf_secret&n=1", "1.1", 200)
log.info('%s - "%s %s HTTP/%s" %d', "1.2.3.4:5", "GET", "/a=b", "1.1", 200)
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert '"GET /ada/m?X-Signature=…&…&n=… HTTP/1.1" 200' in said.stderr
    assert '"GET /a=b HTTP/1.1" 200' in said.stderr
