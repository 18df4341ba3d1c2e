"""Invitations to organisations: by name, which only that user may accept, and by a link that anybody may who has it."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from bearhug.base import clock
from bearhug.base.db import Tx
from bearhug.base.errors import BadRequest, Conflict, NotFound
from bearhug.hub.access.records import Actor, Role
from bearhug.hub.access.rules import own_account, signed_in
from bearhug.hub.accounts.records import Owner
from bearhug.hub.accounts.service import Accounts
from bearhug.hub.orgs import store_invitations as store
from bearhug.hub.orgs.records import Invitation
from bearhug.hub.orgs.service import Orgs

MOST = 200
MOST_DAYS = 365
LONGEST_SECRET = 200
GONE = "This invitation is not valid any more. Ask for another one."


class Invitations:
    """Ways into organisations, made by their administrators."""

    def __init__(self, orgs: Orgs, accounts: Accounts) -> None:
        self.db = orgs.db
        self._orgs = orgs
        self._accounts = accounts

    # administrators ------------------------------------------------------------------------------------------

    def invite(self, actor: Actor, name: str, user_name: str, role: Role, *, days: int) -> None:
        """Ask a user to become a member; asking again replaces what was asked before."""
        until = _end(days)
        with self.db.writing() as tx:
            org = self._for_admins(tx, actor, name)
            user = self._accounts.find(tx, user_name)
            if self._orgs.role_in(tx, org.id, user.id) is not None:
                raise Conflict(f"{user.name} is already a member of {org.name}.")
            store.add(tx, org.id, role, created_by=signed_in(actor), expires_at=until, user_id=user.id)

    def make_link(self, actor: Actor, name: str, role: Role, *, days: int) -> str:
        """The secret of a link; whoever opens it signed in may become a member until it ends. No link makes admins."""
        if role is Role.ADMIN:
            raise BadRequest("A link may be passed on, so it makes no administrators. Invite them by name.")
        secret = secrets.token_urlsafe(24)
        until = _end(days)
        with self.db.writing() as tx:
            org = self._for_admins(tx, actor, name)
            store.add(tx, org.id, role, created_by=signed_in(actor), expires_at=until, digest=_digest(secret))
        return secret

    def listing(self, actor: Actor, name: str) -> list[Invitation]:
        """Open invitations, newest first."""
        with self.db.reading() as tx:
            org = self._orgs.administered(tx, actor, name)
            return store.of_org(tx, org.id, limit=MOST)

    def revoke(self, actor: Actor, name: str, invitation_id: int) -> None:
        with self.db.writing() as tx:
            org = self._orgs.administered(tx, actor, name)
            if not store.remove(tx, invitation_id, org_id=org.id):
                raise NotFound("There is no such invitation.")

    # who was invited -----------------------------------------------------------------------------------------

    def of_user(self, actor: Actor) -> list[Invitation]:
        """Who asks the actor to become a member."""
        user_id = signed_in(actor)
        with self.db.reading() as tx:
            return store.of_user(tx, user_id, limit=MOST)

    def decide(self, actor: Actor, invitation_id: int, *, accept: bool) -> Owner:
        """Become a member, or not; the invitation is used up either way."""
        user_id = own_account(actor)
        with self.db.writing() as tx:
            found = store.for_user(tx, user_id, invitation_id)
            if found is None:
                raise NotFound(GONE)
            store.remove(tx, found.id, org_id=found.org.id)
            if accept:
                self._orgs.join(tx, found.org, user_id, found.role)
            return found.org

    def look(self, actor: Actor, secret: str) -> tuple[Invitation, bool]:
        """What a link leads to, and whether the actor is a member already."""
        user_id = signed_in(actor)
        with self.db.reading() as tx:
            found = self._by_secret(tx, secret)
            return found, self._orgs.role_in(tx, found.org.id, user_id) is not None

    def accept_link(self, actor: Actor, secret: str) -> Owner:
        user_id = own_account(actor)
        with self.db.writing() as tx:
            found = self._by_secret(tx, secret)
            if self._orgs.role_in(tx, found.org.id, user_id) is None:
                self._orgs.join(tx, found.org, user_id, found.role)
                store.note_use(tx, found.id)
            return found.org

    def _by_secret(self, tx: Tx, secret: str) -> Invitation:
        found = store.by_digest(tx, _digest(secret)) if len(secret) <= LONGEST_SECRET else None
        if found is None:
            raise NotFound(GONE)
        return found

    def _for_admins(self, tx: Tx, actor: Actor, name: str) -> Owner:
        org = self._orgs.administered(tx, actor, name)
        if store.count(tx, org.id) >= MOST:
            raise Conflict(f"An organization has at most {MOST} open invitations. Revoke some first.")
        return org


def _end(days: int) -> datetime:
    if not 1 <= days <= MOST_DAYS:
        raise BadRequest(f"An invitation lasts 1 to {MOST_DAYS} days.")
    return clock.now() + timedelta(days=days)


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
