"""The follow button and the lists of followers."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Forbidden, NotFound, Unauthenticated
from bearhug.base.html.pages import Pages
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.origin import local_path
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.follows.service import Follows

PEOPLE = 100


class FollowsPages:
    """Following works by a form; lists come in pages."""

    def __init__(self, follows: Follows, pages: Pages, who: Who) -> None:
        self._follows = follows
        self._pages = pages
        self._who = who

    def rows(self) -> list[Row]:
        gone = (NotFound, Unauthenticated)
        shut = (*gone, Forbidden, BadRequest)
        about = "Follow somebody, or no longer"
        return [
            Row("POST", "/follows", self.change, about, "user", "form", "a redirect", shut, page=True),
            self._list("/users/{name}/followers", "Who follows a user or an organization", gone),
            self._list("/users/{name}/following", "Whom a user follows", gone),
        ]

    def _list(self, path: str, about: str, refuses: tuple[type[NotFound] | type[Unauthenticated], ...]) -> Row:
        return Row("GET", path, self.people, about, page=True, returns="HTML", refuses=refuses)

    def change(self, call: Call) -> Response:
        actor, form = self._who(call), call.form()
        name = only(form, "name")[:96]
        if only(form, "unfollow"):
            self._follows.unfollow(actor, name)
        else:
            self._follows.follow(actor, name)
        return redirect(local_path(only(form, "next"), f"/{name}"), status=303)

    def people(self, call: Call) -> Response:
        actor, name = self._who(call), call.params["name"]
        is_back = call.path.endswith("/followers")
        fetch = self._follows.followers if is_back else self._follows.following
        found = fetch(actor, name, after=(call.one("after") or "")[:96], limit=PEOPLE + 1)
        more = found[PEOPLE - 1].name if len(found) > PEOPLE else ""
        shown = found[:PEOPLE]
        return self._pages.render(call, "follows/people.html", name=name, is_back=is_back, found=shown, more=more)
