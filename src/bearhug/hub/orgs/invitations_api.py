"""Endpoints by which organisations invite people, and people answer."""

from typing import Any

from starlette.responses import Response

from bearhug.base.clock import iso
from bearhug.base.errors import BadRequest, Conflict, Forbidden, NotFound, Unauthenticated
from bearhug.base.http.answers import json_answer, ok
from bearhug.base.http.call import Call
from bearhug.base.http.fields import text
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Role
from bearhug.hub.access.who import Who
from bearhug.hub.orgs.api import role_of
from bearhug.hub.orgs.invitations import Invitations
from bearhug.hub.orgs.records import Invitation

DAYS = 14


class InvitationsApi:
    """Ways into organisations as JSON."""

    def __init__(self, invitations: Invitations, who: Who) -> None:
        self._invitations = invitations
        self._who = who

    def rows(self) -> list[Row]:
        of_org, own = "/api/organizations/{org}/invitations", "/api/settings/invitations"
        shut = (Unauthenticated, Forbidden, NotFound)
        wrong = (*shut, BadRequest, Conflict)
        invite = "Invite somebody: {user, role, days}; without a user the answer holds a link"
        lines = "[{id, user, role, organization, createdAt, expiresAt, uses}]"
        return [
            Row("POST", of_org, self.invite, invite, "owner", "json", "{link} or {success}", wrong),
            Row("GET", of_org, self.listing, "Its open invitations", "owner", returns=lines, refuses=shut),
            Row("DELETE", f"{of_org}/{{id}}", self.revoke, "Take an invitation back", "owner", refuses=shut),
            Row("GET", own, self.own, "Who invites the caller", "user", returns=lines, refuses=shut),
            Row("POST", f"{own}/{{id}}/accept", self.accept, "Become a member", "user", "json", refuses=shut),
            Row("POST", f"{own}/{{id}}/decline", self.decline, "Do not become one", "user", "json", refuses=shut),
        ]

    def invite(self, call: Call) -> Response:
        data, actor, org = call.json(), self._who(call), call.params["org"]
        role, days = role_of(text(data, "role", Role.READ.value)), data.get("days", DAYS)
        if not isinstance(days, int) or isinstance(days, bool):
            raise BadRequest('"days" must be a whole number.')
        user = text(data, "user", "", most=96)
        if user:
            self._invitations.invite(actor, org, user, role, days=days)
            return ok()
        secret = self._invitations.make_link(actor, org, role, days=days)
        return json_answer({"link": f"{call.base_url}/organizations/join/{secret}"})

    def listing(self, call: Call) -> Response:
        found = self._invitations.listing(self._who(call), call.params["org"])
        return json_answer([_line(invitation) for invitation in found])

    def revoke(self, call: Call) -> Response:
        self._invitations.revoke(self._who(call), call.params["org"], number(call.params["id"]))
        return ok()

    def own(self, call: Call) -> Response:
        return json_answer([_line(invitation) for invitation in self._invitations.of_user(self._who(call))])

    def accept(self, call: Call) -> Response:
        self._invitations.decide(self._who(call), number(call.params["id"]), accept=True)
        return ok()

    def decline(self, call: Call) -> Response:
        self._invitations.decide(self._who(call), number(call.params["id"]), accept=False)
        return ok()


def number(wanted: str) -> int:
    """The id of an invitation out of an address or a form."""
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 18):
        raise NotFound("There is no such invitation.")
    return int(wanted)


def _line(invitation: Invitation) -> dict[str, Any]:
    return {
        "id": str(invitation.id),
        "user": invitation.user,
        "role": invitation.role.value,
        "organization": invitation.org.name,
        "createdAt": iso(invitation.created_at),
        "expiresAt": iso(invitation.expires_at),
        "uses": invitation.uses,
    }
