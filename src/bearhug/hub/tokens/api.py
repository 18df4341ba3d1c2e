"""Endpoints by which people manage their tokens."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Forbidden, NotFound, Unauthenticated
from bearhug.base.http.answers import json_answer, ok
from bearhug.base.http.call import Call
from bearhug.base.http.fields import texts
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.tokens import wire
from bearhug.hub.tokens.service import Tokens


class TokensApi:
    """One's own tokens, and the end of leaked ones."""

    def __init__(self, tokens: Tokens, who: Who) -> None:
        self._tokens = tokens
        self._who = who

    def rows(self) -> list[Row]:
        all_, one = "/api/settings/tokens", "/api/settings/tokens/{id}"
        shut = (Unauthenticated, Forbidden)
        return [
            Row("GET", all_, self.listing, "One's tokens, without their secrets", audience="user", refuses=shut),
            Row(
                "POST",
                all_,
                self.create,
                "Make a token; its secret is shown this once",
                audience="user",
                body="json",
                returns="the token with its secret in `token`",
                refuses=(*shut, BadRequest),
            ),
            Row(
                "POST",
                f"{one}/rotate",
                self.rotate,
                "Give a token another secret; the old one stops at once",
                audience="user",
                body="json",
                returns="the token with its secret in `token`",
                refuses=(*shut, NotFound),
            ),
            Row("DELETE", one, self.revoke, "End a token", audience="user", refuses=(*shut, NotFound)),
            Row(
                "POST",
                "/api/credentials/revoke",
                self.revoke_leaked,
                "End tokens that were found where they should not be; says nothing about which were real",
                body="json",
            ),
        ]

    def listing(self, call: Call) -> Response:
        return json_answer([wire.token_line(token) for token in self._tokens.listing(self._who(call))])

    def create(self, call: Call) -> Response:
        token, secret = self._tokens.create(self._who(call), wire.new_token(call.json()))
        return json_answer({**wire.token_line(token), "token": secret})

    def rotate(self, call: Call) -> Response:
        token, secret = self._tokens.rotate(self._who(call), _id(call))
        return json_answer({**wire.token_line(token), "token": secret})

    def revoke(self, call: Call) -> Response:
        self._tokens.revoke(self._who(call), _id(call))
        return ok()

    def revoke_leaked(self, call: Call) -> Response:
        self._tokens.revoke_leaked(texts(call.json(), "credentials"))
        return json_answer({}, status=202)


def _id(call: Call) -> int:
    text = call.params["id"]
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise NotFound("There is no such token.")
    return int(text)
