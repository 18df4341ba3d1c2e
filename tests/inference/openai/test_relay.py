"""The gateway before a model of another server: what callers see on good days and on bad ones."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from tests.inference.engine.rough_server import RoughServer, running

from bearhug.hub.access.records import Actor
from bearhug.inference.engine import plans
from bearhug.inference.environments.service import Environments
from bearhug.inference.openai import alone
from bearhug.inference.openai.service import Spoken
from bearhug.inference.openai.stream import lifetime
from bearhug.inference.workers.records import Limits, Plan
from bearhug.inference.workers.supervisor import Workers

openai = pytest.importorskip("openai")
HELLO: Any = [{"role": "user", "content": "hello"}]


@dataclass(frozen=True)
class Elsewhere:
    """One model that another server has."""

    url: str
    workers: Workers
    environments: Environments

    def plan(self, actor: Actor, model: str) -> Plan:
        options = plans.Options(engine="remote", url=self.url, api_key="sk-behind", remote_model="behind")
        return plans.plan(options, self.environments, key="elsewhere", label=model)

    embedder = plan

    def spoken(self, actor: Actor) -> list[Spoken]:
        return [self.one(actor, "ada/chat")]

    def one(self, actor: Actor, model: str) -> Spoken:
        return Spoken(model, datetime.now(UTC))


@pytest.fixture(scope="module")
def server() -> Iterator[RoughServer]:
    with running() as found:
        yield found


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Workers:
    return Workers(tmp_path_factory.mktemp("workers"), Limits())


@pytest.fixture(scope="module")
def address(server: RoughServer, workers: Workers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    voice = Elsewhere(server.url, workers, Environments(tmp_path_factory.mktemp("environments")))
    edge = alone.edge(voice, None, lifetime(lambda: None, workers.close))
    config = uvicorn.Config(edge, log_level="error", lifespan="on", ws="none")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        front = uvicorn.Server(config)
        thread = threading.Thread(target=front.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        front.should_exit = True
        thread.join()


@pytest.fixture
def ask(address: str, server: RoughServer) -> Iterator[Any]:
    server.manners = "good"
    server.heard.clear()
    server.closed.clear()
    with openai.OpenAI(base_url=f"{address}/v1", api_key="x", max_retries=0, timeout=60) as made:
        yield made.chat.completions


def test_an_answer_bears_the_name_that_was_asked(ask: Any, server: RoughServer) -> None:
    tools = [{"type": "function", "function": {"name": "weather", "parameters": {}}}]
    answer = ask.create(model="ada/chat", messages=HELLO, tools=tools, logit_bias={"1": 2})
    assert (answer.model, answer.choices[0].message.content) == ("ada/chat", "hello")
    assert answer.usage.completion_tokens == 2
    (heard,) = server.heard
    assert (heard["model"], heard["tools"], heard["logit_bias"]) == ("behind", tools, {"1": 2})
    assert "stream_options" not in heard


def test_a_stream_counts_tokens_only_for_who_asks(ask: Any, server: RoughServer) -> None:
    plain = list(ask.create(model="ada/chat", messages=HELLO, stream=True))
    assert "".join(chunk.choices[0].delta.content for chunk in plain) == "你好"
    assert {chunk.model for chunk in plain} == {"ada/chat"}
    assert all(chunk.usage is None for chunk in plain)
    counted = list(ask.create(model="ada/chat", messages=HELLO, stream=True, stream_options={"include_usage": True}))
    assert counted[-1].usage.prompt_tokens == 7
    assert all(heard["stream_options"] == {"include_usage": True} for heard in server.heard)


def test_tokens_of_servers_behind_count_for_the_worker(ask: Any, workers: Workers) -> None:
    before = workers.standing("elsewhere")
    read = before.speed.read if before is not None else 0
    ask.create(model="ada/chat", messages=HELLO)
    after = workers.standing("elsewhere")
    assert after is not None
    assert after.speed.read == read + 7


def test_errors_of_the_server_keep_their_status(ask: Any, server: RoughServer) -> None:
    server.manners = "busy"
    for stream in (False, True):
        with pytest.raises(openai.RateLimitError, match="ada/chat is busy") as caught:
            ask.create(model="ada/chat", messages=HELLO, stream=stream)
        assert caught.value.response.headers["retry-after"] == "3"


@pytest.mark.parametrize("manners", ["locked", "broken", "rubbish", "foreign", "elsewhere"])
def test_a_server_out_of_order_is_a_503_before_anything_streams(ask: Any, server: RoughServer, manners: str) -> None:
    server.manners = manners
    with pytest.raises(openai.InternalServerError) as caught:
        ask.create(model="ada/chat", messages=HELLO, stream=False)
    assert caught.value.status_code == 503
    if manners != "rubbish":
        with pytest.raises(openai.InternalServerError):
            ask.create(model="ada/chat", messages=HELLO, stream=True)


@pytest.mark.parametrize(
    ("manners", "words"),
    [("dying", "broke off"), ("short", "before its answer was whole"), ("failing", "engine died"), ("rubbish", "JSON")],
)
def test_what_breaks_in_mid_stream_is_the_last_event(ask: Any, server: RoughServer, manners: str, words: str) -> None:
    server.manners = manners
    heard = iter(ask.create(model="ada/chat", messages=HELLO, stream=True))
    if manners != "rubbish":
        assert next(heard).choices[0].delta.content == "half"
    with pytest.raises(openai.APIError, match=words):
        list(heard)


def test_an_event_that_never_ends_is_broken_off(ask: Any, server: RoughServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bearhug.inference.openai.relay.events.LARGEST_EVENT", 100_000)
    server.manners = "endless"
    with pytest.raises(openai.APIError, match="too large"):
        list(ask.create(model="ada/chat", messages=HELLO, stream=True))
    assert server.closed.wait(60)


@pytest.mark.parametrize(("manners", "stream"), [("slow", True), ("silent", False), ("silent", True)])
def test_who_leaves_closes_the_request_behind(address: str, server: RoughServer, manners: str, *, stream: bool) -> None:
    server.manners = manners
    server.closed.clear()
    server.heard.clear()
    host, _, port = address.removeprefix("http://").partition(":")
    body = b'{"model":"ada/chat","messages":[],"stream":%s}' % (b"true" if stream else b"false")
    head = (
        b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    )
    with socket.create_connection((host, int(port))) as caller:
        caller.sendall(head % len(body) + body)
        if manners == "slow":
            assert caller.recv(100)
        else:
            while not server.heard:
                assert not server.closed.wait(0.01)
    assert server.closed.wait(60)


def test_paths_that_the_server_has_not_are_clear(address: str, ask: Any) -> None:
    made = openai.OpenAI(base_url=f"{address}/v1", api_key="x", max_retries=0)
    with made, pytest.raises(openai.NotFoundError, match="has no /v1/embeddings"):
        made.embeddings.create(model="ada/chat", input="x")


def test_nobody_there_is_told_with_what_to_do(workers: Workers, tmp_path: Path) -> None:
    from bearhug.base.errors import NotReady
    from bearhug.inference.workers.asking import ask as ask_worker

    voice = Elsewhere("http://127.0.0.1:9/v1", workers, Environments(tmp_path))
    plan = plans.plan(plans.Options(engine="remote", url=voice.url), voice.environments, key="nobody", label="nobody")
    with pytest.raises(NotReady, match="cannot be reached"):
        ask_worker(workers, plan, {"do": "forward", "path": "/v1/chat/completions", "body": {"model": "x"}})
    assert "Cannot reach http://127.0.0.1:9/v1" in workers.log_of("nobody")
    workers.unload("nobody")
