"""Endpoints to follow people and to see who does."""

from collections.abc import Callable

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Forbidden, NotFound, Unauthenticated
from bearhug.base.http.answers import json_answer, next_link, ok
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.accounts.records import Owner
from bearhug.hub.follows.service import Follows
from bearhug.hub.profiles.wire import user_line

PAGE = 500


class FollowsApi:
    """Followers and following."""

    def __init__(self, follows: Follows, who: Who) -> None:
        self._follows = follows
        self._who = who

    def rows(self) -> list[Row]:
        gone, shut = (NotFound, Unauthenticated), (NotFound, Unauthenticated, Forbidden, BadRequest)
        user, org = "/api/users/{name}", "/api/organizations/{name}"
        return [
            Row("GET", f"{user}/followers", self.followers, "Who follows a user", refuses=gone),
            Row("GET", f"{user}/following", self.following, "Whom a user follows", refuses=gone),
            Row("GET", f"{org}/followers", self.followers, "Who follows an organisation", refuses=gone),
            Row("POST", f"{user}/follow", self.follow, "Follow a user", audience="user", refuses=shut),
            Row("DELETE", f"{user}/follow", self.unfollow, "Follow a user no longer", audience="user", refuses=shut),
            Row("POST", f"{org}/follow", self.follow, "Follow an organisation", audience="user", refuses=shut),
            Row("DELETE", f"{org}/follow", self.unfollow, "Follow it no longer", audience="user", refuses=shut),
        ]

    def follow(self, call: Call) -> Response:
        self._follows.follow(self._who(call), call.params["name"])
        return ok()

    def unfollow(self, call: Call) -> Response:
        self._follows.unfollow(self._who(call), call.params["name"])
        return ok()

    def followers(self, call: Call) -> Response:
        return self._page(
            call,
            lambda after, limit: self._follows.followers(
                self._who(call), call.params["name"], after=after, limit=limit
            ),
        )

    def following(self, call: Call) -> Response:
        return self._page(
            call,
            lambda after, limit: self._follows.following(
                self._who(call), call.params["name"], after=after, limit=limit
            ),
        )

    def _page(self, call: Call, fetch: Callable[[str, int], list[Owner]]) -> Response:
        limit = call.number("limit", PAGE, most=PAGE) or PAGE
        found = fetch(call.one("cursor") or "", limit)
        cursor = found[-1].name if len(found) == limit else None
        lines = [{**user_line(user, call.base_url), "type": "user"} for user in found]
        return json_answer(lines, headers=next_link(call, cursor))
