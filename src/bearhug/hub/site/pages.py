"""Home, language and theme, and what people see instead of an error."""

from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from bearhug.base.errors import GatedRepo, HubError
from bearhug.base.html import languages
from bearhug.base.html.pages import THEME_COOKIE, THEMES, Pages
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.edge import ErrorPage
from bearhug.base.http.fields import only
from bearhug.base.http.origin import local_path
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.browse.service import Shelves
from bearhug.hub.feed.service import Feed
from bearhug.hub.profiles.service import Profiles
from bearhug.hub.repos.records import RepoName
from bearhug.hub.repos.wire import name_of

ROWS = 6
OWN = 8
NEWS = 20
YEAR = 365 * 86400
TOLD = "bearhug_told"
LENGTH_OF_MARK = 16


class SitePages:
    """What belongs to no repository and to no person."""

    def __init__(
        self, shelves: Shelves, feed: Feed, profiles: Profiles, pages: Pages, who: Who, is_new: Callable[[], bool]
    ) -> None:
        self._feed = feed
        self._profiles = profiles
        self._is_new = is_new
        self._shelves = shelves
        self._pages = pages
        self._who = who

    def rows(self) -> list[Row]:
        return [
            Row("GET", "/", self.home, "The home page", page=True, returns="HTML"),
            Row(
                "POST",
                "/preferences",
                self.prefer,
                "Remember language and theme in the browser",
                body="form",
                page=True,
                returns="a redirect",
            ),
        ]

    def home(self, call: Call) -> Response:
        if self._is_new():
            return redirect("/setup", status=303)
        actor = self._who(call)
        with self._shelves.db.reading() as tx:
            shelves = self._shelves.trending(tx, actor, limit=ROWS) if actor.may_read_public else {}
            own = self._feed.own(tx, actor, limit=OWN)
            news = self._feed.activity(tx, actor, limit=NEWS)
            recent = self._shelves.recent(tx, actor, limit=ROWS) if actor.may_read_public and not news else []
            orgs = self._profiles.orgs_of(tx, actor)
        facts: dict[str, Any] = {"shelves": shelves, "own": own, "news": news, "recent": recent, "orgs": orgs}
        return self._pages.render(call, "site/home.html", url=call.base_url, **facts)

    def prefer(self, call: Call) -> Response:
        form = call.form()
        answer = redirect(local_path(only(form, "next")), status=303)
        for cookie, name, known in (
            (languages.COOKIE, "language", tuple(languages.NAMES)),
            (THEME_COOKIE, "theme", THEMES),
        ):
            if only(form, name) in known:
                secure = call.base_url.startswith("https://")
                answer.set_cookie(cookie, only(form, name), max_age=YEAR, samesite="lax", secure=secure, httponly=True)
        told = only(form, "told")
        if len(told) == LENGTH_OF_MARK and told.isalnum():
            answer.set_cookie(TOLD, told, max_age=YEAR, samesite="lax", httponly=True)
        return answer


def error_page(pages: Pages) -> ErrorPage:
    """The page of an error; what is hidden and what is not there look the same."""

    def refused(call: Call, error: HubError) -> Response:
        status = error.http_status
        gated = isinstance(error, GatedRepo) and {"kind", "ns", "name"} <= call.params.keys()
        gate = repo_address(name_of(call)) if gated else ""
        return pages.render(call, "site/refused.html", status=status, code=status, message=error.message, gate=gate)

    return refused


def repo_address(name: RepoName) -> str:
    """The first page of a repository."""
    return f"/{name}" if name.kind == "model" else f"/{name.kind}s/{name}"
