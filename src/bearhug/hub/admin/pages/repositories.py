"""Repositories of everybody."""

from typing import Any

from starlette.responses import Response

from bearhug.base.errors import BadRequest, HubError
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.admin.pages.desk import Desk, done, whole
from bearhug.hub.admin.service import Administration
from bearhug.hub.repos.records import KINDS, RepoName

ROWS = 50
LAST_PAGE = 2000
ORDERS = ("newest", "changed", "size")
CHANGES = {
    "private": {"private": True},
    "public": {"private": False},
    "disable": {"disabled": True},
    "enable": {"disabled": False},
}


class RepositoriesPages:
    """Find, hide, disable, move, delete."""

    def __init__(self, administration: Administration, desk: Desk) -> None:
        self._administration = administration
        self._desk = desk

    def rows(self) -> list[Row]:
        return [
            self._desk.page("/repositories", self.listing, "Repositories of the hub"),
            self._desk.form("/repositories", self.change, "Hide, disable, move or delete a repository"),
        ]

    def listing(self, call: Call, _actor: Actor, *, error: str = "") -> Response:
        words = (call.one("q") or "").strip()[:100]
        kind = call.one("kind") if call.one("kind") in KINDS else ""
        private = {"private": True, "public": False}.get(call.one("visibility") or "")
        order = call.one("order") if call.one("order") in ORDERS else ORDERS[0]
        page = min(whole(call.one("page")) or 0, LAST_PAGE)
        span = (page * ROWS, ROWS + 1)
        found = self._administration.repos(words, kind=kind or "", private=private, order=order or "", page=span)
        facts: dict[str, Any] = {"words_sought": words, "kind": kind, "kinds": list(KINDS)}
        facts |= {"order": order, "orders": ORDERS, "page": page}
        visibility = call.one("visibility") if private is not None else ""
        more = len(found) > ROWS
        return self._desk.render(
            call, "repositories", error=error, found=found[:ROWS], more=more, visibility=visibility, **facts
        )

    def change(self, call: Call, actor: Actor) -> Response:
        form = call.form()
        owner, _, short = only(form, "repo").partition("/")
        name, what = RepoName(only(form, "kind"), owner, short), only(form, "do")
        try:
            if name.kind not in KINDS:
                raise BadRequest
            if what in CHANGES:
                self._administration.change_repo(actor, name, **CHANGES[what])
                return done(call)
            if what == "move" and only(form, "target"):
                self._administration.move_repo(actor, name, only(form, "target")[:200])
                return done(call)
            return self._ask(call, actor, name, what)
        except HubError as error:
            return self.listing(call, actor, error=error.message)

    def _ask(self, call: Call, actor: Actor, name: RepoName, what: str) -> Response:
        if what == "move":
            return self._desk.render(call, "move", subject=name, back=only(call.form(), "back"))
        if what != "delete":
            raise BadRequest
        asked = self._desk.sure(call, "Delete %(subject)s with its files and history for good?", str(name))
        if asked is None:
            self._administration.remove_repo(actor, name)
        return asked or done(call)
