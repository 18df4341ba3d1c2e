"""The page on which people approve a program."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Forbidden, HubError, NotFound, TooManyRequests
from bearhug.base.html.pages import Pages
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.origin import is_same_origin
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.oauth.records import Decision
from bearhug.hub.oauth.service import Devices, shown
from bearhug.hub.sessions.pages import login_address


class DevicePages:
    """Type the code, see who asks, approve or deny."""

    def __init__(self, devices: Devices, pages: Pages, who: Who) -> None:
        self._devices = devices
        self._pages = pages
        self._who = who

    def rows(self) -> list[Row]:
        shut = (Forbidden, NotFound, TooManyRequests)
        return [
            Row(
                "GET",
                "/oauth/device",
                self.form,
                "Where people type the code that a program shows",
                audience="user",
                page=True,
                returns="HTML",
                refuses=shut,
            ),
            Row(
                "POST",
                "/oauth/device/decide",
                self.decide,
                "Approve or deny a program",
                audience="user",
                body="form",
                page=True,
                returns="HTML",
                refuses=(*shut, BadRequest),
            ),
        ]

    def form(self, call: Call) -> Response:
        actor, typed = self._who(call), (call.one("user_code") or "")[:20]
        if actor.is_anonymous:
            return redirect(login_address(call), status=303)
        if not typed:
            return self._page(call, user_code="")
        try:
            code = self._devices.look(actor, typed)
        except (NotFound, TooManyRequests) as error:
            return self._page(call, user_code=typed, error=error)
        return self._page(call, user_code=shown(code.user_code), code=code, name=actor.name)

    def decide(self, call: Call) -> Response:
        actor, form = self._who(call), call.form()
        if not is_same_origin(call):
            raise Forbidden("This form was sent from a page of another site.")
        if only(form, "decision") not in (Decision.APPROVED, Decision.DENIED):
            raise BadRequest('"decision" is approved or denied.')
        decision = Decision(only(form, "decision"))
        try:
            code = self._devices.decide(actor, only(form, "user_code")[:20], decision)
        except (NotFound, TooManyRequests) as error:
            return self._page(call, user_code="", error=error)
        return self._pages.render(
            call, "oauth/decided.html", approved=decision is Decision.APPROVED, client=code.client
        )

    def _page(
        self, call: Call, *, user_code: str, code: object = None, name: str = "", error: HubError | None = None
    ) -> Response:
        return self._pages.render(
            call,
            "oauth/device.html",
            status=error.http_status if error else 200,
            user_code=user_code,
            code=code,
            name=name,
            error=error.message if error else "",
        )
