"""What every page of the administration needs: who asks, the frame, and asking again before destroying."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from starlette.responses import Response

from bearhug.base.errors import Forbidden, HubError, NotFound, Unauthenticated
from bearhug.base.html.pages import Pages
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.origin import local_path
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.access.who import Who
from bearhug.hub.admin.records import Sought
from bearhug.hub.admin.service import Administration

HOME = "/administration"
ROWS = 50
LAST_PAGE = 100_000
SHUT = (Unauthenticated, Forbidden)
Show = Callable[[Call, Actor], Response]
PLACES = (
    ("", "Overview"),
    ("/people", "People"),
    ("/organizations", "Organizations"),
    ("/repositories", "Repositories"),
    ("/storage", "Storage"),
    ("/usage", "Usage of models"),
    ("/jobs", "Background jobs"),
    ("/health", "Health"),
    ("/announcement", "Announcement"),
    ("/settings", "Settings"),
    ("/audit", "Audit trail"),
)


class Desk:
    """Shows pages to administrators and takes their forms."""

    def __init__(self, administration: Administration, pages: Pages, who: Who) -> None:
        self._administration = administration
        self._pages = pages
        self._who = who

    def page(self, path: str, show: Show, about: str, refuses: tuple[type[HubError], ...] = ()) -> Row:
        shut: list[type[HubError]] = [*SHUT, *refuses]
        return Row("GET", HOME + path, self._admitting(show), about, "admin", page=True, returns="HTML", refuses=shut)

    def form(self, path: str, change: Show, about: str) -> Row:
        shut = (*SHUT, NotFound)
        answer = self._admitting(change)
        return Row("POST", HOME + path, answer, about, "admin", "form", "a redirect", shut, page=True)

    def render(self, call: Call, template: str, *, error: str = "", **facts: Any) -> Response:
        """Show a page of this room, or that of another by its whole name."""
        places = [(HOME + path, label) for path, label in PLACES]
        return self._pages.render(
            call,
            f"{template}.html" if "/" in template else f"admin/{template}.html",
            status=400 if error else 200,
            headers={"cache-control": "no-store"},
            admin_places=places,
            error=error,
            **facts,
        )

    def sure(self, call: Call, question: str, subject: str, **facts: Any) -> Response | None:
        """The page that asks again, until its answer is yes."""
        form = call.form()
        if only(form, "sure") == "yes":
            return None
        kept = [(name, value) for name, values in form.items() for value in values[:5] if name not in ("sure", "heir")]
        facts |= {"question": question, "subject": subject, "kept": kept[:20], "back": back_of(call)}
        return self.render(call, "sure", **facts)

    def _admitting(self, show: Show) -> Callable[[Call], Response]:
        def answer(call: Call) -> Response:
            return show(call, self._administration.admit(self._who(call)))

        answer.__wrapped__ = show  # type: ignore[attr-defined]
        return answer


def asked(call: Call, *, states: Collection[str], orders: Sequence[str]) -> Sought:
    """What the address says of a list; what is none of the choices is the first of them."""
    state, order = call.one("state") or "", call.one("order") or ""
    page = min(whole(call.one("page")) or 1, LAST_PAGE)
    return Sought(
        (call.one("q") or "").strip()[:100],
        state if state in states else "",
        order if order in orders else orders[0],
        max(page, 1) - 1,
    )


def spread(sought: Sought, count: int) -> dict[str, int]:
    """Where one is in a list: the page and the last one, from 1, and how many there are."""
    last = max(-(-count // ROWS), 1)
    return {"count": count, "page": min(sought.page + 1, last), "last": last}


def back_of(call: Call) -> str:
    """The list that a form was on."""
    return local_path(only(call.form(), "back"), HOME)


def done(call: Call) -> Response:
    return redirect(back_of(call), status=303)


def whole(text: str | None) -> int | None:
    """A number of an address; None where there is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None
