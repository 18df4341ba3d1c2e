"""Who am I, and who are they."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Conflict, Forbidden, NotFound, TooManyRequests, Unauthenticated
from bearhug.base.http.answers import json_answer, next_link, redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import text
from bearhug.base.http.rows import Row
from bearhug.hub.access.rules import signed_in
from bearhug.hub.access.who import Who
from bearhug.hub.profiles import wire
from bearhug.hub.profiles.service import Profiles

PAGE = 500


class ProfilesApi:
    """Endpoints about people."""

    def __init__(self, profiles: Profiles, who: Who) -> None:
        self._profiles = profiles
        self._who = who

    def rows(self) -> list[Row]:
        gone = (NotFound, Unauthenticated)
        taken = (Unauthenticated, Forbidden, BadRequest, Conflict)
        return [
            Row(
                "GET",
                "/api/whoami-v2",
                self.whoami,
                "Name, organisations and token of whoever asks",
                audience="user",
                refuses=(Unauthenticated, TooManyRequests),
            ),
            Row("GET", "/api/users/{user}/overview", self.user, "A user and how much they have", refuses=gone),
            Row("GET", "/api/users/{user}/avatar", self.avatar, "Where the picture of a user is", refuses=gone),
            Row("GET", "/api/organizations/{org}/overview", self.org, "An organisation", refuses=gone),
            Row("GET", "/api/organizations/{org}/avatar", self.avatar, "Where its picture is", refuses=gone),
            Row(
                "GET",
                "/api/organizations/{org}/members",
                self.members,
                "Members of an organisation by name",
                returns='[{user, fullname, avatarUrl, role}], with Link: rel="next"',
                refuses=gone,
            ),
            Row(
                "POST",
                "/api/settings/rename",
                self.rename_oneself,
                "Take another user name: {name}; the old one leads to it",
                audience="user",
                body="json",
                returns="{name}",
                refuses=taken,
            ),
            Row(
                "POST",
                "/api/organizations/{org}/rename",
                self.rename_org,
                "Give an organisation another name: {name}; the old one leads to it",
                audience="owner",
                body="json",
                returns="{name}",
                refuses=taken,
            ),
        ]

    def whoami(self, call: Call) -> Response:
        user, orgs, token = self._profiles.oneself(self._who(call))
        return json_answer(wire.whoami(user, orgs, token, call.base_url))

    def user(self, call: Call) -> Response:
        seen = self._profiles.user(self._who(call), call.params["user"])
        return json_answer(wire.user_overview(seen, call.base_url))

    def org(self, call: Call) -> Response:
        seen = self._profiles.org(self._who(call), call.params["org"])
        return json_answer(wire.org_overview(seen, call.base_url))

    def members(self, call: Call) -> Response:
        limit = call.number("limit", PAGE, most=PAGE) or PAGE
        found = self._profiles.members(self._who(call), call.params["org"], after=call.one("cursor") or "", limit=limit)
        cursor = found[-1].user.name if len(found) == limit else None
        return json_answer([wire.member(row, call.base_url) for row in found], headers=next_link(call, cursor))

    def rename_oneself(self, call: Call) -> Response:
        signed_in(self._who(call))
        return self._rename(call, self._who(call).name)

    def rename_org(self, call: Call) -> Response:
        return self._rename(call, call.params["org"])

    def _rename(self, call: Call, name: str) -> Response:
        renamed = self._profiles.rename(self._who(call), name, text(call.json(), "name", most=96))
        return json_answer({"name": renamed.name})

    def avatar(self, call: Call) -> Response:
        name = call.params.get("user") or call.params["org"]
        url = wire.avatar_url(self._profiles.owner(self._who(call), name), call.base_url)
        return redirect(url) if call.flag("redirect") else json_answer({"avatarUrl": url})
