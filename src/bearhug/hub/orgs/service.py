"""Organisations: create, change, and who is in them with which role."""

from bearhug.base.db import Database, Duplicate, Tx
from bearhug.base.errors import Conflict, Forbidden, NotFound
from bearhug.hub.access.records import Actor, Role
from bearhug.hub.access.rules import may_administer, may_write_account, own_account, signed_in
from bearhug.hub.accounts.records import NO_PROFILE, Owner, OwnerKind, Profile
from bearhug.hub.accounts.service import Accounts
from bearhug.hub.orgs import store
from bearhug.hub.orgs.records import Member, Membership


class Orgs:
    """Organisations and their members."""

    def __init__(self, db: Database, accounts: Accounts) -> None:
        self.db = db
        self._accounts = accounts

    def create(self, actor: Actor, name: str, profile: Profile = NO_PROFILE) -> Owner:
        """A new organisation with the actor as its administrator."""
        user_id = own_account(actor)
        with self.db.writing() as tx:
            return self.add(tx, user_id, name, profile)

    def add(self, tx: Tx, user_id: int, name: str, profile: Profile = NO_PROFILE) -> Owner:
        org = self._accounts.add(tx, name, OwnerKind.ORG, profile)
        store.add(tx, org.id, user_id, Role.ADMIN)
        return org

    def find(self, tx: Tx, name: str) -> Owner:
        """The organisation of that name; `NotFound` for users too."""
        org = self._accounts.find_owner(tx, name)
        if org is None or not org.is_org:
            raise NotFound(f"There is no organization {name[:100]}.")
        return org

    def get(self, name: str) -> Owner:
        with self.db.reading() as tx:
            return self.find(tx, name)

    def change_profile(self, actor: Actor, name: str, profile: Profile) -> Owner:
        """Replace what people see of the organisation."""
        with self.db.writing() as tx:
            return self._accounts.change_profile(tx, self.administered(tx, actor, name).id, profile)

    def change_avatar(self, actor: Actor, name: str, content: bytes | None) -> None:
        """Another picture of the organisation, or None for the drawn one."""
        with self.db.reading() as tx:
            org = self.administered(tx, actor, name)
        self._accounts.change_avatar(org.id, content)

    def delete(self, actor: Actor, name: str) -> None:
        """Delete an organisation that owns nothing any more."""
        with self.db.writing() as tx:
            org = self.administered(tx, actor, name)
            self._accounts.remove(tx, org)

    # members -----------------------------------------------------------------------------------------------

    def roles_of(self, tx: Tx, user_id: int) -> dict[int, Role]:
        return store.roles_of(tx, user_id)

    def orgs_of(self, tx: Tx, user_id: int) -> list[Membership]:
        return store.orgs_of(tx, user_id)

    def count_members(self, tx: Tx, org_id: int) -> int:
        return store.count(tx, org_id)

    def members(self, tx: Tx, org_id: int, *, after: str = "", limit: int = 500) -> list[Member]:
        """Members by name, those behind the name `after`."""
        return store.members_of(tx, org_id, after=after.lower(), limit=limit)

    def add_member(self, actor: Actor, name: str, user_name: str, role: Role) -> None:
        with self.db.writing() as tx:
            org = self.administered(tx, actor, name)
            user = self._accounts.find(tx, user_name)
            if store.role(tx, org.id, user.id) is not None:
                raise _already(user, org)
            try:
                store.add(tx, org.id, user.id, role)
            except Duplicate as error:
                raise _already(user, org) from error

    def change_role(self, actor: Actor, name: str, user_name: str, role: Role) -> None:
        with self.db.writing() as tx:
            org = self.administered(tx, actor, name)
            user = self._accounts.find(tx, user_name)
            self._refuse_last_admin(tx, org, self._role(tx, org, user), role)
            store.change(tx, org.id, user.id, role)

    def remove_member(self, actor: Actor, name: str, user_name: str) -> None:
        """Take somebody out; everybody may take themselves out, unless nobody would be left to administer."""
        with self.db.writing() as tx:
            user = self._accounts.find(tx, user_name)
            leaving = user.id == actor.user_id and may_write_account(actor)
            org = self.find(tx, name) if leaving else self.administered(tx, actor, name)
            store.lock(tx, org.id)
            self._refuse_last_admin(tx, org, self._role(tx, org, user), None)
            store.remove(tx, org.id, user.id)

    def join(self, tx: Tx, org: Owner, user_id: int, role: Role) -> None:
        """Take in somebody who was invited; whoever is a member already stays what they are."""
        if store.role(tx, org.id, user_id) is None:
            store.add(tx, org.id, user_id, role)

    def role_in(self, tx: Tx, org_id: int, user_id: int) -> Role | None:
        return store.role(tx, org_id, user_id)

    def refuse_lone_admin(self, tx: Tx, user_id: int) -> None:
        """`Conflict` while an organisation has nobody else to administer it."""
        alone = store.lone_administered(tx, user_id)
        if alone:
            raise Conflict(f"Nobody else administers {', '.join(alone[:10])}. Make somebody else an admin first.")

    def administered(self, tx: Tx, actor: Actor, name: str) -> Owner:
        """The organisation, held so that one change of its members comes after the other; for its admins."""
        signed_in(actor)
        org = self.find(tx, name)
        if not may_administer(actor, org.id, org.name, is_org=True):
            raise Forbidden(f"Only administrators of {org.name} may do this.")
        store.lock(tx, org.id)
        return org

    def _role(self, tx: Tx, org: Owner, user: Owner) -> Role:
        role = store.role(tx, org.id, user.id)
        if role is None:
            raise NotFound(f"{user.name} is not a member of {org.name}.")
        return role

    def _refuse_last_admin(self, tx: Tx, org: Owner, old: Role, new: Role | None) -> None:
        if old is Role.ADMIN and new is not Role.ADMIN and store.count(tx, org.id, role=Role.ADMIN) == 1:
            raise Conflict(f"An organization needs an admin, and there is only one in {org.name}.")


def _already(user: Owner, org: Owner) -> Conflict:
    return Conflict(f"{user.name} is already a member of {org.name}.")
