"""The openai client on a deployment of another server: the hub passes on, and the server behind answers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from tests.inference.engine.conftest import FAMILIES, write_tokenizer
from tests.live_hub import LiveHub
from tests.people import EVE, ROOT

pytestmark = [pytest.mark.client, pytest.mark.slow]
HELLO: Any = [{"role": "user", "content": "hello"}]
WEATHER: Any = {
    "type": "function",
    "function": {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"enum": ["Oslo"]}}}},
}


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that is not the hub."""
    folder: Path = tmp_path_factory.mktemp("behind")
    FAMILIES["llama"]().save_pretrained(folder)
    write_tokenizer(folder)
    command = [str(Path(sys.executable).with_name("bearhug")), "serve", str(folder), "--port", "0"]
    env = {"HOME": str(tmp_path_factory.mktemp("home")), "PATH": os.defpath}
    options = ["--api-key", "sk-behind", "--served-model-name", "behind", "--engine", "openvino"]
    with subprocess.Popen([*command, *options], env=env, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().split()[-1]
        server.terminate()


@pytest.fixture(scope="module")
def http(hub: LiveHub) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {hub.new_token(ROOT, 'write')}"}
    with httpx.Client(base_url=hub.url, headers=headers, timeout=180, trust_env=False) as made:
        yield made


@pytest.fixture(scope="module")
def number(http: httpx.Client, behind: str) -> int:
    wish = {"name": "far-away", "engine": "remote", "url": behind, "key": "sk-behind", "remoteModel": "behind"}
    made = http.post("/api/deployments", json=wish)
    assert made.status_code == 201, made.text
    return int(made.json()["id"])


def asking(url: str, key: str | None) -> openai.OpenAI:
    return openai.OpenAI(base_url=url, api_key=key, max_retries=0, timeout=180)


def test_what_the_server_behind_says_is_what_the_hub_says(
    hub: LiveHub, http: httpx.Client, behind: str, number: int
) -> None:
    wanted: Any = {"messages": HELLO, "max_tokens": 12, "temperature": 0}
    with asking(behind, "sk-behind") as there, asking(f"{hub.url}/v1", hub.token(EVE)) as here:
        direct = there.chat.completions.create(model="behind", **wanted)
        passed = here.chat.completions.create(model="far-away", **wanted)
        assert (passed.model, passed.usage) == ("far-away", direct.usage)
        assert passed.choices[0].message.content == direct.choices[0].message.content
        stream = here.chat.completions.create(model="far-away", stream=True, **wanted)
        chunks = list(stream)
        assert "".join(one.choices[0].delta.content or "" for one in chunks) == passed.choices[0].message.content
        assert {one.model for one in chunks} == {"far-away"}
        called = here.chat.completions.create(
            model="far-away", messages=HELLO, tools=[WEATHER], tool_choice="required", max_tokens=200, temperature=0
        )
        assert called.choices[0].finish_reason in ("tool_calls", "length")
        with pytest.raises(openai.BadRequestError, match="context length is 256"):
            here.chat.completions.create(model="far-away", messages=[{"role": "user", "content": "x" * 400}])
        assert "far-away" in {one.id for one in here.models.list()}
    assert http.post("/tokenize", json={"model": "far-away", "prompt": "hello"}).json()["count"] >= 5
    told = http.get(f"/api/deployments/{number}/load").json()
    assert (told["engine"], told["running"]) == ("remote", 0)
    assert told["tokens"] >= 24


def test_vectors_come_from_the_server_behind(hub: LiveHub, http: httpx.Client, behind: str, number: int) -> None:
    texts = ["hello", "the film is good"]
    wish = {"name": "far-vectors", "engine": "remote", "url": behind, "key": "sk-behind", "remoteModel": "behind"}
    made = http.post("/api/deployments", json={**wish, "task": "feature-extraction"})
    assert made.status_code == 201, made.text
    before = http.get("/api/admin/usage").json()["sums"]["promptTokens"]
    with asking(behind, "sk-behind") as there, asking(f"{hub.url}/v1", hub.token(EVE)) as here:
        direct = there.embeddings.create(model="behind", input=texts)
        for name in ("far-away", "far-vectors"):
            passed = here.embeddings.create(model=name, input=texts)
            assert (passed.model, passed.usage) == (name, direct.usage)
            assert [one.embedding for one in passed.data] == [pytest.approx(one.embedding) for one in direct.data]
        floats = here.embeddings.create(model="far-vectors", input=texts[0], dimensions=4, encoding_format="float")
        assert len(floats.data[0].embedding) == 4
        with pytest.raises(openai.BadRequestError, match="none empty"):
            here.embeddings.create(model="far-vectors", input=[""])
    assert http.get("/api/admin/usage").json()["sums"]["promptTokens"] >= before + 2 * direct.usage.prompt_tokens
    told = http.get(f"/api/deployments/{made.json()['id']}/load").json()
    assert (told["engine"], told["running"]) == ("remote", 0)


def test_a_key_that_the_server_refuses_is_the_deployments_to_mend(
    hub: LiveHub, http: httpx.Client, number: int
) -> None:
    changed = http.patch(f"/api/deployments/{number}", json={"key": "wrong"})
    assert changed.status_code == 200, changed.text
    with asking(f"{hub.url}/v1", hub.token(EVE)) as here, pytest.raises(openai.InternalServerError, match="the key"):
        here.chat.completions.create(model="far-away", messages=HELLO)
