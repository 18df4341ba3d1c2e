"""The edge: bodies, errors, ranges and headers, called in process over ASGI."""

import threading

import httpx
import pytest
from starlette.responses import Response

from bearhug.base.brief import takes_long
from bearhug.base.content import Content
from bearhug.base.errors import Conflict, EntryNotFound, Moved, RepoNotFound
from bearhug.base.http.answers import content_answer, json_answer, next_link
from bearhug.base.http.call import Call
from bearhug.base.http.edge import Edge, header_text
from bearhug.base.http.router import Router
from bearhug.base.http.rows import Row

DATA = bytes(range(256)) * 40


def echo(call: Call) -> Response:
    return json_answer({"params": call.params, "json": call.json(), "all": call.all("expand")})


def send(call: Call) -> Response:
    content = Content(len(DATA), '"tag"', read=lambda start, size: DATA[start : start + size])
    return content_answer(call, content, {})


def refuse(call: Call) -> Response:
    match call.params["what"]:
        case "hidden":
            raise RepoNotFound(anonymous=True)
        case "entry":
            raise EntryNotFound("no ümlaut\nhere", headers={"x-repo-commit": "abc"})
        case "taken":
            raise Conflict("taken", url="http://x/y")
        case "moved":
            raise Moved("ada/old", "ada/new")
        case "owner":
            raise Moved("re", "ada")
        case _:
            raise RuntimeError("secret detail")


def page(call: Call) -> Response:
    return json_answer([], headers=next_link(call, "a b&c"))


ROWS = [
    Row("POST", "/echo/{word}", echo, "", body="json", limit=100),
    Row("POST", "/large", echo, "", body="json", limit=1 << 20),
    Row("GET", "/bytes", send, ""),
    Row("GET", "/refuse/{what}", refuse, ""),
    Row("GET", "/refuse/{what}/ada/old/tree", refuse, ""),
    Row("GET", "/refuse/{what}/{owner}/{name}", refuse, ""),
    Row("GET", "/page/{rev}", page, ""),
]


@pytest.fixture
def client() -> httpx.AsyncClient:
    transport = httpx.ASGITransport(Edge(Router(ROWS, {})))
    return httpx.AsyncClient(transport=transport, base_url="http://hub.test")


pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_json_and_repeated_keys_arrive(client: httpx.AsyncClient) -> None:
    answer = await client.post("/echo/w?expand=a&expand[]=b", json={"x": 1})
    assert answer.json() == {"params": {"word": "w"}, "json": {"x": 1}, "all": ["a", "b"]}


@pytest.mark.parametrize("body", [b"{", b"[1]", b"\xff", b"[" * 90])
async def test_a_body_that_is_no_json_object_is_a_bad_request(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/echo/w", content=body)
    assert answer.status_code == 400
    assert "JSON" in answer.json()["error"]


@pytest.mark.parametrize("text", ["\\ud800", "a\\uDFFFb"])
async def test_half_a_character_is_a_bad_request_and_a_whole_one_of_two_halves_is_not(
    client: httpx.AsyncClient, text: str
) -> None:
    answer = await client.post("/echo/w", content=b'{"a": ["%s"]}' % text.encode())
    assert answer.status_code == 400
    assert "half a character" in answer.json()["error"]
    assert (await client.post("/echo/w", content=b'{"a": "\\ud83d\\ude00"}')).json()["json"] == {"a": "😀"}


async def test_a_body_of_countless_values_is_refused_before_it_is_parsed(client: httpx.AsyncClient) -> None:
    answer = await client.post("/large", content=b'{"a":[' + b"{}," * 300_000 + b"1]}")
    assert (answer.status_code, answer.json()["error"][:30]) == (400, "The body holds too many values")


async def test_a_body_over_the_limit_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/echo/w", content=b" " * 101)
    assert (answer.status_code, answer.json()["error"]) == (413, "The body may hold at most 100 bytes.")


@pytest.mark.parametrize(
    ("header", "status", "expected"),
    [
        ("bytes=0-9", 206, DATA[:10]),
        ("bytes=10-", 206, DATA[10:]),
        ("bytes=-5", 206, DATA[-5:]),
        ("bytes=0-99999999", 206, DATA),
        pytest.param("bytes=0-" + "9" * 5000, 206, DATA, id="to a number beyond reading"),
        pytest.param("bytes=-" + "9" * 5000, 206, DATA, id="all but a number beyond reading"),
        pytest.param("bytes=" + "0" * 5000 + "-9", 206, DATA[:10], id="from a zero of many digits"),
        ("bytes=0-1,4-5", 200, DATA),
        ("lines=1-2", 200, DATA),
        ("bytes=-", 200, DATA),
    ],
)
async def test_ranges(client: httpx.AsyncClient, header: str, status: int, expected: bytes) -> None:
    answer = await client.get("/bytes", headers={"range": header})
    assert (answer.status_code, answer.content) == (status, expected)
    assert int(answer.headers["content-length"]) == len(expected)


@pytest.mark.parametrize("header", ["bytes=10240-", "bytes=99999-100000", "bytes=-0", "bytes=9-3"])
async def test_a_range_outside_of_the_file_is_416(client: httpx.AsyncClient, header: str) -> None:
    answer = await client.get("/bytes", headers={"range": header})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(DATA)}"


