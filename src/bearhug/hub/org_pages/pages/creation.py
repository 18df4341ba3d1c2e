"""The form that makes an organization."""

from starlette.responses import Response

from bearhug.base.errors import HubError
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.account_pages.pages.desk import Desk, post
from bearhug.hub.accounts.records import Profile
from bearhug.hub.orgs.service import Orgs

PATH = "/organizations/new"


class CreationPage:
    """Whoever makes an organization administers it."""

    def __init__(self, orgs: Orgs, desk: Desk) -> None:
        self._orgs = orgs
        self._desk = desk

    def rows(self) -> list[Row]:
        about = "A new organization"
        return [self._desk.form(PATH, self.form, f"{about}: the form"), post(PATH, self.create, about)]

    def form(
        self, call: Call, _actor: Actor, *, shown: dict[str, str] | None = None, error: HubError | None = None
    ) -> Response:
        typed = {"name": (call.one("name") or "")[:96], "fullname": "", "bio": ""} if shown is None else shown
        return self._desk.render(call, "org_pages/new.html", shown=typed, error=error)

    def create(self, call: Call) -> Response:
        actor, form = self._desk.owner(call), call.form()
        shown = {name: only(form, name).strip() for name in ("name", "fullname", "bio")}
        try:
            org = self._orgs.create(actor, shown["name"], Profile(shown["fullname"], bio=shown["bio"]))
        except HubError as error:
            return self.form(call, actor, shown=shown, error=error)
        return redirect(f"/organizations/{org.name}/members", status=303)
