"""Like, unlike, likers, and what a user likes."""

from starlette.responses import Response

from bearhug.base.errors import Forbidden, NotFound, RepoNotFound, Unauthenticated
from bearhug.base.http.answers import json_answer, next_link, ok
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.likes.service import Likes
from bearhug.hub.repos.wire import name_of

PAGE = 500


class LikesApi:
    """Likes by HTTP."""

    def __init__(self, likes: Likes, who: Who) -> None:
        self._likes = likes
        self._who = who

    def rows(self) -> list[Row]:
        one = "/api/{types}/{ns}/{name}"
        refusals = (RepoNotFound, Unauthenticated, Forbidden)
        return [
            Row("POST", f"{one}/like", self.like, "Like a repository", audience="user", refuses=refusals),
            Row("DELETE", f"{one}/like", self.unlike, "Take a like back", audience="user", refuses=refusals),
            Row(
                "GET",
                f"{one}/likers",
                self.likers,
                "Who likes a repository",
                audience="reader",
                returns="[{user, fullname, avatarUrl}]",
                refuses=(RepoNotFound,),
            ),
            Row(
                "GET",
                "/api/users/{user}/likes",
                self.liked,
                "What a user likes",
                returns="[{repo: {name, type}}]",
                refuses=(NotFound,),
            ),
        ]

    def like(self, call: Call) -> Response:
        self._likes.add(self._who(call), name_of(call))
        return ok()

    def unlike(self, call: Call) -> Response:
        self._likes.remove(self._who(call), name_of(call))
        return ok()

    def likers(self, call: Call) -> Response:
        after, limit = _window(call)
        found = self._likes.likers(self._who(call), name_of(call), after=after, limit=limit)
        rows = [
            {
                "user": name,
                "fullname": fullname or name,
                "type": "user",
                "avatarUrl": f"{call.base_url}/api/avatars/{name}",
            }
            for _, name, fullname in found
        ]
        return json_answer(rows, headers=next_link(call, str(found[-1][0]) if len(found) == limit else None))

    def liked(self, call: Call) -> Response:
        after, limit = _window(call)
        repos, following = self._likes.of_user(self._who(call), call.params["user"], after=after, limit=limit)
        rows = [{"repo": {"name": repo.full_name, "type": repo.kind}} for repo in repos]
        return json_answer(rows, headers=next_link(call, str(following) if following else None))


def _window(call: Call) -> tuple[int, int]:
    return call.place("cursor"), call.number("limit", PAGE, most=PAGE) or PAGE
