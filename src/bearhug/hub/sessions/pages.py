"""Pages to sign in, sign up and sign out; they work without script."""

from collections.abc import Callable
from urllib.parse import quote

from starlette.responses import Response

from bearhug.base.errors import Forbidden, HubError, TooManyRequests, Unauthenticated
from bearhug.base.html.pages import Pages
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.origin import is_same_origin, local_path
from bearhug.base.http.rows import Row
from bearhug.hub.accounts.records import Profile
from bearhug.hub.accounts.service import Accounts
from bearhug.hub.sessions import wire
from bearhug.hub.sessions.service import Sessions
from bearhug.hub.settings.records import Registration
from bearhug.hub.settings.service import Settings

FIELDS = ("username", "fullname", "email", "invite")


class SessionsPages:
    """The way in and the way out."""

    def __init__(
        self,
        sessions: Sessions,
        accounts: Accounts,
        settings: Settings,
        pages: Pages,
        is_new: Callable[[], bool],
    ) -> None:
        self._is_new = is_new
        self._sessions = sessions
        self._accounts = accounts
        self._settings = settings
        self._pages = pages

    def rows(self) -> list[Row]:
        return [
            Row("GET", "/login", self.login_form, "The form to sign in", page=True, returns="HTML"),
            Row("POST", "/login", self.login, "Sign in", body="form", page=True, returns="HTML"),
            Row("POST", "/logout", self.logout, "Sign out", body="form", page=True, returns="HTML"),
            Row("GET", "/join", self.join_form, "The form to make an account", page=True, returns="HTML"),
            Row("POST", "/join", self.join, "Make an account", body="form", page=True, returns="HTML"),
        ]

    def login_form(self, call: Call) -> Response:
        if self._is_new():
            return redirect("/setup", status=303)
        return self._login_page(call, local_path(call.one("next") or "/"))

    def login(self, call: Call) -> Response:
        refuse_strangers(call)
        form = call.form()
        name, next_ = only(form, "username").strip(), local_path(only(form, "next"))
        try:
            secret = self._sessions.sign_in(
                name, only(form, "password"), ip=call.client_ip, agent=call.header("user-agent")
            )
        except (Unauthenticated, TooManyRequests) as error:
            return self._login_page(call, next_, name=name, error=error)
        return self._enter(call, secret, next_)

    def logout(self, call: Call) -> Response:
        refuse_strangers(call)
        self._sessions.sign_out(wire.session_secret(call))
        answer = redirect("/", status=303)
        wire.forget(answer)
        return answer

    def join_form(self, call: Call) -> Response:
        if self._is_new():
            return redirect("/setup", status=303)
        shown = {"invite": (call.one("invite") or "")[:200]}
        return self._join_page(call, shown, local_path(call.one("next") or "/"))

    def join(self, call: Call) -> Response:
        refuse_strangers(call)
        form = call.form()
        shown = {name: only(form, name).strip() for name in FIELDS}
        next_ = local_path(only(form, "next"))
        profile = Profile(fullname=shown["fullname"], email=shown["email"] or None)
        try:
            self._sessions.refuse_flood(call.client_ip)
            owner = self._accounts.register(shown["username"], only(form, "password"), profile, invite=shown["invite"])
        except HubError as error:
            return self._join_page(call, shown, next_, error=error)
        self._sessions.note_join(call.client_ip)
        with self._sessions.db.writing() as tx:
            secret = self._sessions.start(tx, owner.id, ip=call.client_ip, agent=call.header("user-agent"))
        return self._enter(call, secret, next_)

    def _enter(self, call: Call, secret: str, next_: str) -> Response:
        return enter(call, secret, next_, days=self._settings.now().session_days)

    def _login_page(self, call: Call, next_: str, *, name: str = "", error: HubError | None = None) -> Response:
        return self._pages.render(
            call,
            "sessions/login.html",
            status=error.http_status if error else 200,
            headers=error.headers if error else None,
            next=next_,
            username=name[:96],
            error=error.message if error else "",
            may_join=self._settings.now().registration is not Registration.CLOSED,
        )

    def _join_page(self, call: Call, shown: dict[str, str], next_: str, *, error: HubError | None = None) -> Response:
        policy = self._settings.now().registration
        return self._pages.render(
            call,
            "sessions/join.html",
            status=error.http_status if error else 200,
            form={name: shown.get(name, "") for name in FIELDS},
            error=error.message if error else "",
            next=next_,
            closed=policy is Registration.CLOSED,
            by_invite=policy is Registration.INVITE,
        )


def enter(call: Call, secret: str, next_: str, *, days: int) -> Response:
    """On to the next page, with the session in the browser."""
    answer = redirect(next_, status=303)
    wire.keep(answer, call, secret, days=days)
    return answer


def login_address(call: Call) -> str:
    """Where to sign in and then come back to the present page."""
    query = call.request.url.query
    return f"/login?next={quote(f'{call.path}?{query}' if query else call.path, safe='')}"


def refuse_strangers(call: Call) -> None:
    """Forms of pages are sent from pages of this hub alone."""
    if not is_same_origin(call):
        raise Forbidden("This form was sent from a page of another site.")
