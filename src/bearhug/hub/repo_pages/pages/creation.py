"""The forms that make a repository."""

from starlette.responses import Response

from bearhug.base.errors import HubError
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.rules import may_create_in
from bearhug.hub.cards.vocabulary import LICENCES
from bearhug.hub.profiles.service import Profiles
from bearhug.hub.repo_pages import wire
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repos.seeds import SPACE_SDKS
from bearhug.hub.repos.service import NewRepo, Repos
from bearhug.hub.sessions.pages import login_address

PATHS = {"/new": "model", "/new-dataset": "dataset", "/new-space": "space"}
COMMON_LICENCES = ("apache-2.0", "mit", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "openrail", "gpl-3.0", "other")


class CreationPages:
    """One form for each kind."""

    def __init__(self, frame: Frame, repos: Repos, profiles: Profiles) -> None:
        self._frame = frame
        self._repos = repos
        self._profiles = profiles

    def rows(self) -> list[Row]:
        found = []
        for path, kind in PATHS.items():
            about = f"The form that makes a {kind} repository"
            found += [
                Row("GET", path, self.form, about, audience="user", page=True, returns="HTML"),
                Row("POST", path, self.create, f"Make a {kind} repository", "user", "form", "a redirect", page=True),
            ]
        return found

    def form(self, call: Call) -> Response:
        shown = {"owner": (call.one("owner") or "")[:96], "name": (call.one("name") or "")[:96]}
        return self._page(call, shown)

    def create(self, call: Call) -> Response:
        actor, form = self._frame.who(call), call.form()
        shown = {name: only(form, name).strip() for name in ("owner", "name", "licence", "visibility", "sdk")}
        new = NewRepo(
            PATHS[call.path],
            shown["name"],
            shown["owner"],
            private=shown["visibility"] == "private",
            licence=shown["licence"] or None,
            sdk=shown["sdk"] or None,
        )
        try:
            repo = self._repos.create(actor, new)
        except HubError as error:
            return self._page(call, shown, error=error)
        return redirect(wire.home(repo), status=303)

    def _page(self, call: Call, shown: dict[str, str], *, error: HubError | None = None) -> Response:
        actor = self._frame.who(call)
        if actor.is_anonymous:
            return redirect(login_address(call), status=303)
        _, memberships, _ = self._profiles.oneself(actor)
        orgs = [
            found.org.name for found in memberships if may_create_in(actor, found.org.id, found.org.name, is_org=True)
        ]
        return self._frame.pages.render(
            call,
            "repo_pages/new.html",
            status=error.http_status if error else 200,
            kind=PATHS[call.path],
            owners=[actor.name, *orgs],
            shown={"licence": "", "visibility": "public", "sdk": SPACE_SDKS[0], **shown},
            common=COMMON_LICENCES,
            licences=sorted(LICENCES - set(COMMON_LICENCES)),
            sdks=SPACE_SDKS,
            error=error.message if error else "",
        )
