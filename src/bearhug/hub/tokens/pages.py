"""The page on which people make and revoke access tokens."""

from datetime import timedelta

from starlette.responses import Response

from bearhug.base import clock
from bearhug.base.errors import BadRequest, Forbidden, HubError, NotFound, Unauthenticated
from bearhug.base.html.pages import Pages
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import TokenKind
from bearhug.hub.access.who import Who
from bearhug.hub.tokens.records import NewToken
from bearhug.hub.tokens.service import Tokens

LIVES = {"": None, "7": 7, "30": 30, "90": 90, "365": 365}
KINDS = (TokenKind.READ, TokenKind.WRITE)


class TokensPages:
    """A new token is shown once, on the answer to the form that made it."""

    def __init__(self, tokens: Tokens, pages: Pages, who: Who) -> None:
        self._tokens = tokens
        self._pages = pages
        self._who = who

    def rows(self) -> list[Row]:
        path, shut = "/settings/tokens", (Unauthenticated, Forbidden)
        about = "One's access tokens"
        return [
            Row("GET", path, self.listing, about, audience="user", page=True, returns="HTML", refuses=shut),
            Row(
                "POST",
                path,
                self.create,
                "Make an access token",
                "user",
                "form",
                "HTML",
                (*shut, BadRequest),
                page=True,
            ),
            Row(
                "POST",
                f"{path}/revoke",
                self.revoke,
                "End an access token",
                audience="user",
                body="form",
                page=True,
                returns="a redirect",
                refuses=(*shut, NotFound),
            ),
        ]

    def listing(self, call: Call) -> Response:
        if self._who(call).is_anonymous:
            return redirect(f"/login?next={call.path}", status=303)
        return self._page(call)

    def create(self, call: Call) -> Response:
        actor, form = self._who(call), call.form()
        kind, life = only(form, "kind"), only(form, "life")
        if kind not in KINDS or life not in LIVES:
            raise BadRequest
        days = LIVES[life]
        until = clock.now() + timedelta(days=days) if days else None
        try:
            _, secret = self._tokens.create(actor, NewToken(only(form, "name"), TokenKind(kind), expires_at=until))
        except BadRequest as error:
            return self._page(call, error=error)
        return self._page(call, secret=secret)

    def revoke(self, call: Call) -> Response:
        wanted = only(call.form(), "id")
        if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 18):
            raise NotFound("There is no such token.")
        self._tokens.revoke(self._who(call), int(wanted))
        return redirect("/settings/tokens", status=303)

    def _page(self, call: Call, *, secret: str = "", error: HubError | None = None) -> Response:
        return self._pages.render(
            call,
            "tokens/tokens.html",
            status=error.http_status if error else 200,
            headers={"cache-control": "no-store"},
            tokens=self._tokens.listing(self._who(call)),
            secret=secret,
            lives=list(LIVES),
            error=error.message if error else "",
        )
