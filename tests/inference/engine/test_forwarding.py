"""The worker of a model behind another server: good days, and bad ones."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.inference.engine.rough_server import RoughServer, running

from bearhug.base.errors import BadRequest, EntryNotFound, NotReady
from bearhug.inference.engine import behind
from bearhug.inference.engine.behind import Behind
from bearhug.inference.engine.forwarding import RemoteServant
from bearhug.inference.workers.servant import Item, Order

CHAT = "/v1/chat/completions"


@pytest.fixture
def server() -> Iterator[RoughServer]:
    with running() as found:
        yield found


@pytest.fixture
def servant(server: RoughServer) -> Iterator[RemoteServant]:
    made = RemoteServant(server.url, "sk-secret", "behind")
    yield made
    made.close()


def ask(servant: RemoteServant, path: str = CHAT, left: threading.Event | None = None, **body: Any) -> Iterator[Item]:
    order = {"do": "forward", "path": path, "body": {"model": "ada/chat", **body}}
    return servant.answer(Order(order, b"", left or threading.Event()))


def load(servant: RemoteServant) -> dict[str, Any]:
    (item,) = servant.answer(Order({"do": "load"}, b"", threading.Event()))
    found: dict[str, Any] = item.data
    return found


def test_a_request_goes_on_as_it_came_with_the_name_and_key_of_the_server(
    server: RoughServer, servant: RemoteServant
) -> None:
    head, *pieces, last = ask(servant, temperature=0, images=["beyond us"])
    assert (head.data["status"], head.data["type"]) == (200, "application/json")
    assert json.loads(b"".join(piece.blob for piece in pieces))["choices"][0]["message"] == {"content": "hello"}
    assert last.data == {"prompt": 7, "tokens": 2}
    assert server.heard == [{"path": CHAT, "model": "behind", "temperature": 0, "images": ["beyond us"]}]
    assert server.keys == ["Bearer sk-secret"]


def test_streams_come_in_pieces_and_are_counted(servant: RemoteServant) -> None:
    head, *pieces, last = ask(servant, stream=True)
    assert head.data["type"].startswith("text/event-stream")
    assert b"".join(piece.blob for piece in pieces).endswith(b"data: [DONE]\n\n")
    assert last.data == {"prompt": 7, "tokens": 2}


def test_connections_are_kept_and_replaced_when_the_server_closed_them(
    server: RoughServer, servant: RemoteServant
) -> None:
    for _ in range(3):
        list(ask(servant))
    assert server.connections == 1
    servant._behind._idle[0].sock.shutdown(socket.SHUT_RDWR)
    head, *_ = ask(servant)
    assert head.data["status"] == 200
    assert server.connections == 2


def test_errors_that_callers_can_mend_are_passed_on_under_their_name(
    server: RoughServer, servant: RemoteServant
) -> None:
    server.manners = "busy"
    (head,) = ask(servant)
    assert (head.data["status"], head.data["retry_after"]) == (429, "3")
    assert head.data["error"]["message"] == "ada/chat is busy"
    assert head.data["error"]["code"] == "busy"


@pytest.mark.parametrize(
    ("manners", "words"),
    [
        ("locked", "does not take the key"),
        ("broken", "out of memory"),
        ("elsewhere", "302"),
        ("foreign", "broke off"),
    ],
)
def test_what_callers_cannot_mend_is_said_without_secrets(
    server: RoughServer, servant: RemoteServant, manners: str, words: str
) -> None:
    server.manners = manners
    with pytest.raises(NotReady, match=words) as caught:
        list(ask(servant))
    assert "sk-secret" not in caught.value.message
    assert "127.0.0.1" not in caught.value.message


def test_a_server_that_is_not_there_is_told_with_what_to_do() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        servant = RemoteServant(f"http://127.0.0.1:{nobody.getsockname()[1]}/v1", "", "behind")
        with pytest.raises(NotReady, match="cannot be reached") as caught:
            list(ask(servant))
    assert caught.value.headers["retry-after"]


def test_a_path_that_the_server_has_not_is_a_clear_error(servant: RemoteServant) -> None:
    with pytest.raises(EntryNotFound, match="has no /tokenize"):
        list(ask(servant, "/tokenize", prompt="x"))
    with pytest.raises(BadRequest):
        list(ask(servant, "/admin/stop"))


def test_a_server_that_dies_in_mid_stream_is_told_after_what_came(server: RoughServer, servant: RemoteServant) -> None:
    server.manners = "dying"
    items = ask(servant, stream=True)
    assert next(items).data["status"] == 200
    assert b"half" in next(items).blob
    with pytest.raises(NotReady, match="broke off"):
        list(items)


def test_an_answer_without_an_end_is_broken_off(
    server: RoughServer, servant: RemoteServant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(behind, "LARGEST_ANSWER", 4 << 20)
    server.manners = "endless"
    with pytest.raises(NotReady, match="without an end"):
        list(ask(servant))
    assert server.closed.wait(60)


def test_a_server_that_says_nothing_is_waited_for_only_so_long(
    server: RoughServer, servant: RemoteServant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(behind, "SILENCE_SECONDS", 0.3)
    server.manners = "silent"
    with pytest.raises(NotReady, match="said nothing"):
        list(ask(servant))


def test_one_answer_may_take_only_so_long(server: RoughServer) -> None:
    server.manners = "slow"
    caller = Behind(server.url)
    with (
        pytest.raises(NotReady, match="took too long"),
        caller.ask(CHAT, b"{}", left=threading.Event(), seconds=0.3) as answer,
    ):
        list(answer.pieces())
    assert server.closed.wait(60)


@pytest.mark.parametrize("manners", ["slow", "silent"])
def test_who_leaves_closes_the_request_behind(server: RoughServer, servant: RemoteServant, manners: str) -> None:
    server.manners, left, ended = manners, threading.Event(), threading.Event()

    def listen() -> None:
        with pytest.raises(NotReady):
            list(ask(servant, left=left, stream=True))
        ended.set()

    threading.Thread(target=listen, daemon=True).start()
    while not server.heard:
        time.sleep(0.01)
    left.set()
    assert ended.wait(60)
    assert server.closed.wait(60)


def test_load_is_what_the_server_says_of_this_model(servant: RemoteServant) -> None:
    told = load(servant)
    assert (told["running"], told["waiting"], told["cache"]) == (3, 2, 0.25)
    assert (told["engine"], told["context"]) == ("remote", 4096)


def test_load_is_counted_where_the_server_tells_nothing(server: RoughServer, servant: RemoteServant) -> None:
    server.manners = "plain"
    assert load(servant)["running"] == 0
    items = ask(servant, stream=True)
    next(items)
    assert load(servant)["running"] == 1
    list(items)
    assert load(servant)["running"] == 0


@pytest.mark.parametrize(
    ("url", "chat", "metrics"),
    [
        ("http://h:1/v1", "/v1/chat/completions", "/metrics"),
        ("http://h:1/v1/", "/v1/chat/completions", "/metrics"),
        ("http://h:1", "/v1/chat/completions", "/metrics"),
        ("https://h/api/paas/v4", "/api/paas/v4/chat/completions", "/api/paas/metrics"),
        ("https://h/vllm", "/vllm/v1/chat/completions", "/vllm/metrics"),
    ],
)
def test_addresses_are_taken_as_clients_write_them(url: str, chat: str, metrics: str) -> None:
    assert Behind(url).place_of(CHAT) == chat
    assert Behind(url).place_of("/metrics") == metrics
