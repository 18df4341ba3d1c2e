"""The lines of curl with which people try a server that speaks the OpenAI API, in a real shell."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.clients.shell import Shell
from tests.clients.tiny_models import TinyModels
from tests.live_hub import LiveHub
from tests.people import ADA

pytestmark = [pytest.mark.client, pytest.mark.slow]
Curl = Callable[..., str]


@pytest.fixture(scope="module")
def models(hub: LiveHub, tmp_path_factory: pytest.TempPathFactory) -> TinyModels:
    return TinyModels(hub, tmp_path_factory.mktemp("models"), "curl")


@pytest.fixture
def speaker(hub: LiveHub, models: TinyModels) -> str:
    return models("speaker").removeprefix(f"{hub.url}/models/")


@pytest.fixture
def curl(hub: LiveHub, shell: Callable[..., Shell]) -> Curl:
    """`curl("/v1/models")` gets, `curl("/v1/completions", {…})` posts as JSON; more words are curl's own."""
    terminal = shell(ADA)

    def ask(path: str, body: dict[str, Any] | None = None, *words: str) -> str:
        sent = ["-H", "Content-Type: application/json", "-d", json.dumps(body)] if body is not None else []
        key = ["-H", f"Authorization: Bearer {hub.token(ADA)}"]
        return terminal("curl", "-sS", "--fail-with-body", *words, f"{hub.url}{path}", *key, *sent)

    return ask


@pytest.mark.covers("/v1/models", client="curl")
def test_models_are_listed(curl: Curl, speaker: str) -> None:
    listed = json.loads(curl("/v1/models"))
    assert listed["object"] == "list"
    assert json.loads(curl(f"/v1/models/{speaker}"))["id"] == speaker


@pytest.mark.covers("/v1/chat/completions", client="curl")
def test_a_conversation_comes_whole_and_line_by_line(curl: Curl, speaker: str) -> None:
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "hello"}]
    body = {"model": speaker, "messages": messages, "max_tokens": 8, "temperature": 0}
    whole = json.loads(curl("/v1/chat/completions", body))["choices"][0]["message"]
    lines = curl("/v1/chat/completions", {**body, "stream": True}, "-N").split("\n\n")
    assert [line for line in lines if line.strip()][-1].strip() == "data: [DONE]"
    parts = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: {")]
    said = "".join(part["choices"][0]["delta"].get("content") or "" for part in parts if part["choices"])
    assert (whole["role"], whole["content"]) == ("assistant", said)


@pytest.mark.covers("/v1/completions", client="curl")
def test_a_text_goes_on(curl: Curl, speaker: str) -> None:
    body = {"model": speaker, "prompt": "San Francisco is a", "max_tokens": 7, "temperature": 0}
    answer = json.loads(curl("/v1/completions", body))
    assert answer["object"] == "text_completion"
    assert answer["usage"]["completion_tokens"] <= 7


@pytest.mark.covers("/v1/embeddings", client="curl")
def test_texts_become_vectors(hub: LiveHub, models: TinyModels, curl: Curl) -> None:
    name = models("sentences").removeprefix(f"{hub.url}/models/")
    answer = json.loads(curl("/v1/embeddings", {"model": name, "input": ["the film", "paris"]}))
    assert [len(one["embedding"]) for one in answer["data"]] == [32, 32]


@pytest.mark.covers("/tokenize, /detokenize", client="curl")
def test_tokens_go_there_and_back(curl: Curl, speaker: str) -> None:
    told = json.loads(curl("/tokenize", {"model": speaker, "prompt": "bear", "add_special_tokens": False}))
    assert told["count"] == len(told["tokens"]) == 4
    assert json.loads(curl("/detokenize", {"model": speaker, "tokens": told["tokens"]})) == {"prompt": "bear"}
