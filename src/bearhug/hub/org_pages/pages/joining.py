"""Where a link of an organization leads."""

from starlette.responses import Response

from bearhug.base.errors import NotFound
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.account_pages.pages.desk import Desk, post
from bearhug.hub.orgs.invitations import Invitations

PATH = "/organizations/join/{secret}"


class JoiningPages:
    """See who invites and as what, then become a member or leave it be."""

    def __init__(self, invitations: Invitations, desk: Desk) -> None:
        self._invitations = invitations
        self._desk = desk

    def rows(self) -> list[Row]:
        return [
            self._desk.form(PATH, self.form, "An invitation to an organization"),
            post(PATH, self.accept, "Become a member by an invitation"),
        ]

    def form(self, call: Call, actor: Actor) -> Response:
        try:
            invitation, is_member = self._invitations.look(actor, call.params["secret"])
        except NotFound as error:
            return self._desk.render(call, "org_pages/join.html", error=error, invitation=None, is_member=False)
        return self._desk.render(call, "org_pages/join.html", invitation=invitation, is_member=is_member)

    def accept(self, call: Call) -> Response:
        actor = self._desk.owner(call)
        try:
            org = self._invitations.accept_link(actor, call.params["secret"])
        except NotFound as error:
            return self._desk.render(call, "org_pages/join.html", error=error, invitation=None, is_member=False)
        return redirect(f"/{org.name}", status=303)
