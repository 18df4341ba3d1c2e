"""Where an administrator of the hub invites people to make an account."""

from starlette.responses import Response

from bearhug.base import clock
from bearhug.base.errors import BadRequest, Forbidden, HubError
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.account_pages.pages.desk import Desk, number, post
from bearhug.hub.accounts.service import Accounts

PATH = "/settings/invitations"
LIVES = ("1", "7", "14", "30", "90")


class InvitesPages:
    """An address is shown once, on the answer to the form that made it."""

    def __init__(self, accounts: Accounts, desk: Desk) -> None:
        self._accounts = accounts
        self._desk = desk

    def rows(self) -> list[Row]:
        return [
            self._desk.form(PATH, self.listing, "Invitations to make an account"),
            post(PATH, self.create, "Invite somebody to make an account"),
            post(f"{PATH}/revoke", self.revoke, "Take an invitation back"),
        ]

    def listing(
        self, call: Call, actor: Actor, *, link: str = "", note: str = "", error: HubError | None = None
    ) -> Response:
        _refuse_others(actor)
        return self._desk.render(
            call,
            "account_pages/invites.html",
            error=error,
            invites=self._accounts.invites(),
            now=clock.now(),
            lives=LIVES,
            link=link,
            note=note,
        )

    def create(self, call: Call) -> Response:
        actor, form = self._desk.owner(call), call.form()
        _refuse_others(actor)
        note, life = only(form, "note"), only(form, "life")
        if life not in LIVES:
            raise BadRequest
        try:
            secret = self._accounts.invite(actor.user_id, note, days=int(life))
        except HubError as error:
            return self.listing(call, actor, note=note, error=error)
        return self.listing(call, actor, link=f"{call.base_url}/join?invite={secret}")

    def revoke(self, call: Call) -> Response:
        actor = self._desk.owner(call)
        _refuse_others(actor)
        self._accounts.revoke_invite(number(only(call.form(), "id")))
        return redirect(PATH, status=303)


def _refuse_others(actor: Actor) -> None:
    if not actor.is_admin:
        raise Forbidden("Only administrators of this hub invite people.")