async def test_if_range_with_another_tag_sends_the_whole(client: httpx.AsyncClient) -> None:
    answer = await client.get("/bytes", headers={"range": "bytes=0-9", "if-range": '"old"'})
    assert (answer.status_code, len(answer.content)) == (200, len(DATA))


async def test_what_the_client_has_is_not_sent_again(client: httpx.AsyncClient) -> None:
    answer = await client.get("/bytes", headers={"if-none-match": 'W/"x", "tag"'})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", '"tag"')


async def test_head_tells_the_size_and_sends_nothing(client: httpx.AsyncClient) -> None:
    answer = await client.head("/bytes")
    assert (answer.headers["content-length"], answer.content) == (str(len(DATA)), b"")


async def test_errors_speak_in_headers_too(client: httpx.AsyncClient) -> None:
    answer = await client.get("/refuse/entry")
    assert answer.status_code == 404
    assert answer.headers["x-error-code"] == "EntryNotFound"
    assert answer.headers["x-error-message"] == "no ?mlaut here"
    assert answer.headers["x-repo-commit"] == "abc"


async def test_anonymous_people_get_401_for_what_they_cannot_see(client: httpx.AsyncClient) -> None:
    answer = await client.get("/refuse/hidden")
    assert (answer.status_code, answer.headers["x-error-code"]) == (401, "RepoNotFound")


async def test_a_conflict_carries_its_fields(client: httpx.AsyncClient) -> None:
    assert (await client.get("/refuse/taken")).json() == {"error": "taken", "url": "http://x/y"}


async def test_a_renamed_repository_keeps_the_rest_of_the_address(client: httpx.AsyncClient) -> None:
    answer = await client.get("/refuse/moved/ada/old/tree?x=1")
    assert (answer.status_code, answer.headers["location"]) == (307, "/refuse/moved/ada/new/tree?x=1")


async def test_an_unforeseen_failure_tells_nothing_of_its_inside(client: httpx.AsyncClient) -> None:
    answer = await client.get("/refuse/crash")
    assert answer.status_code == 500
    assert "secret" not in answer.text


async def test_a_failure_stands_in_the_log_with_the_request_that_its_caller_names(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await client.get("/refuse/crash%0aGET%20%2Fforged")
    assert answer.headers["x-request-id"] in caplog.messages[0]
    assert caplog.messages[0].startswith("GET /refuse/crash%0aGET%20%2Fforged failed (request ")


async def test_the_request_id_comes_back(client: httpx.AsyncClient) -> None:
    assert (await client.get("/nowhere", headers={"x-amzn-trace-id": "t-1"})).headers["x-request-id"] == "t-1"
    assert (await client.get("/page/1", headers={"x-request-id": "r-1"})).headers["x-request-id"] == "r-1"


async def test_the_next_page_is_an_absolute_address_with_the_same_question(client: httpx.AsyncClient) -> None:
    answer = await client.get("/page/a%2Fb?search=x%20y&cursor=old")
    assert answer.headers["link"] == '<http://hub.test/page/a%2Fb?search=x%20y&cursor=a%20b%26c>; rel="next"'


async def test_other_origins_may_read_the_headers(client: httpx.AsyncClient) -> None:
    answer = await client.get("/bytes", headers={"origin": "http://elsewhere"})
    assert "X-Repo-Commit" in answer.headers["access-control-expose-headers"]
    assert (await client.options("/bytes", headers={"origin": "http://e"})).status_code == 204


def test_what_a_header_says_is_printable_whatever_was_asked_for() -> None:
    assert header_text('There is no file "a\0b" at\n "ä".') == 'There is no file "a?b" at "?".'


@pytest.mark.parametrize(
    ("asked", "location"),
    [
        ("/refuse/owner/re/x?y=re", "/refuse/owner/ada/x?y=re"),
        ("/refuse/owner/%72e/x", "/refuse/owner/ada/x"),
        ("/refuse/moved/ada/old.git", "/refuse/moved/ada/new.git"),
        ("http://hub.test//refuse/owner//re/x", "/refuse/owner/ada/x"),
    ],
)
async def test_a_rename_replaces_whole_segments_however_they_are_written(
    client: httpx.AsyncClient, asked: str, location: str
) -> None:
    answer = await client.get(asked)
    assert (answer.status_code, answer.headers["location"]) == (307, location)


async def test_a_renamed_thing_that_is_not_in_the_address_is_not_found(client: httpx.AsyncClient) -> None:
    answer = await client.get("/refuse/moved")
    assert answer.status_code == 404
    assert "ada/new" in answer.json()["error"]


def whereabouts(call: Call) -> Response:
    if call.flag("long"):
        takes_long()
    return json_answer({"on_loop": threading.current_thread() is threading.main_thread()})


@pytest.mark.parametrize(
    ("at_once", "address", "on_loop"),
    [
        (True, "/brief", True),
        (True, "/brief?long=1", False),
        (True, "/thread", False),
        (False, "/brief", False),
    ],
)
async def test_brief_answers_stay_on_the_loop_unless_they_turn_out_long(
    at_once: bool, address: str, on_loop: bool
) -> None:
    rows = [Row("GET", "/brief", whereabouts, "", brief=True), Row("GET", "/thread", whereabouts, "")]
    edge = Edge(Router(rows, {}), answers_at_once=at_once)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(edge), base_url="http://hub.test") as asking:
        assert (await asking.get(address)).json() == {"on_loop": on_loop}
