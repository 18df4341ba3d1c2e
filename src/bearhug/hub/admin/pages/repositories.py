"""Repositories of everybody."""

from typing import Any

from starlette.responses import Response

from bearhug.base.errors import BadRequest, HubError
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.admin.pages.desk import ROWS, Desk, asked, done, spread
from bearhug.hub.admin.service import Administration
from bearhug.hub.repos.records import KINDS, RepoName

STATES = ("public", "private", "disabled")
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
        kind = call.one("kind") or ""
        kind = kind if kind in KINDS else ""
        sought = asked(call, states=STATES, orders=ORDERS)
        found, count = self._administration.repos(kind, sought, rows=ROWS)
        facts: dict[str, Any] = {"sought": sought, "kind": kind, "kinds": list(KINDS), "found": found}
        facts |= {"states": STATES, "orders": ORDERS, **spread(sought, count)}
        return self._desk.render(call, "repositories", error=error, **facts)

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
        question = self._desk.sure(call, "Delete %(subject)s with its files and history for good?", str(name))
        if question is None:
            self._administration.remove_repo(actor, name)
        return question or done(call)
