"""vLLM as a process of its own, with a small program of that name in its place: started, asked, killed, gone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.inference import wheels

from bearhug.base.errors import HubError, NotReady, Unprocessable
from bearhug.inference.engine import plans
from bearhug.inference.engine.plans import Local, Options
from bearhug.inference.environments.recipes import VLLM
from bearhug.inference.environments.records import Recipe
from bearhug.inference.environments.service import Environments
from bearhug.inference.workers.asking import ask
from bearhug.inference.workers.records import End, Limits, Piece, Plan
from bearhug.inference.workers.supervisor import Workers

pytestmark = pytest.mark.slow
Family = Callable[[str], tuple[Path, Any]]
CHAT: Any = {"messages": [{"role": "user", "content": "hello"}], "max_tokens": 5, "temperature": 0}
PATIENT = 60.0


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the environment."""
    shelf, data = tmp_path_factory.mktemp("shelf"), tmp_path_factory.mktemp("data")
    wheels.write(shelf)
    step = ("--no-index", "--find-links", str(shelf), "vllm==0.0.1")
    recipe = Recipe("vllm", VLLM.version, "a small one", (step,), ("bin/vllm", "serve"))
    Environments(data / "environments", recipes={"vllm": recipe}).install("vllm", lambda _line: None)
    return data


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    found = Workers(tmp_path / "workers", Limits(memory=64 << 30))
    yield found
    found.close()


def plan(root: Path, family: Family, *flags: str) -> Plan:
    model = Local(family("llama")[0], root / "graphs", 1000)
    options = Options(engine="vllm", flags=flags)
    return plans.plan(options, Environments(root / "environments"), key="k", label="ada/chat", model=model)


def said(workers: Workers, wanted: Plan, **body: Any) -> str:
    order = {"do": "forward", "path": "/v1/chat/completions", "body": {"model": "x", **CHAT, **body}}
    head, *pieces = ask(workers, wanted, order)
    assert head.data["status"] == 200, head.data
    return b"".join(piece.blob for piece in pieces).decode()


def group_of(workers: Workers) -> list[int]:
    """The processes of the worker, its own first."""
    standing = workers.standing("k")
    assert standing is not None
    return [standing.pid, *members(standing.pid)]


def members(leader: int) -> list[int]:
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):
            group = int((place / "stat").read_text().rpartition(")")[2].split()[2])
            if group == leader and int(place.name) != leader:
                found.append(int(place.name))
    return found


def all_gone(pids: list[int]) -> bool:
    deadline = time.monotonic() + PATIENT
    while time.monotonic() < deadline:
        if not any(is_alive(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def is_alive(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_it_is_started_with_its_flags_and_whoever_is_killed_takes_the_other_along(
    workers: Workers, root: Path, family: Family
) -> None:
    wanted = plan(root, family, "--max-model-len", "240")
    assert '"ada/chat"' in said(workers, wanted)
    log = workers.log_of("k")
    assert "flags: --max-model-len 240 --served-model-name ada/chat --host 127.0.0.1 --port" in log
    first, *others = group_of(workers)
    heard = listening(workers, wanted)
    os.kill(others[0], signal.SIGKILL)
    assert isinstance(ended(heard), NotReady)
    assert all_gone([first, *others])
    while workers.standing("k") is not None:
        time.sleep(0.01)
    assert '"ada/chat"' in said(workers, wanted), "it starts again"
    assert "vLLM has ended with code -9" in workers.log_of("k")
    first, *others = group_of(workers)
    heard = listening(workers, wanted)
    os.kill(first, signal.SIGKILL)
    assert isinstance(ended(heard), NotReady)
    assert all_gone([first, *others])


def listening(workers: Workers, wanted: Plan) -> list[Piece | End]:
    """A long stream, begun."""
    heard: list[Piece | End] = []
    body = {**CHAT, "max_tokens": 180, "stream": True, "ignore_eos": True, "temperature": 1}
    workers.submit(wanted, {"do": "forward", "path": "/v1/chat/completions", "body": body}, heard.append)
    while len(heard) < 2:
        time.sleep(0.01)
    return heard


def ended(heard: list[Piece | End]) -> HubError | None:
    deadline = time.monotonic() + PATIENT
    while not isinstance(last := heard[-1], End):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return last.error


def test_one_that_does_not_load_says_so_and_the_log_why(workers: Workers, root: Path, family: Family) -> None:
    with pytest.raises(Unprocessable, match="ended with code 1"):
        said(workers, plan(root, family, "--fail"))


def test_bearhug_serve_passes_flags_on_and_leaves_nothing_behind(root: Path, family: Family, tmp_path: Path) -> None:
    program = str(Path(sys.executable).with_name("bearhug"))
    command = [program, "serve", str(family("llama")[0]), "--engine", "vllm", "--port", "0", "--api-key", "k"]
    env = {"BEARHUG_DATA": str(root), "HOME": str(tmp_path), "PATH": os.defpath}
    with subprocess.Popen(
        [*command, "--", "--precision", "fp32"], env=env, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().split()[-1]
        body = {"model": family("llama")[0].name, **CHAT}
        answer = httpx.post(
            f"{url}/chat/completions", json=body, headers={"authorization": "Bearer k"}, timeout=PATIENT
        )
        assert answer.json()["usage"]["completion_tokens"] > 0
        children = descendants(server.pid)
        assert len(children) >= 3
        server.kill()
    assert all_gone(children)


def descendants(pid: int) -> list[int]:
    try:
        found = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        for place in Path(f"/proc/{pid}/task").iterdir():
            found += [int(one) for one in (place / "children").read_text().split() if int(one) not in found]
    except OSError:
        return []
    return [*found, *(other for one in found for other in descendants(one))]


@pytest.mark.parametrize("options", [["--engine", "remote"], ["--url", "http://h/v1"]])
def test_serving_what_another_server_serves_is_refused(options: list[str]) -> None:
    program = str(Path(sys.executable).with_name("bearhug"))
    done = subprocess.run(
        [program, "serve", "x", *options], capture_output=True, text=True, timeout=PATIENT, check=False
    )
    assert done.returncode == 2
    assert "served there already" in done.stderr
