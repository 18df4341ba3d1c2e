"""What others see of oneself: words, links and a picture."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, HubError
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.multipart import file_of, parts
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor
from bearhug.hub.access.rules import own_account
from bearhug.hub.account_pages.pages.desk import Desk, post
from bearhug.hub.accounts.api import LARGEST_PICTURE
from bearhug.hub.accounts.records import Owner, Profile
from bearhug.hub.accounts.service import Accounts

PATH = "/settings/profile"
FIELDS = ("fullname", "email", "homepage", "bio", "links")


class ProfilePages:
    """The first page of the settings."""

    def __init__(self, accounts: Accounts, desk: Desk) -> None:
        self._accounts = accounts
        self._desk = desk

    def rows(self) -> list[Row]:
        return [
            self._desk.form(PATH, self.form, "What others see of oneself: the form"),
            post(PATH, self.change, "Change what others see of oneself"),
            post("/settings/avatar", self.picture, "Another picture, or none", limit=LARGEST_PICTURE + 4096),
        ]

    def form(self, call: Call, actor: Actor, *, error: HubError | None = None) -> Response:
        return self._page(call, _shown(self._accounts.get(actor.name)), error=error)

    def change(self, call: Call) -> Response:
        actor, form = self._desk.owner(call), call.form()
        shown = {name: only(form, name) for name in FIELDS}
        try:
            with self._accounts.db.writing() as tx:
                self._accounts.change_profile(tx, own_account(actor), profile_of(shown))
        except HubError as error:
            return self._page(call, shown, error=error)
        return self._page(call, shown, done=True)

    def picture(self, call: Call) -> Response:
        actor = self._desk.owner(call)
        try:
            self._accounts.change_avatar(own_account(actor), picture_in(call))
        except HubError as error:
            return self.form(call, actor, error=error)
        return self._page(call, _shown(self._accounts.get(actor.name)), done=True)

    def _page(
        self, call: Call, shown: dict[str, str], *, error: HubError | None = None, done: bool = False
    ) -> Response:
        return self._desk.render(call, "account_pages/profile.html", shown=shown, error=error, done=done)


def profile_of(typed: dict[str, str]) -> Profile:
    """A profile as a form holds it: links stand in lines."""
    return Profile(
        fullname=typed.get("fullname", ""),
        email=typed.get("email", "").strip() or None,
        bio=typed.get("bio", "").replace("\r\n", "\n"),
        homepage=typed.get("homepage", "").strip(),
        links=tuple(line.strip() for line in typed.get("links", "").splitlines()[:50] if line.strip()),
    )


def picture_in(call: Call) -> bytes | None:
    """The picture that a form sends; None where its other button takes the present one away."""
    found = parts(call)
    if any(part.name == "remove" for part in found):
        return None
    content = file_of(found, "picture")
    if not content:
        raise BadRequest("Choose a picture first.")
    return content


def _shown(owner: Owner) -> dict[str, str]:
    shown = {name: str(getattr(owner, name) or "") for name in FIELDS[:-1]}
    return {**shown, "links": "\n".join(owner.links)}
