"""Settings of a repository: who sees it, what it is called, and its end."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Forbidden, HubError, RepoNotFound, Unauthenticated
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Level
from bearhug.hub.repo_pages import wire
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repo_pages.records import Band
from bearhug.hub.repos.records import RepoName
from bearhug.hub.repos.service import Repos
from bearhug.hub.repos.wire import name_of


class SettingsPage:
    """Three forms on one page; `deed` tells which one was sent."""

    def __init__(self, frame: Frame, repos: Repos) -> None:
        self._frame = frame
        self._repos = repos

    def rows(self) -> list[Row]:
        path, shut = "/{kind}/{ns}/{name}/settings", (RepoNotFound, Unauthenticated, Forbidden)
        change = "Change, rename or delete a repository"
        return [
            Row("GET", path, self.form, "Settings of a repository", "owner", page=True, returns="HTML", refuses=shut),
            Row("POST", path, self.change, change, "owner", "form", page=True, returns="a redirect", refuses=shut),
        ]

    def form(self, call: Call) -> Response:
        return self._page(call, self._frame.band(call, Level.ADMIN))

    def change(self, call: Call) -> Response:
        band, form = self._frame.band(call, Level.ADMIN), call.form()
        deeds = {"visibility": self._show, "rename": self._rename, "delete": self._delete}
        deed = deeds.get(only(form, "deed"))
        if deed is None:
            raise BadRequest
        try:
            address = deed(call, band, form)
        except HubError as error:
            return self._page(call, band, error=error)
        return redirect(address, status=303)

    def _show(self, call: Call, band: Band, form: dict[str, list[str]]) -> str:
        private = only(form, "visibility") == "private"
        self._repos.change_settings(self._frame.who(call), name_of(call), private=private)
        return f"{wire.home(band.repo)}/settings"

    def _rename(self, call: Call, band: Band, form: dict[str, list[str]]) -> str:
        owner = only(form, "owner").strip() or band.repo.owner
        target = RepoName(band.repo.kind, owner, only(form, "name").strip())
        return wire.home(self._repos.move(self._frame.who(call), name_of(call), target))

    def _delete(self, call: Call, band: Band, form: dict[str, list[str]]) -> str:
        if only(form, "typed").strip() != band.repo.full_name:
            raise BadRequest("The name that you typed is not that of this repository.")
        self._repos.delete(self._frame.who(call), name_of(call))
        return f"/{band.repo.owner}"

    def _page(self, call: Call, band: Band, *, error: HubError | None = None) -> Response:
        status = error.http_status if error else 200
        message = error.message if error else ""
        return self._frame.render(call, "settings.html", band, status=status, error=message, tab="settings")
