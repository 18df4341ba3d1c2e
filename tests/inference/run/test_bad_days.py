"""Bad days of asking models, over HTTP on a running hub: what is broken, too large, gone or too many."""

import asyncio
import json
import os
import signal
import socket
import struct
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import torch
import transformers
from huggingface_hub import HfApi
from tests.inference import tiny
from tests.inference.tasks.samples import FILM
from tests.inference.tasks.test_media import bomb
from tests.inference.tasks.test_texts import Trap
from tests.live_hub import LiveHub
from tests.people import ROOT

pytestmark = [pytest.mark.client, pytest.mark.slow]
PATIENT = 60.0
MIB = 1 << 20
CROWD = 200
Publish = Callable[..., str]


@pytest.fixture(scope="module")
def publish(ada: HfApi, tmp_path_factory: pytest.TempPathFactory) -> Publish:
    """`publish("mood", "bert-classifier", "text-classification")` is the path to ask; `change` may spoil the folder."""

    def make(name: str, of: str, task: str, *, change: Callable[[Path], Any] = lambda _: None, card: str = "") -> str:
        folder = tmp_path_factory.mktemp(name)
        tiny.MODELS[of](folder)
        change(folder)
        (folder / "README.md").write_text(f"---\npipeline_tag: {task}\n{card}---\n")
        ada.create_repo(f"ada/bad-{name}")
        ada.upload_folder(repo_id=f"ada/bad-{name}", folder_path=folder)
        return f"/models/ada/bad-{name}"

    return make


@pytest.fixture(scope="module")
def mood(publish: Publish) -> str:
    return publish("mood", "bert-classifier", "text-classification")


@pytest.fixture(scope="module")
def writer(publish: Publish) -> str:
    """A model that writes for long."""

    def lengthen(folder: Path) -> None:
        config = transformers.GPT2Config.from_pretrained(folder, n_positions=8192)
        transformers.GPT2LMHeadModel(config).save_pretrained(folder)
        tokenizer = tiny.words()
        tokenizer.model_max_length = 8192
        tokenizer.save_pretrained(folder)

    return publish("writer", "gpt2", "text-generation", change=lengthen)


@pytest.fixture
def client(hub: LiveHub) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=hub.url, timeout=PATIENT, trust_env=False) as made:
        yield made


@pytest.fixture(scope="module")
def root(hub: LiveHub) -> str:
    return hub.new_token(ROOT, "read")


def figure(hub: LiveHub, root: str, name: str, path: str) -> float:
    """What /metrics tells of a worker."""
    model = path.removeprefix("/models/")
    lines = hub.get("/metrics", token=root).decode().splitlines()
    return sum(
        float(one.rpartition(" ")[2]) for one in lines if one.startswith(f'bearhug_worker_{name}{{model="{model}"')
    )


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENT
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def connected(hub: LiveHub) -> socket.socket:
    host, _, port = hub.host.partition(":")
    return socket.create_connection((host, int(port)), PATIENT)


def request(
    hub: LiveHub, path: str, body: bytes, *, length: int | None = None, kind: str = "application/json"
) -> bytes:
    size = len(body) if length is None else length
    head = f"POST {path} HTTP/1.1\r\nHost: {hub.host}\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n\r\n"
    return head.encode() + body


def test_what_makes_no_sense_is_refused_in_words(client: httpx.Client, mood: str) -> None:
    for path, body, status in [
        (mood, b'{"inputs": "\\ud83d"}', 400),
        (mood, b'{"inputs": " "}', 400),
        (mood, b'{"inputs": {"video": "x"}}', 400),
        (mood, b'{"inputs": "a", "parameters": [1]}', 400),
        (mood, b'{"inputs": "a", "parameters": 3}', 400),
        (mood, b"[1]", 400),
        (mood, b'{"inputs": ' + b"[" * 100_000, 400),
        (mood, json.dumps({"inputs": "good " * 100}).encode(), 400),
        ("/models/ada/nowhere", b'{"inputs": "a"}', 401),
        (f"{mood}/pipeline/cooking", b'{"inputs": "a"}', 404),
        (f"{mood}/pipeline/image-classification", b'{"inputs": "a"}', 422),
    ]:
        answer = client.post(path, content=body)
        assert answer.status_code == status, (body[:40], answer.text)
        assert answer.json()["error"]
    assert client.post(mood, json={"inputs": FILM}).status_code == 200


def test_a_hundred_megabytes_are_refused_before_they_are_sent(hub: LiveHub, client: httpx.Client, mood: str) -> None:
    with connected(hub) as line:
        line.sendall(request(hub, mood, b"\x89PNG", length=100 * MIB, kind="image/png"))
        assert line.recv(4096).startswith(b"HTTP/1.1 413 ")

    def unannounced() -> Iterator[bytes]:
        for _ in range(100):
            yield bytes(MIB)

    with suppress(httpx.WriteError, httpx.RemoteProtocolError, httpx.ReadError):  # it need not read on to the end
        assert client.post(mood, content=unannounced(), headers={"content-type": "image/png"}).status_code == 413
    assert client.post(mood, json={"inputs": FILM}).status_code == 200


