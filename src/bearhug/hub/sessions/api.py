"""Endpoints for one's password and the browsers one is signed in with."""

from starlette.responses import Response

from bearhug.base.clock import iso
from bearhug.base.errors import BadRequest, Forbidden, NotFound, Unauthenticated
from bearhug.base.http.answers import json_answer, ok
from bearhug.base.http.call import Call
from bearhug.base.http.fields import text
from bearhug.base.http.rows import Row
from bearhug.hub.access.rules import own_account
from bearhug.hub.access.who import Who
from bearhug.hub.sessions.service import Sessions


class SessionsApi:
    """One's own password and sessions."""

    def __init__(self, sessions: Sessions, who: Who) -> None:
        self._sessions = sessions
        self._who = who

    def rows(self) -> list[Row]:
        shut = (Unauthenticated, Forbidden)
        return [
            Row(
                "PUT",
                "/api/settings/password",
                self.change_password,
                "Change one's password: {old, new}; every browser is signed out",
                audience="user",
                body="json",
                refuses=(*shut, BadRequest),
            ),
            Row("GET", "/api/settings/sessions", self.listing, "Where one is signed in", audience="user", refuses=shut),
            Row(
                "DELETE",
                "/api/settings/sessions/{id}",
                self.end,
                "Sign a browser out",
                audience="user",
                refuses=(*shut, NotFound),
            ),
        ]

    def change_password(self, call: Call) -> Response:
        actor, data = self._who(call), call.json()
        own_account(actor)
        account = self._sessions.check(actor.name, text(data, "old"), call.client_ip)
        self._sessions.change_password(account, text(data, "new"))
        return ok()

    def listing(self, call: Call) -> Response:
        found = self._sessions.listing(own_account(self._who(call)))
        return json_answer(
            [
                {
                    "id": str(session.id),
                    "ip": session.ip,
                    "userAgent": session.agent,
                    "createdAt": iso(session.created_at),
                    "expiresAt": iso(session.expires_at),
                }
                for session in found
            ]
        )

    def end(self, call: Call) -> Response:
        wanted = call.params["id"]
        user_id = own_account(self._who(call))
        if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 18):
            raise NotFound("There is no such session.")
        self._sessions.end(user_id, int(wanted))
        return ok()
