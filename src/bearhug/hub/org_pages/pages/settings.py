"""Settings of an organization: profile, picture, name, end."""

from dataclasses import replace

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Forbidden, HubError
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.access.rules import may_administer
from bearhug.hub.account_pages.pages.desk import Desk, post
from bearhug.hub.account_pages.pages.profile import picture_in, profile_of
from bearhug.hub.accounts.api import LARGEST_PICTURE
from bearhug.hub.accounts.records import Owner
from bearhug.hub.orgs.service import Orgs
from bearhug.hub.profiles.service import Profiles

FIELDS = ("fullname", "homepage", "bio", "links")


class SettingsPages:
    """For administrators of the organization."""

    def __init__(self, orgs: Orgs, profiles: Profiles, desk: Desk) -> None:
        self._orgs = orgs
        self._profiles = profiles
        self._desk = desk

    def rows(self) -> list[Row]:
        path = "/organizations/{org}/settings"
        return [
            self._desk.form(path, self.form, "Settings of an organization"),
            post(path, self.change, "Change, rename or delete an organization"),
            post("/organizations/{org}/avatar", self.picture, "Its picture", limit=LARGEST_PICTURE + 4096),
        ]

    def form(self, call: Call, actor: Actor) -> Response:
        return self._page(call, self._org(call, actor))

    def change(self, call: Call) -> Response:
        actor, form = self._desk.who(call), call.form()
        org = self._org(call, actor)
        deeds = {"profile": self._describe, "rename": self._rename, "delete": self._delete}
        deed = deeds.get(only(form, "deed"))
        if deed is None:
            raise BadRequest
        try:
            address = deed(actor, org, form)
        except HubError as error:
            return self._page(call, org, shown={name: only(form, name) for name in form}, error=error)
        return redirect(address, status=303)

    def picture(self, call: Call) -> Response:
        actor = self._desk.who(call)
        org = self._org(call, actor)
        try:
            self._orgs.change_avatar(actor, org.name, picture_in(call))
        except HubError as error:
            return self._page(call, org, error=error)
        return redirect(f"/organizations/{org.name}/settings?saved=true", status=303)

    def _describe(self, actor: Actor, org: Owner, form: dict[str, list[str]]) -> str:
        profile = profile_of({name: only(form, name) for name in FIELDS})
        self._orgs.change_profile(actor, org.name, replace(profile, email=org.email))
        return f"/{org.name}"

    def _rename(self, actor: Actor, org: Owner, form: dict[str, list[str]]) -> str:
        renamed = self._profiles.rename(actor, org.name, only(form, "name").strip())
        return f"/organizations/{renamed.name}/settings?saved=true"

    def _delete(self, actor: Actor, org: Owner, form: dict[str, list[str]]) -> str:
        if only(form, "typed").strip() != org.name:
            raise BadRequest("The name that you typed is not that of this organization.")
        self._orgs.delete(actor, org.name)
        return "/settings/organizations"

    def _org(self, call: Call, actor: Actor) -> Owner:
        """The organization, for those who administer it."""
        org = self._orgs.get(call.params["org"])
        if not may_administer(actor, org.id, org.name, is_org=True):
            raise Forbidden(f"Only administrators of {org.name} may do this.")
        return org

    def _page(
        self, call: Call, org: Owner, *, shown: dict[str, str] | None = None, error: HubError | None = None
    ) -> Response:
        kept = {"fullname": org.fullname, "homepage": org.homepage, "bio": org.bio, "links": "\n".join(org.links)}
        typed = {**kept, "name": org.name, **(shown or {})}
        return self._desk.render(call, "org_pages/settings.html", org=org, shown=typed, error=error)
