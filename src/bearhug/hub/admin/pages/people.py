"""People and organizations."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Conflict, Forbidden, HubError, NotFound
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.accounts.records import OwnerKind, Profile
from bearhug.hub.admin.pages.desk import ROWS, Desk, asked, done, spread
from bearhug.hub.admin.service import Administration

STATES = ("administrator", "locked")
ORDERS = ("name", "newest")
REFUSED = (BadRequest, Conflict, Forbidden, NotFound)


class PeoplePages:
    """Find, add, lock, promote, sign out, delete."""

    def __init__(self, administration: Administration, desk: Desk) -> None:
        self._administration = administration
        self._desk = desk

    def rows(self) -> list[Row]:
        return [
            self._desk.page("/people", self.people, "People of the hub"),
            self._desk.page("/organizations", self.orgs, "Organizations of the hub"),
            self._desk.form("/people", self.add, "Make an account for somebody"),
            self._desk.form("/people/{name}", self.change, "Lock, promote, sign out or delete somebody"),
            self._desk.form("/organizations/{name}", self.remove_org, "Delete an organization"),
        ]

    def people(self, call: Call, _actor: Actor, *, error: str = "", **given: str) -> Response:
        return self._list(call, OwnerKind.USER, error=error, **given)

    def orgs(self, call: Call, _actor: Actor, *, error: str = "") -> Response:
        return self._list(call, OwnerKind.ORG, error=error)

    def _list(self, call: Call, kind: OwnerKind, *, error: str = "", **given: str) -> Response:
        """`given` is what was just made for somebody: a password (`word`) or a `link`, and `of` whom."""
        states = () if kind is OwnerKind.ORG else STATES
        sought = asked(call, states=states, orders=ORDERS)
        found, count = self._administration.owners(kind, sought, rows=ROWS)
        facts = {"sought": sought, "found": found, "is_org": kind is OwnerKind.ORG}
        facts |= {"states": states, "orders": ORDERS, **spread(sought, count)}
        facts |= {"word": "", "link": "", "of": "", **given}
        return self._desk.render(call, "people", error=error, **facts)

    def add(self, call: Call, actor: Actor) -> Response:
        form = call.form()
        name, profile = only(form, "name").strip(), Profile(only(form, "fullname"), only(form, "email") or None)
        try:
            word = self._administration.add_person(actor, name, profile, admin=bool(only(form, "admin")))
        except HubError as error:
            return self.people(call, actor, error=error.message)
        return self.people(call, actor, word=word, of=name)

    def change(self, call: Call, actor: Actor) -> Response:
        name, what = call.params["name"], only(call.form(), "do")
        simple = {
            "lock": self._administration.lock,
            "unlock": self._administration.unlock,
            "promote": self._administration.make_admin,
            "dismiss": self._administration.dismiss_admin,
            "signout": self._administration.sign_out,
        }
        try:
            if what == "password":
                return self._new_password(call, actor, name)
            if what == "reset":
                return self._reset_link(call, actor, name)
            if what == "delete":
                return self._remove(call, actor, name)
            if what not in simple:
                raise BadRequest
            simple[what](actor, name)
        except REFUSED as error:
            return self.people(call, actor, error=error.message)
        return done(call)

    def _new_password(self, call: Call, actor: Actor, name: str) -> Response:
        question = self._desk.sure(call, "Give %(subject)s a new password? Their browsers are signed out.", name)
        return question or self.people(call, actor, word=self._administration.new_password(actor, name), of=name)

    def _reset_link(self, call: Call, actor: Actor, name: str) -> Response:
        link = f"{call.base_url}/reset/{self._administration.reset_link(actor, name)}"
        return self.people(call, actor, link=link, of=name)

    def _remove(self, call: Call, actor: Actor, name: str) -> Response:
        question = self._desk.sure(call, "Delete the account %(subject)s for good?", name, heirs=True)
        if question is None:
            self._administration.remove_person(actor, name, only(call.form(), "heir").strip())
        return question or done(call)

    def remove_org(self, call: Call, actor: Actor) -> Response:
        name = call.params["name"]
        question = self._desk.sure(call, "Delete the organization %(subject)s for good?", name, heirs=True)
        if question is not None:
            return question
        try:
            self._administration.remove_org(actor, name, only(call.form(), "heir").strip())
        except REFUSED as error:
            return self.orgs(call, actor, error=error.message)
        return done(call)
