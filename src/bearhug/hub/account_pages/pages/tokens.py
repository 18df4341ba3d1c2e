"""The pages on which people make, renew and revoke access tokens."""

from datetime import timedelta

from starlette.responses import Response

from bearhug.base import clock
from bearhug.base.errors import BadRequest, HubError
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor, TokenKind
from bearhug.hub.account_pages import token_form
from bearhug.hub.account_pages.pages.desk import Desk, number, post
from bearhug.hub.account_pages.service import Belongings
from bearhug.hub.tokens.permissions import EVERYWHERE, ON_ORGS, ON_REPOS, ON_USERS
from bearhug.hub.tokens.records import NewToken, Token
from bearhug.hub.tokens.service import Tokens

PATH = "/settings/tokens"
LIVES = {"": None, "7": 7, "30": 30, "90": 90, "365": 365}
TYPED = ("name", "kind", "life", "reads_gated", "org", "repos")


class TokensPages:
    """A secret is shown once, on the answer to the form that made it."""

    def __init__(self, tokens: Tokens, belongings: Belongings, desk: Desk) -> None:
        self._tokens = tokens
        self._belongings = belongings
        self._desk = desk

    def rows(self) -> list[Row]:
        return [
            self._desk.form(PATH, lambda call, _actor: self._list(call), "One's access tokens"),
            self._desk.form(f"{PATH}/new", self.form, "The form that makes a token"),
            post(PATH, self.create, "Make a token"),
            post(f"{PATH}/rotate", self.rotate, "A new secret for a token"),
            post(f"{PATH}/revoke", self.revoke, "End a token"),
        ]

    def form(self, call: Call, _actor: Actor) -> Response:
        """Addresses may fill the form in, as tools do that ask for a token of a kind."""
        kind = call.one("tokenType") or TokenKind.FINE_GRAINED.value
        reads_gated = "1" if call.flag("canReadGatedRepos") else ""
        shown = {"name": (call.one("name") or "")[:255], "kind": kind, "reads_gated": reads_gated}
        chosen = {"everywhere": call.all("globalPermissions")[:50], "own": call.all("ownUserPermissions")[:50]}
        return self._new(call, shown, chosen)

    def create(self, call: Call) -> Response:
        actor, sent = self._desk.who(call), call.form()
        shown = {name: only(sent, name) for name in TYPED}
        if shown["kind"] not in list(TokenKind) or shown["life"] not in LIVES:
            raise BadRequest
        days = LIVES[shown["life"]]
        try:
            everywhere, scopes = token_form.wanted(sent, actor.name)
            new = NewToken(
                shown["name"],
                TokenKind(shown["kind"]),
                everywhere=everywhere,
                scopes=scopes,
                reads_gated=bool(shown["reads_gated"]),
                expires_at=clock.now() + timedelta(days=days) if days else None,
            )
            token, secret = self._tokens.create(actor, new)
        except BadRequest as error:
            return self._new(call, shown, {name: sent.get(name, []) for name in token_form.GROUPS}, error=error)
        return self._list(call, token=token, secret=secret)

    def rotate(self, call: Call) -> Response:
        token, secret = self._tokens.rotate(self._desk.who(call), number(only(call.form(), "id")))
        return self._list(call, token=token, secret=secret)

    def revoke(self, call: Call) -> Response:
        self._tokens.revoke(self._desk.who(call), number(only(call.form(), "id")))
        return redirect(PATH, status=303)

    def _list(self, call: Call, *, token: Token | None = None, secret: str = "") -> Response:
        return self._desk.render(
            call,
            "account_pages/tokens.html",
            tokens=self._tokens.listing(self._desk.who(call)),
            fresh=token,
            secret=secret,
            now=clock.now(),
            url=call.base_url,
        )

    def _new(
        self, call: Call, shown: dict[str, str], chosen: dict[str, list[str]], *, error: HubError | None = None
    ) -> Response:
        orgs, owned = self._belongings.at_hand(self._desk.who(call))
        return self._desk.render(
            call,
            "account_pages/new_token.html",
            error=error,
            shown={name: shown.get(name, "") for name in TYPED},
            chosen={name: chosen.get(name, []) for name in token_form.GROUPS},
            groups={
                "own": {**ON_REPOS, **ON_USERS},
                "org": {**ON_REPOS, **ON_ORGS},
                "repo": ON_REPOS,
                "all": EVERYWHERE,
            },
            orgs=orgs,
            owned=owned,
            lives=list(LIVES),
        )
