"""Password, browsers that are signed in, and the end of an account."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Forbidden, HubError
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.access.rules import own_account
from bearhug.hub.account_pages.browsers import called
from bearhug.hub.account_pages.pages.desk import Desk, number, post
from bearhug.hub.profiles.service import Profiles
from bearhug.hub.sessions.service import Sessions
from bearhug.hub.sessions.wire import forget, session_secret

PASSWORD, SESSIONS, DELETE = "/settings/password", "/settings/sessions", "/settings/delete"


class SafetyPages:
    """Forms that ask for the password again before they do what cannot be undone."""

    def __init__(self, sessions: Sessions, profiles: Profiles, desk: Desk) -> None:
        self._sessions = sessions
        self._profiles = profiles
        self._desk = desk

    def rows(self) -> list[Row]:
        return [
            self._desk.form(PASSWORD, self.password_form, "Another password: the form"),
            post(PASSWORD, self.change_password, "Another password"),
            self._desk.form(SESSIONS, self.browsers, "Where one is signed in"),
            post(SESSIONS, self.end, "Sign a browser out, or all others"),
            self._desk.form(DELETE, self.delete_form, "Delete one's account: the form"),
            post(DELETE, self.delete, "Delete one's account"),
        ]

    def password_form(self, call: Call, _actor: Actor) -> Response:
        return self._desk.render(call, "account_pages/password.html", done=False)

    def change_password(self, call: Call) -> Response:
        actor, form = self._desk.owner(call), call.form()
        try:
            account = self._sessions.check(actor.name, only(form, "old"), call.client_ip)
            self._sessions.change_password(account, only(form, "new"), but_secret=session_secret(call))
        except HubError as error:
            return self._desk.render(call, "account_pages/password.html", error=error, done=False)
        return self._desk.render(call, "account_pages/password.html", done=True)

    def browsers(self, call: Call, actor: Actor) -> Response:
        found = self._sessions.listing(own_account(actor), here=session_secret(call))
        return self._desk.render(call, "account_pages/sessions.html", sessions=found, called=called)

    def end(self, call: Call) -> Response:
        user_id, form = own_account(self._desk.owner(call)), call.form()
        if "others" in form:
            self._sessions.end_others(user_id, session_secret(call))
        else:
            self._sessions.end(user_id, number(only(form, "id")))
        return redirect(SESSIONS, status=303)

    def delete_form(self, call: Call, actor: Actor) -> Response:
        return self._desk.render(call, "account_pages/delete.html", name=actor.name)

    def delete(self, call: Call) -> Response:
        actor, form = self._desk.owner(call), call.form()
        try:
            if actor.grant is not None:
                raise Forbidden("Sign in with your password to delete the account.")
            if only(form, "typed").strip() != actor.name:
                raise BadRequest("The name that you typed is not yours.")
            self._sessions.check(actor.name, only(form, "password"), call.client_ip)
            self._profiles.delete_account(actor.name)
        except HubError as error:
            return self._desk.render(call, "account_pages/delete.html", error=error, name=actor.name)
        answer = redirect("/", status=303)
        forget(answer)
        return answer
