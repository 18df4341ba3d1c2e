"""The page behind a reset link: somebody chooses a new password and is signed in with it."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Forbidden, HubError
from bearhug.base.html.pages import Pages
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.sessions.pages import enter, refuse_strangers
from bearhug.hub.sessions.resets import Resets
from bearhug.hub.sessions.service import Sessions
from bearhug.hub.settings.service import Settings


class ResetPages:
    """For who has no password, so nobody signs in here; the link itself says who they are."""

    def __init__(self, resets: Resets, sessions: Sessions, settings: Settings, pages: Pages) -> None:
        self._resets = resets
        self._sessions = sessions
        self._settings = settings
        self._pages = pages

    def rows(self) -> list[Row]:
        path, shut = "/reset/{ticket}", (Forbidden, BadRequest)
        return [
            Row("GET", path, self.form, "The form of a reset link", page=True, returns="HTML", refuses=shut),
            Row("POST", path, self.change, "Set a new password", body="form", page=True, returns="HTML", refuses=shut),
        ]

    def form(self, call: Call) -> Response:
        return self._page(call)

    def change(self, call: Call) -> Response:
        refuse_strangers(call)
        try:
            account = self._resets.use(call.params["ticket"], only(call.form(), "password"))
        except BadRequest as error:
            return self._page(call, error=error)
        with self._sessions.db.writing() as tx:
            secret = self._sessions.start(tx, account.user_id, ip=call.client_ip, agent=call.header("user-agent"))
        return enter(call, secret, "/", days=self._settings.now().session_days)

    def _page(self, call: Call, *, error: HubError | None = None) -> Response:
        return self._pages.render(
            call,
            "sessions/reset.html",
            status=error.http_status if error else 200,
            headers={"cache-control": "no-store", "referrer-policy": "no-referrer"},
            name=self._resets.account(call.params["ticket"]).name,
            error=error.message if error else "",
        )
