"""The openai client, unmodified, on deployments: loaded before the first call, stopped, started, killed, measured."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from huggingface_hub import HfApi
from tests.clients.test_openai import workers_of
from tests.inference.engine.conftest import FAMILIES, write_tokenizer
from tests.live_hub import LiveHub
from tests.oracle import numbered
from tests.people import ADA, EVE, ROOT

pytestmark = [pytest.mark.client, pytest.mark.slow]
HELLO: Any = [{"role": "user", "content": "hello"}]
PATIENT = 120.0


@pytest.fixture(scope="module")
def model(ada: HfApi, tmp_path_factory: pytest.TempPathFactory) -> str:
    """ada's public language model."""
    folder: Path = tmp_path_factory.mktemp("deployed")
    FAMILIES["llama"]().save_pretrained(folder)
    write_tokenizer(folder)
    (folder / "README.md").write_text("---\npipeline_tag: text-generation\n---\n")
    repo = f"ada/{numbered('deployed')}"
    ada.create_repo(repo)
    ada.upload_folder(repo_id=repo, folder_path=folder)
    return repo


@pytest.fixture(scope="module")
def http(hub: LiveHub) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {hub.token(ADA)}"}
    with httpx.Client(base_url=f"{hub.url}/api/deployments", headers=headers, timeout=60, trust_env=False) as made:
        yield made


@pytest.fixture(scope="module")
def number(http: httpx.Client, model: str) -> int:
    """The model's deployment, kept loaded."""
    made = http.post("", json={"model": model, "keep": True, "context": 128})
    assert made.status_code == 201, made.text
    return int(made.json()["id"])


@pytest.fixture
def ask(hub: LiveHub) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{hub.url}/v1", api_key=hub.token(EVE), max_retries=0, timeout=180) as made:
        yield made


def end_of(stream: Any) -> str:
    """How a stream ended: its last finish reason, or the error that broke it off."""
    try:
        return str([chunk.choices[0].finish_reason for chunk in stream][-1])
    except openai.APIError as error:
        return error.message


def until(http: httpx.Client, number: int, is_so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """How the deployment stands once it stands like this."""
    deadline = time.monotonic() + PATIENT
    while True:
        told: dict[str, Any] = http.get(f"/{number}").json()
        if is_so(told):
            return told
        assert time.monotonic() < deadline, told
        time.sleep(0.2)


def test_a_kept_model_is_loaded_before_anybody_asks(
    http: httpx.Client, hub: LiveHub, ask: openai.OpenAI, model: str, number: int
) -> None:
    until(http, number, lambda told: told["state"] == "ready")
    chunks = list(
        ask.chat.completions.create(
            model=model, messages=HELLO, max_tokens=30, stream=True, extra_body={"ignore_eos": True}
        )
    )
    assert chunks[-1].choices[0].finish_reason == "length"
    load = http.get(f"/{number}/load").json()
    assert load["tokens"] == 30
    assert load["tokensPerSecond"] > 0
    assert load["engine"] in ("openvino", "transformers")
    assert load["memory"] > 50 << 20
    with pytest.raises(openai.BadRequestError, match="context length is 128"):
        ask.chat.completions.create(model=model, messages=HELLO, max_tokens=200)
    told = hub.get("/metrics", token=hub.new_token(ROOT, "read")).decode()
    assert f'bearhug_worker_tokens_written_total{{model="{model}",work="text",state="ready"}} 30' in told


def test_a_stop_ends_streams_and_a_start_brings_the_model_back(
    http: httpx.Client, ask: openai.OpenAI, model: str, number: int
) -> None:
    until(http, number, lambda told: told["state"] == "ready")
    stream = ask.completions.create(
        model=model, prompt="x", max_tokens=120, stream=True, extra_body={"ignore_eos": True, "min_tokens": 120}
    )
    next(iter(stream))
    stopped = http.post(f"/{number}/stop")
    assert stopped.json()["state"] == "stopped"
    assert end_of(stream) in ("This deployment was stopped.", "length")  # it may have been faster than the stop
    with pytest.raises(openai.InternalServerError, match="is stopped"):
        ask.completions.create(model=model, prompt="x", max_tokens=2)
    assert model not in {one.id for one in ask.models.list()}
    http.post(f"/{number}/start")
    until(http, number, lambda told: told["state"] == "ready")
    assert ask.completions.create(model=model, prompt="x", max_tokens=2).usage is not None


def test_the_shell_steers_a_hub_that_runs(http: httpx.Client, hub: LiveHub, model: str, number: int) -> None:
    hub.command("deployment", "stop", model)
    until(http, number, lambda told: told["state"] == "stopped" and told["load"]["memory"] is None)
    hub.command("deployment", "start", model)
    until(http, number, lambda told: told["state"] == "ready")
    assert "=== started" in hub.command("deployment", "logs", model)


def test_a_killed_engine_of_a_kept_model_comes_back_by_itself(
    http: httpx.Client, hub: LiveHub, ask: openai.OpenAI, model: str, number: int
) -> None:
    before = until(http, number, lambda told: told["state"] == "ready")
    for process in workers_of(hub):
        os.kill(process, signal.SIGKILL)
    since = before["load"]["loadedSince"]
    told = until(http, number, lambda one: one["state"] == "ready" and one["load"]["loadedSince"] > since)
    assert told["load"]["restarts"] == before["load"]["restarts"] + 1
    assert http.get(f"/{number}/logs").text.count("=== started") >= 2
    assert ask.completions.create(model=model, prompt="x", max_tokens=2).usage is not None


def test_a_model_is_served_in_a_second_way(http: httpx.Client, ask: openai.OpenAI, model: str, number: int) -> None:
    made = http.post("", json={"model": model, "name": ":exact", "engine": "transformers"})
    assert made.status_code == 201
    exact = ask.chat.completions.create(
        model=f"{model}:exact", messages=HELLO, max_tokens=3, logprobs=True, top_logprobs=2
    )
    assert exact.choices[0].logprobs is not None
    http.delete(f"/{made.json()['id']}")
    with pytest.raises(openai.NotFoundError):
        ask.chat.completions.create(model=f"{model}:exact", messages=HELLO)
    http.delete(f"/{number}")
