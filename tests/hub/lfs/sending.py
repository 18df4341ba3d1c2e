"""Requests of people who send bytes, broken off ones too."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import anyio
import httpx
from tests.hub.lfs.conftest import Sender, sha
from tests.hubbox import HubBox

from bearhug.hub.lfs.records import SEND, Ticket

ONE = os.urandom(1000)


def changed(href: str, **fields: str) -> str:
    url = httpx.URL(href)
    return str(url.copy_merge_params(fields))


def ticket_of(sender: Sender, content: bytes, repo_id: int | None = None) -> Ticket:
    return sender.box.app.lfs.tickets.give(SEND, repo_id or sender.repo_id, sha(content), len(content))


def put_part(box: HubBox, urls: dict[int, str], number: int) -> dict[str, Any]:
    answer = box.http.put(urls[number], content=ONE[(number - 1) * 300 : number * 300])
    assert answer.status_code == 200, answer.text
    return {"partNumber": number, "etag": answer.headers["etag"]}


def patch(box: HubBox, href: str, offset: int, content: bytes) -> httpx.Response:
    return box.http.patch(href, content=content, headers={"upload-offset": str(offset), "tus-resumable": "1.0.0"})


def cut_off(box: HubBox, method: str, href: str, body: bytes, headers: dict[str, str] | None = None) -> int:
    """Send some of the body and go away; the status that nobody reads."""
    url = httpx.URL(href)
    sent: list[MutableMapping[str, Any]] = []
    messages = [{"type": "http.request", "body": body, "more_body": True}, {"type": "http.disconnect"}]
    scope = {
        "type": "http",
        "method": method,
        "path": url.path,
        "raw_path": url.raw_path.partition(b"?")[0],
        "query_string": url.query,
        "headers": [(key.encode(), value.encode()) for key, value in (headers or {}).items()],
        "scheme": "http",
        "server": ("hub.test", 80),
        "client": ("127.0.0.1", 1),
    }

    async def receive() -> MutableMapping[str, Any]:
        return messages.pop(0)

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    edge: Callable[..., Awaitable[None]] = box.app.edge
    anyio.run(edge, scope, receive, send)
    return int(sent[0]["status"])


def lfs_rows(sender: Sender) -> list[Any]:
    from bearhug.hub.lfs.api import LfsApi
    from bearhug.hub.lfs.stream import LfsStream

    app = sender.box.app
    return [*LfsApi(app.lfs, app.identity.who).rows(), *LfsStream(app.lfs).rows()]
