"""Settings of one's own account, and the form that makes an organization."""

from starlette.responses import Response

from bearhug.base.errors import Forbidden, HubError, Unauthenticated
from bearhug.base.html.pages import Pages
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.rules import own_account
from bearhug.hub.access.who import Who
from bearhug.hub.accounts.records import Profile
from bearhug.hub.accounts.service import Accounts
from bearhug.hub.orgs.service import Orgs
from bearhug.hub.sessions.pages import login_address
from bearhug.hub.sessions.service import Sessions
from bearhug.hub.sessions.wire import session_secret

FIELDS = ("fullname", "email", "homepage", "bio")


class ProfilesPages:
    """Forms about oneself and about organizations one makes."""

    def __init__(self, accounts: Accounts, sessions: Sessions, orgs: Orgs, pages: Pages, who: Who) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._orgs = orgs
        self._pages = pages
        self._who = who

    def rows(self) -> list[Row]:
        shut = (Unauthenticated, Forbidden)
        found = []
        for path, form, change, about in (
            ("/settings/profile", self.profile_form, self.change_profile, "What others see of oneself"),
            ("/settings/password", self.password_form, self.change_password, "Another password"),
            ("/organizations/new", self.org_form, self.create_org, "A new organization"),
        ):
            found += [
                Row("GET", path, form, f"{about}: the form", "user", page=True, returns="HTML", refuses=shut),
                Row("POST", path, change, about, "user", "form", page=True, returns="HTML", refuses=shut),
            ]
        return found

    def profile_form(self, call: Call) -> Response:
        actor = self._who(call)
        if actor.is_anonymous:
            return redirect(login_address(call), status=303)
        owner = self._accounts.get(actor.name)
        shown = {name: getattr(owner, name) or "" for name in FIELDS}
        return self._page(call, "profile.html", shown)

    def change_profile(self, call: Call) -> Response:
        user_id, form = own_account(self._who(call)), call.form()
        shown = {name: only(form, name) for name in FIELDS}
        profile = Profile(shown["fullname"], shown["email"].strip() or None, shown["bio"], shown["homepage"].strip())
        try:
            with self._accounts.db.writing() as tx:
                self._accounts.change_profile(tx, user_id, profile)
        except HubError as error:
            return self._page(call, "profile.html", shown, error=error)
        return self._page(call, "profile.html", shown, done=True)

    def password_form(self, call: Call) -> Response:
        if self._who(call).is_anonymous:
            return redirect(login_address(call), status=303)
        return self._page(call, "password.html", {})

    def change_password(self, call: Call) -> Response:
        actor, form = self._who(call), call.form()
        own_account(actor)
        try:
            account = self._sessions.check(actor.name, only(form, "old"), call.client_ip)
            self._sessions.change_password(account, only(form, "new"), but_secret=session_secret(call))
        except HubError as error:
            return self._page(call, "password.html", {}, error=error)
        return self._page(call, "password.html", {}, done=True)

    def org_form(self, call: Call) -> Response:
        if self._who(call).is_anonymous:
            return redirect(login_address(call), status=303)
        return self._page(call, "new_org.html", {"name": "", "fullname": ""})

    def create_org(self, call: Call) -> Response:
        actor, form = self._who(call), call.form()
        shown = {name: only(form, name).strip() for name in ("name", "fullname")}
        try:
            org = self._orgs.create(actor, shown["name"], Profile(shown["fullname"]))
        except HubError as error:
            return self._page(call, "new_org.html", shown, error=error)
        return redirect(f"/{org.name}", status=303)

    def _page(
        self, call: Call, template: str, shown: dict[str, str], *, error: HubError | None = None, done: bool = False
    ) -> Response:
        status = error.http_status if error else 200
        message = error.message if error else ""
        return self._pages.render(call, f"profiles/{template}", status=status, shown=shown, error=message, done=done)
