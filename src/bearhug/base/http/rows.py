"""Endpoints as rows of data: router, OpenAPI document, `make routes` and docs/api.md come from these."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from starlette.responses import Response

from bearhug.base.errors import HubError
from bearhug.base.http.call import Call

Answer = Callable[[Call], Response]
StreamAnswer = Callable[[Call], Awaitable[Response]]
Body = Literal["none", "json", "form", "ndjson", "bytes"]
Audience = Literal["anyone", "reader", "contributor", "writer", "owner", "user", "admin", "signed-url"]

MIB = 1 << 20


@dataclass(frozen=True)
class Row:
    """One endpoint.

    `path` is a template over percent-encoded segments: `{name}` takes one, `{name*}` all that remain (possibly
    none). `{types}` stands for models, datasets or spaces and `{kind}` for their prefix in page addresses.
    `answer` runs in a thread, a `brief` one on the event loop (see base/brief.py); `stream` runs on the event loop
    and reads the body itself.
    """

    method: str
    path: str
    answer: Answer | None
    summary: str
    audience: Audience = "anyone"
    body: Body = "none"
    returns: str = "JSON"
    refuses: Sequence[type[HubError]] = ()
    limit: int = MIB
    stream: StreamAnswer | None = None
    page: bool = False
    brief: bool = False

    @property
    def function(self) -> Callable[..., object]:
        """The function that answers, for people who look for it."""
        found = self.answer or self.stream
        assert found is not None, f"{self.method} {self.path} answers nothing"
        return found
