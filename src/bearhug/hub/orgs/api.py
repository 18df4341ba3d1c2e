"""Endpoints by which people make organisations and manage their members."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Conflict, Forbidden, NotFound, Unauthenticated
from bearhug.base.http.answers import json_answer, ok
from bearhug.base.http.call import Call
from bearhug.base.http.fields import text
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Role
from bearhug.hub.access.who import Who
from bearhug.hub.accounts.wire import profile_of
from bearhug.hub.orgs.service import Orgs


class OrgsApi:
    """Organisations and the people in them; who they are is told by the profiles room."""

    def __init__(self, orgs: Orgs, who: Who) -> None:
        self._orgs = orgs
        self._who = who

    def rows(self) -> list[Row]:
        one = "/api/organizations/{org}"
        shut = (Unauthenticated, Forbidden, NotFound)
        return [
            Row(
                "POST",
                "/api/organizations",
                self.create,
                "Make an organisation; whoever makes it administers it",
                audience="user",
                body="json",
                returns="{name, url}",
                refuses=(Unauthenticated, Forbidden, BadRequest, Conflict),
            ),
            Row(
                "PUT", f"{one}/settings", self.change, "Change its profile", audience="owner", body="json", refuses=shut
            ),
            Row("DELETE", one, self.delete, "Delete it when it is empty", audience="owner", refuses=(*shut, Conflict)),
            Row(
                "POST",
                f"{one}/members",
                self.add_member,
                "Take somebody in: {user, role}",
                audience="owner",
                body="json",
                refuses=(*shut, Conflict),
            ),
            Row(
                "PUT",
                f"{one}/members/{{user}}/role",
                self.change_role,
                "Give a member another role: {role}",
                audience="owner",
                body="json",
                refuses=(*shut, Conflict),
            ),
            Row(
                "DELETE",
                f"{one}/members/{{user}}",
                self.remove_member,
                "Take somebody out, or leave",
                audience="user",
                refuses=(*shut, Conflict),
            ),
        ]

    def create(self, call: Call) -> Response:
        data = call.json()
        org = self._orgs.create(self._who(call), text(data, "name", most=96), profile_of(data))
        return json_answer({"name": org.name, "url": f"{call.base_url}/{org.name}"})

    def change(self, call: Call) -> Response:
        org = self._orgs.change_profile(self._who(call), call.params["org"], profile_of(call.json()))
        return json_answer({"name": org.name, "fullname": org.fullname})

    def delete(self, call: Call) -> Response:
        self._orgs.delete(self._who(call), call.params["org"])
        return ok()

    def add_member(self, call: Call) -> Response:
        data = call.json()
        user = text(data, "user", most=96)
        self._orgs.add_member(self._who(call), call.params["org"], user, role_of(text(data, "role", Role.READ.value)))
        return ok()

    def change_role(self, call: Call) -> Response:
        role = role_of(text(call.json(), "role"))
        self._orgs.change_role(self._who(call), call.params["org"], call.params["user"], role)
        return ok()

    def remove_member(self, call: Call) -> Response:
        self._orgs.remove_member(self._who(call), call.params["org"], call.params["user"])
        return ok()


def role_of(name: str) -> Role:
    """A role by its name."""
    if name not in list(Role):
        raise BadRequest(f'"role" must be one of {", ".join(Role)}.')
    return Role(name)
