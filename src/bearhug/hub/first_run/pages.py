"""The page of the first run; it works without script, like all others."""

from urllib.parse import urlsplit

from starlette.responses import Response

from bearhug.base.errors import Forbidden, HubError
from bearhug.base.html.pages import Pages
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.origin import is_same_origin
from bearhug.base.http.rows import Row
from bearhug.hub.accounts.records import Profile
from bearhug.hub.first_run.records import Plan
from bearhug.hub.first_run.service import FirstRun
from bearhug.hub.sessions.pages import enter
from bearhug.hub.sessions.service import Sessions
from bearhug.hub.settings.records import InstanceSettings, Registration

PATH = "/setup"
TYPED = ("username", "fullname", "email", "public_name", "public_url", "contact", "registration", "anonymous_reading")
SETTINGS = ("public_name", "public_url", "contact", "registration")
LONGEST_CODE = 200
LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""An address of this machine alone is not worth keeping: it changes with the port of the next start."""


class FirstRunPages:
    """One form; afterwards the browser is signed in as the administrator."""

    def __init__(self, first_run: FirstRun, sessions: Sessions, pages: Pages) -> None:
        self._first_run = first_run
        self._sessions = sessions
        self._pages = pages

    def rows(self) -> list[Row]:
        about = "The first run of an empty hub"
        return [
            Row("GET", PATH, self.form, f"{about}: the form", page=True, returns="HTML"),
            Row("POST", PATH, self.complete, about, "anyone", "form", "a redirect", (Forbidden,), page=True),
        ]

    def form(self, call: Call) -> Response:
        if not self._first_run.is_needed():
            return redirect("/", status=303)
        fresh = InstanceSettings()
        shown = {
            "username": "admin",
            "public_name": fresh.public_name,
            "public_url": "" if urlsplit(call.base_url).hostname in LOOPBACK else call.base_url,
            "registration": Registration.INVITE.value,
            "anonymous_reading": "true",
        }
        return self._page(call, _code(call.one("code") or ""), shown)

    def complete(self, call: Call) -> Response:
        if not is_same_origin(call):
            raise Forbidden("This form was sent from a page of another site.")
        form = call.form()
        code = _code(only(form, "code"))
        shown = {name: only(form, name).strip() for name in TYPED}
        profile = Profile(fullname=shown["fullname"], email=shown["email"] or None)
        settings = {name: shown[name] for name in SETTINGS}
        settings["anonymous_reading"] = "true" if shown["anonymous_reading"] == "true" else "false"
        try:
            plan = Plan(shown["username"], only(form, "password"), settings, profile)
            admin = self._first_run.complete(code, plan)
        except HubError as error:
            return self._page(call, code, shown, error=error)
        with self._sessions.db.writing() as tx:
            secret = self._sessions.start(tx, admin.id, ip=call.client_ip, agent=call.header("user-agent"))
        return enter(call, secret, "/", days=InstanceSettings().session_days)

    def _page(self, call: Call, code: str, shown: dict[str, str], *, error: HubError | None = None) -> Response:
        return self._pages.render(
            call,
            "first_run/setup.html",
            status=error.http_status if error else 200,
            headers={"cache-control": "no-store"},
            code=code,
            fits=self._first_run.fits(code),
            shown={name: shown.get(name, "") for name in TYPED},
            policies=[policy.value for policy in Registration],
            error=error.message if error else "",
        )


def _code(text: str) -> str:
    return text if len(text) <= LONGEST_CODE else ""
