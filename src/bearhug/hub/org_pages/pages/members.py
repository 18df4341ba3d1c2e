"""Who is in an organization, with which role; who is invited."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, HubError
from bearhug.base.http.answers import redirect
from bearhug.base.http.call import Call
from bearhug.base.http.fields import only
from bearhug.base.http.rows import Row
from bearhug.hub.access.records import Actor, Role
from bearhug.hub.access.rules import may_administer
from bearhug.hub.account_pages.pages.desk import Desk, number, post
from bearhug.hub.accounts.records import Owner
from bearhug.hub.orgs.api import role_of
from bearhug.hub.orgs.invitations import Invitations
from bearhug.hub.orgs.service import Orgs
from bearhug.hub.profiles.service import Profiles

ROWS = 50
LIVES = ("1", "7", "14", "30", "90")
ROLES = (Role.READ, Role.CONTRIBUTOR, Role.WRITE, Role.ADMIN, Role.NO_ACCESS)
Form = dict[str, list[str]]


class MembersPages:
    """A list for everybody who may see the organization; forms beside it for its administrators."""

    def __init__(self, orgs: Orgs, invitations: Invitations, profiles: Profiles, desk: Desk) -> None:
        self._orgs = orgs
        self._invitations = invitations
        self._profiles = profiles
        self._desk = desk

    def rows(self) -> list[Row]:
        path = "/organizations/{org}/members"
        return [
            self._desk.form(path, self.listing, "Members of an organization and their roles"),
            post(path, self.change, "Change a role, take somebody out, invite, leave"),
        ]

    def listing(
        self,
        call: Call,
        actor: Actor,
        *,
        error: HubError | None = None,
        link: str = "",
        invited: str = "",
    ) -> Response:
        org = self._org(call, actor)
        after = (call.one("after") or "")[:96]
        members = self._profiles.members(actor, org.name, after=after, limit=ROWS + 1)
        administers = may_administer(actor, org.id, org.name, is_org=True)
        return self._desk.render(
            call,
            "org_pages/members.html",
            error=error,
            org=org,
            members=members[:ROWS],
            following=members[ROWS - 1].user.name if len(members) > ROWS else "",
            administers=administers,
            own_role=actor.orgs.get(org.id),
            invitations=self._invitations.listing(actor, org.name) if administers else [],
            roles=[role.value for role in ROLES],
            lives=LIVES,
            link=link,
            invited=invited,
        )

    def change(self, call: Call) -> Response:
        actor, form = self._desk.who(call), call.form()
        org = self._org(call, actor)
        deeds = {
            "role": self._change_role,
            "remove": self._remove,
            "leave": self._leave,
            "invite": self._invite,
            "revoke": self._revoke,
        }
        link, deed = "", only(form, "deed")
        if deed not in (*deeds, "link"):
            raise BadRequest
        try:
            if deed == "link":
                link = self._link(call, actor, org, form)
            else:
                deeds[deed](actor, org, form)
        except HubError as error:
            return self.listing(call, actor, error=error, invited=only(form, "user")[:96])
        if link:
            return self.listing(call, actor, link=link)
        return redirect(f"/{org.name}" if deed == "leave" else f"/organizations/{org.name}/members", status=303)

    def _change_role(self, actor: Actor, org: Owner, form: Form) -> None:
        self._orgs.change_role(actor, org.name, only(form, "user")[:96], role_of(only(form, "role")))

    def _remove(self, actor: Actor, org: Owner, form: Form) -> None:
        self._orgs.remove_member(actor, org.name, only(form, "user")[:96])

    def _leave(self, actor: Actor, org: Owner, _form: Form) -> None:
        self._orgs.remove_member(actor, org.name, actor.name)

    def _invite(self, actor: Actor, org: Owner, form: Form) -> None:
        user, role = only(form, "user").strip()[:96], role_of(only(form, "role"))
        self._invitations.invite(actor, org.name, user, role, days=_days(form))

    def _link(self, call: Call, actor: Actor, org: Owner, form: Form) -> str:
        secret = self._invitations.make_link(actor, org.name, role_of(only(form, "role")), days=_days(form))
        return f"{call.base_url}/organizations/join/{secret}"

    def _revoke(self, actor: Actor, org: Owner, form: Form) -> None:
        self._invitations.revoke(actor, org.name, number(only(form, "id")))

    def _org(self, call: Call, actor: Actor) -> Owner:
        owner = self._profiles.owner(actor, call.params["org"])
        return self._orgs.get(owner.name)


def _days(form: Form) -> int:
    life = only(form, "life")
    if life not in LIVES:
        raise BadRequest
    return int(life)
