"""How to use a repository from code, and who likes it."""

from starlette.responses import Response

from bearhug.base.errors import RepoNotFound
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.likes.service import Likes
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repos.wire import name_of

PEOPLE = 100


class UsePages:
    """Code for every library that knows the repository; the people who like it."""

    def __init__(self, frame: Frame, likes: Likes) -> None:
        self._frame = frame
        self._likes = likes

    def rows(self) -> list[Row]:
        one = "/{kind}/{ns}/{name}"
        return [
            Row(
                "GET",
                f"{one}/{path}",
                answer,
                summary,
                audience="reader",
                page=True,
                returns="HTML",
                refuses=(RepoNotFound,),
            )
            for path, answer, summary in (
                ("use", self.use, "Code that uses a repository"),
                ("likes", self.likers, "Who likes a repository, as people read it"),
            )
        ]

    def use(self, call: Call) -> Response:
        return self._frame.render(call, "use.html", self._frame.band(call), tab="card")

    def likers(self, call: Call) -> Response:
        band = self._frame.band(call)
        after = call.place("after")
        found = self._likes.likers(self._frame.who(call), name_of(call), after=after, limit=PEOPLE)
        following = found[-1][0] if len(found) == PEOPLE else None
        return self._frame.render(call, "likes.html", band, people=found, following=following, after=after, tab="card")
