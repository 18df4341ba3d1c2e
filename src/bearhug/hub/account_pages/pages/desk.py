"""What every page of the settings needs: who asks, and the frame around the answer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from starlette.responses import Response

from bearhug.base.errors import Forbidden, HubError, NotFound, Unauthenticated
from bearhug.base.html.pages import Pages
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.access.rules import own_account
from bearhug.hub.access.who import Who
from bearhug.hub.sessions.pages import login_address

SHUT = (Unauthenticated, Forbidden)
Show = Callable[[Call, Actor], Response]


@dataclass(frozen=True)
class Desk:
    """Renders templates that extend `html/settings.html`."""

    pages: Pages
    who: Who

    def owner(self, call: Call) -> Actor:
        """Whoever changes their own account; read tokens and fine-grained ones may not."""
        actor = self.who(call)
        own_account(actor)
        return actor

    def form(self, path: str, show: Show, about: str) -> Row:
        """A page for whoever signed in; others are sent to do so and then back."""

        @wraps(show)
        def answer(call: Call) -> Response:
            actor = self.who(call)
            return redirect(login_address(call), status=303) if actor.is_anonymous else show(call, actor)

        return Row("GET", path, answer, about, "user", page=True, returns="HTML", refuses=SHUT)

    def render(self, call: Call, template: str, /, *, error: HubError | None = None, **facts: Any) -> Response:
        return self.pages.render(
            call,
            template,
            status=error.http_status if error else 200,
            headers={"cache-control": "no-store"},
            error=error.message if error else "",
            **facts,
        )


def post(path: str, change: Callable[[Call], Response], about: str, *, limit: int = 1 << 16) -> Row:
    """The answer to a form of the settings."""
    return Row(
        "POST",
        path,
        change,
        about,
        audience="user",
        body="form",
        page=True,
        returns="HTML or a redirect",
        refuses=(*SHUT, NotFound),
        limit=limit,
    )


def number(text: str) -> int:
    """The id that a form sends."""
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise NotFound("There is no such thing any more.")
    return int(text)
