"""Who asked to be let into a gated repository, and what becomes of it."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Forbidden, HubError, NotFound, RepoNotFound, Unauthenticated
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Level
from bearhug.hub.gates.records import Decision, Status
from bearhug.hub.gates.service import LONGEST_REASON, Gates
from bearhug.hub.repo_pages import wire
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repo_pages.records import Band
from bearhug.hub.repo_settings.pages.general import named
from bearhug.hub.repos.wire import name_of

ROWS = 50
SHUT = (RepoNotFound, Unauthenticated, Forbidden, NotFound)


class RequestsPage:
    """Three lists, and a form in every row."""

    def __init__(self, frame: Frame, gates: Gates) -> None:
        self._frame = frame
        self._gates = gates

    def rows(self) -> list[Row]:
        path, about = "/{kind}/{ns}/{name}/settings/access", "Requests for a gated repository"
        change = "Accept, reject or let in"
        return [
            Row("GET", path, self.listing, about, "writer", page=True, returns="HTML", refuses=SHUT),
            Row("POST", path, self.decide, change, "writer", "form", page=True, returns="a redirect", refuses=SHUT),
        ]

    def listing(self, call: Call) -> Response:
        return self._page(call, self._frame.band(call, Level.WRITE))

    def decide(self, call: Call) -> Response:
        band, form = self._frame.band(call, Level.WRITE), call.form()
        actor, name = self._frame.who(call), named(band.repo)
        status, user = only(form, "status"), only(form, "user").strip()[:96]
        if status not in (*Status, "grant"):
            raise BadRequest
        try:
            if status == "grant":
                self._gates.grant(actor, name, user)
            else:
                reason = only(form, "reason").strip()[:LONGEST_REASON]
                self._gates.decide(actor, name, Decision(Status(status), user=user, reason=reason))
        except HubError as error:
            return self._page(call, band, error=error, typed=user)
        shown = only(form, "shown") if only(form, "shown") in list(Status) else Status.PENDING.value
        return redirect(f"{wire.home(band.repo)}/settings/access?status={shown}", status=303)

    def _page(self, call: Call, band: Band, *, error: HubError | None = None, typed: str = "") -> Response:
        wanted = call.one("status") or ""
        status = Status(wanted) if wanted in list(Status) else Status.PENDING
        after = call.place("after")
        found = (
            self._gates.listing(self._frame.who(call), name_of(call), status, after=after, limit=ROWS + 1)
            if band.repo.gated
            else []
        )
        return self._frame.render(
            call,
            "repo_settings/requests.html",
            band,
            status=error.http_status if error else 200,
            error=error.message if error else "",
            typed=typed,
            found=found[:ROWS],
            following=found[ROWS - 1].id if len(found) > ROWS else 0,
            shown=status.value,
            statuses=[one.value for one in Status],
            tab="settings",
        )
