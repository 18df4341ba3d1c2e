"""One hub process for the whole suite, with people, tokens and an organisation made through its own command line."""

import atexit
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.people import ADA, BOB, LAB, NOBODY, PEOPLE, ROOT, Person

READY_WITHIN = 60.0
WRONG_TOKEN = "hf_" + "wrong" * 6  # looks like one, was never given out
LOOPBACK = ("127.0.0.1", "::1", "localhost")
SHUT_DOOR = "http://127.0.0.1:9"  # the discard port: whoever goes out through it is refused


def free_port() -> int:
    """A port below the range from which outgoing connections take theirs."""
    while True:
        port = random.randrange(20000, 30000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


def _prepare_this_process() -> str:
    """Point in-process clients at the hub to come; huggingface_hub reads these once, when it is imported."""
    url = f"http://127.0.0.1:{free_port()}"
    home = tempfile.mkdtemp(prefix="bearhug-hf-home-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    for name in [name for name in os.environ if name.startswith(("HF_", "HUGGING"))]:
        del os.environ[name]
    env = client_env(url, Path(home))
    os.environ.update({name: value for name, value in env.items() if name.startswith("HF_")})
    return url


def _shut_the_network() -> None:
    """From now on this process reaches loopback alone; a test that goes further fails at once."""
    connect = socket.socket.connect

    def connect_to_loopback(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            raise PermissionError(f"tests do not go out, but this one asked for {address}")
        connect(self, address)

    socket.socket.connect = connect_to_loopback  # type: ignore[method-assign, assignment]


def client_env(url: str, home: Path, *, token: str | None = None, xet: bool = False) -> dict[str, str]:
    """What a client's process is told about the hub; the network is shut but for loopback."""
    env = {
        "HF_ENDPOINT": url,
        "HF_HOME": str(home),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_ETAG_TIMEOUT": "30",
        "HF_HUB_DOWNLOAD_TIMEOUT": "30",
        "HF_HUB_DISABLE_XET": "0" if xet else "1",
        "HTTP_PROXY": SHUT_DOOR,
        "HTTPS_PROXY": SHUT_DOOR,
        "http_proxy": SHUT_DOOR,
        "https_proxy": SHUT_DOOR,
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }
    if token is not None:
        env["HF_TOKEN"] = token
    return env


class LiveHub:
    """A running hub: its address, its data folder, its command line, its people's tokens, links given out once."""

    def __init__(self, url: str, data: Path) -> None:
        self.url = url
        self.data = data
        self.tokens: dict[tuple[str, str], str] = {}
        self.links: dict[str, str] = {}
        self.log = data.parent / "hub.log"

    @property
    def host(self) -> str:
        """Host and port, as a git credential helper is asked for them."""
        return self.url.removeprefix("http://")

    def command(self, *arguments: str) -> str:
        """Run `bearhug …` on the hub's data folder; gives what it printed."""
        program = [str(Path(sys.executable).with_name("bearhug")), *arguments, "--data", str(self.data)]
        done = subprocess.run(program, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode != 0:
            raise AssertionError(f"bearhug {' '.join(arguments)} -> {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def new_token(self, person: Person, role: str) -> str:
        """A fresh token for this person, printed on the last line."""
        made = self.command("token", "create", person.name, "--role", role, "--name", f"{person.name}-{role}")
        return made.strip().splitlines()[-1]

    def token(self, person: Person, role: str = "write") -> str | None:
        """The person's token of that role; nobody has none."""
        return None if person is NOBODY else self.tokens[person.name, role]

    def furnish(self) -> None:
        """Make the people, their organisation and their tokens."""
        self.command("user", "add", ROOT.name, "--password", ROOT.password, "--admin")
        for person in PEOPLE:
            options = ["--password", person.password, "--fullname", person.fullname, "--email", person.email]
            self.command("user", "add", person.name, *options)
            self.tokens[person.name, "write"] = self.new_token(person, "write")
        self.tokens[ADA.name, "read"] = self.new_token(ADA, "read")
        self.tokens[BOB.name, "read"] = self.new_token(BOB, "read")
        self.command("org", "add", LAB, "--owner", ADA.name)
        self.command("org", "member", "add", LAB, BOB.name, "--role", "write")

    def get(self, path: str, *, token: str | None = None, headers: Mapping[str, str] | None = None) -> bytes:
        """A plain GET, for looking at what no client shows."""
        request = urllib.request.Request(self.url + path, headers=dict(headers or {}))
        if token is not None:
            request.add_header("Authorization", f"Bearer {token}")
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
            return bytes(answer.read())

    def json(self, path: str, *, token: str | None = None) -> object:
        """The JSON that a plain GET brings."""
        return json.loads(self.get(path, token=token))


def start(hub: LiveHub) -> subprocess.Popen[bytes]:
    """Start the hub's process and wait until it says that it is ready."""
    port = hub.url.rpartition(":")[2]
    program = [str(Path(sys.executable).with_name("bearhug")), "up", "--host", "127.0.0.1", "--port", port]
    with hub.log.open("ab") as log:
        process = subprocess.Popen([*program, "--data", str(hub.data)], stdout=log, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            hub.get("/health")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
        else:
            return process
    stop(process)
    raise AssertionError(f"the hub did not get ready:\n{hub.log.read_text()[-4000:]}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the hub as an operator would, and by force only if it does not listen."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


URL = _prepare_this_process()
_shut_the_network()


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHub]:
    """The one hub of this run, furnished with ada, bob, eve and the organisation `lab`."""
    live = LiveHub(URL, tmp_path_factory.mktemp("hub") / "data")
    live.furnish()
    process = start(live)
    yield live
    stop(process)
    assert process.returncode == 0, "the hub had to be killed, or ended with an error"
    shutil.rmtree(live.data, ignore_errors=True)
