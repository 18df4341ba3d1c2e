"""Who am I, and who are they."""

from starlette.responses import Response

from bearhug.base.errors import TooManyRequests, Unauthenticated
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.profiles import wire
from bearhug.hub.profiles.service import Profiles


class ProfilesApi:
    """Endpoints about people."""

    def __init__(self, profiles: Profiles, who: Who) -> None:
        self._profiles = profiles
        self._who = who

    def rows(self) -> list[Row]:
        return [
            Row(
                "GET",
                "/api/whoami-v2",
                self.whoami,
                "Name, organisations and token of whoever asks",
                audience="user",
                refuses=(Unauthenticated, TooManyRequests),
            ),
        ]

    def whoami(self, call: Call) -> Response:
        user, orgs, token = self._profiles.oneself(self._who(call))
        return json_answer(wire.whoami(user, orgs, token, call.base_url))
