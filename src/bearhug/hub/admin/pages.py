"""People, background jobs and the doctor's findings, on one page."""

from collections.abc import Callable, Iterable

from starlette.responses import Response

from bearhug.base import events
from bearhug.base.db import Database
from bearhug.base.errors import Forbidden, Unauthenticated
from bearhug.base.html.pages import Pages
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.accounts.records import OwnerKind
from bearhug.hub.accounts.service import Accounts
from bearhug.hub.doctor.records import Finding

PEOPLE = 100
JOBS = 30


class AdminPages:
    """For administrators who signed in."""

    def __init__(
        self, db: Database, accounts: Accounts, examine: Callable[[], Iterable[Finding]], pages: Pages, who: Who
    ) -> None:
        self._db = db
        self._accounts = accounts
        self._examine = examine
        self._pages = pages
        self._who = who

    def rows(self) -> list[Row]:
        shut = (Unauthenticated, Forbidden)
        about = "People, jobs and health of the hub"
        return [Row("GET", "/admin", self.overview, about, "admin", page=True, returns="HTML", refuses=shut)]

    def overview(self, call: Call) -> Response:
        actor = self._who(call)
        if actor.is_anonymous:
            raise Unauthenticated
        if not actor.is_admin or actor.grant is not None:
            raise Forbidden("Only administrators of this hub see this page.")
        with self._db.reading() as tx:
            tally, jobs = events.tally(tx), events.listing(tx, limit=JOBS)
        after = (call.one("after") or "")[:96]
        people = self._accounts.listing(OwnerKind.USER, after=after, limit=PEOPLE + 1)
        return self._pages.render(
            call,
            "admin/overview.html",
            people=people[:PEOPLE],
            more=len(people) > PEOPLE,
            tally=tally,
            jobs=jobs,
            findings=list(self._examine()),
        )