def test_a_picture_that_unfolds_without_end_leaves_its_worker_alive(
    hub: LiveHub, client: httpx.Client, publish: Publish, root: str
) -> None:
    path = publish("bears", "vit", "image-classification")
    for side in (40_000, 9_000):
        answer = client.post(path, content=bomb(side), headers={"content-type": "image/png"})
        assert (answer.status_code, "million" in answer.json()["error"]) == (413, True)
    assert figure(hub, root, "requests_failed_total", path) == 2
    assert figure(hub, root, "restarts", path) == 0


@pytest.mark.parametrize("stream", [True, False])
def test_whoever_hangs_up_ends_the_work(hub: LiveHub, root: str, writer: str, *, stream: bool) -> None:
    parameters = {"max_new_tokens": 8000, "min_new_tokens": 8000}
    body = json.dumps({"inputs": "ada lives", "parameters": parameters, "stream": stream}).encode()
    ended = figure(hub, root, "requests_total", writer)
    with connected(hub) as line:
        line.sendall(request(hub, writer, body))
        if stream:
            assert b"200 OK" in line.recv(4096)
        until(lambda: figure(hub, root, "requests_running", writer) == 1)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    left = time.monotonic()
    until(lambda: figure(hub, root, "requests_running", writer) == 0)
    assert time.monotonic() - left < 5
    assert figure(hub, root, "requests_total", writer) == ended + 1


def test_two_hundred_at_once_are_all_answered(hub: LiveHub, mood: str) -> None:
    async def ask() -> list[tuple[int, Any]]:
        limits = httpx.Limits(max_connections=CROWD)
        async with httpx.AsyncClient(base_url=hub.url, timeout=PATIENT, trust_env=False, limits=limits) as crowd:
            calls = (crowd.post(mood, json={"inputs": FILM}) for _ in range(CROWD))
            return [(one.status_code, one.json()) for one in await asyncio.gather(*calls)]

    heard = asyncio.run(ask())
    told = Counter(status for status, _ in heard)
    assert set(told) <= {200, 429, 503}, told
    assert told[200] >= CROWD // 2
    assert len({answer[0][0]["label"] for status, answer in heard if status == 200}) == 1


def workers_of(hub: LiveHub) -> set[int]:
    """Processes of this hub that live in its folder of workers, without the one that others are split off."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (place / "cwd").readlink() == hub.data / "workers":
                parents[int(place.name)] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
    return set(parents) - set(parents.values())


def test_a_worker_that_is_killed_at_work_says_so_and_the_next_call_is_served(
    hub: LiveHub, client: httpx.Client, root: str, writer: str
) -> None:
    body = {"inputs": "ada lives", "parameters": {"max_new_tokens": 8000, "min_new_tokens": 8000}}
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(client.post, writer, json=body)
        until(lambda: figure(hub, root, "requests_running", writer) == 1)
        for process in workers_of(hub):
            os.kill(process, signal.SIGKILL)
        answer = asked.result(PATIENT)
    assert (answer.status_code, "killed" in answer.json()["error"]) == (503, True), answer.text
    assert client.post(writer, json={"inputs": "ada", "parameters": {"max_new_tokens": 3}}).status_code == 200
    assert figure(hub, root, "restarts", writer) == 1


TORN = {
    "garbage": lambda data: b"\xff" * 64,
    "endless-head": lambda data: struct.pack("<Q", 1 << 60) + data[8:],
    "half": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
}


@pytest.mark.parametrize("how", TORN)
def test_torn_weights_are_told(client: httpx.Client, publish: Publish, how: str) -> None:
    def tear(folder: Path) -> None:
        weights = folder / "model.safetensors"
        weights.write_bytes(TORN[how](weights.read_bytes()))

    path = publish(f"torn-{how}", "bert-classifier", "text-classification", change=tear)
    for _ in range(2):
        answer = client.post(path, json={"inputs": FILM})
        assert (answer.status_code, "cannot be read" in answer.json()["error"]) == (422, True), answer.text


def test_a_pickle_with_code_is_named_and_never_run(client: httpx.Client, publish: Publish, tmp_path: Path) -> None:
    sprung = tmp_path / "sprung"

    def poison(folder: Path) -> None:
        (folder / "model.safetensors").unlink()
        torch.save({"weight": Trap(sprung)}, folder / "pytorch_model.bin")

    for name, card, words in [
        ("pickle", "", "pickles (pytorch_model.bin)"),
        ("trusted", "inference: {pickles: true}\n", "cannot be read"),
    ]:
        path = publish(name, "bert-classifier", "text-classification", change=poison, card=card)
        answer = client.post(path, json={"inputs": FILM})
        assert (answer.status_code, words in answer.json()["error"]) == (422, True), answer.text
    assert not sprung.exists()
