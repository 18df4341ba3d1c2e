"""Gathers what is known of a user or an organisation, and lets an account go."""

from collections.abc import Callable, Mapping, Sequence

from bearhug.base.db import Database, Tx
from bearhug.base.errors import Forbidden, Moved, NotFound, Unauthenticated
from bearhug.hub.access.records import Actor, Level, Target
from bearhug.hub.access.rules import level_on, may_administer, signed_in
from bearhug.hub.accounts.records import Owner
from bearhug.hub.accounts.service import Accounts
from bearhug.hub.orgs.records import Member, Membership
from bearhug.hub.orgs.service import Orgs
from bearhug.hub.profiles import store
from bearhug.hub.profiles.records import Overview
from bearhug.hub.repos.service import Repos
from bearhug.hub.tokens.records import Token
from bearhug.hub.tokens.service import Tokens

Fact = Callable[[Tx, Actor, Owner], Mapping[str, int | bool]]
"""What a higher room tells of an owner in overviews (followers, likes, discussions), by the name of its JSON field."""


class Profiles:
    """Users and organisations as others see them, and as they see themselves."""

    def __init__(
        self,
        db: Database,
        accounts: Accounts,
        orgs: Orgs,
        tokens: Tokens,
        repos: Repos,
        facts: Sequence[Fact] = (),
    ) -> None:
        self.db = db
        self._accounts = accounts
        self._orgs = orgs
        self._tokens = tokens
        self._repos = repos
        self._facts = tuple(facts)

    def oneself(self, actor: Actor) -> tuple[Owner, list[Membership], Token | None]:
        """Account, organisations and presented token of an actor."""
        user_id = signed_in(actor)
        with self.db.reading() as tx:
            user = self._accounts.by_id(tx, user_id)
            orgs = self._orgs.orgs_of(tx, user_id)
            token = self._tokens.get(tx, user_id, actor.grant.token_id) if actor.grant is not None else None
        return user, orgs, token

    def orgs_of(self, tx: Tx, actor: Actor) -> list[Membership]:
        """The organisations that the actor is in."""
        return self._orgs.orgs_of(tx, actor.user_id) if actor.orgs and actor.user_id is not None else []

    def user(self, actor: Actor, name: str) -> Overview:
        """What the actor may know of a user."""
        with self.db.reading() as tx:
            owner = self._open(tx, actor, name, is_org=False)
            orgs = tuple(self._orgs.orgs_of(tx, owner.id))
            return Overview(owner, self._count(tx, actor, owner), self._more(tx, actor, owner), orgs=orgs)

    def org(self, actor: Actor, name: str) -> Overview:
        """What the actor may know of an organisation."""
        with self.db.reading() as tx:
            owner = self._open(tx, actor, name, is_org=True)
            members = self._orgs.count_members(tx, owner.id)
            return Overview(owner, self._count(tx, actor, owner), self._more(tx, actor, owner), members=members)

    def members(self, actor: Actor, name: str, *, after: str, limit: int) -> list[Member]:
        """Members of an organisation by name."""
        with self.db.reading() as tx:
            org = self._open(tx, actor, name, is_org=True)
            return self._orgs.members(tx, org.id, after=after, limit=limit)

    def owner(self, actor: Actor, name: str) -> Owner:
        """A user or an organisation; one that was renamed is `Moved`."""
        with self.db.reading() as tx:
            return self._open(tx, actor, name, is_org=None)

    def rename(self, actor: Actor, name: str, new_name: str) -> Owner:
        """Another name for a user or an organisation; the old one leads to the new one, for repositories too."""
        signed_in(actor)
        with self.db.writing() as tx:
            owner = self._open(tx, actor, name, is_org=None)
            if not may_administer(actor, owner.id, owner.name, is_org=owner.is_org):
                raise Forbidden("You may not rename this.")
            renamed = self._accounts.rename(tx, owner, new_name)
            self._repos.follow_owner(tx, actor, owner.id)
            return renamed

    def delete_account(self, name: str) -> None:
        """Delete a user with their tokens and sessions; `Conflict` while something depends on them."""
        with self.db.writing() as tx:
            user = self._needless(tx, name)
            self._accounts.remove(tx, user)

    def refuse_needed(self, name: str) -> None:
        """`Conflict` for the only administrator of the hub or of an organization."""
        with self.db.reading() as tx:
            self._needless(tx, name)

    def _needless(self, tx: Tx, name: str) -> Owner:
        user = self._accounts.find(tx, name)
        self._orgs.refuse_lone_admin(tx, user.id)
        self._accounts.refuse_last_admin(tx, user)
        return user

    def _open(self, tx: Tx, actor: Actor, name: str, *, is_org: bool | None) -> Owner:
        if not actor.may_read_public:
            raise Unauthenticated("Sign in to see who is here.")
        owner = self._accounts.find_owner(tx, name)
        if owner is not None and is_org in (None, owner.is_org):
            return owner
        former = self._accounts.find_former(tx, name)
        if former is not None and is_org in (None, former.is_org):
            raise Moved(name, former.name)
        kind = {None: "user or organization", False: "user", True: "organization"}[is_org]
        raise NotFound(f"There is no {kind} {name[:100]}.")

    def _count(self, tx: Tx, actor: Actor, owner: Owner) -> Mapping[str, int]:
        secret = Target("model", f"{owner.name}/", owner.id, owner.is_org, private=True, creator_id=None)
        return store.count_repos(tx, owner.id, private_too=level_on(actor, secret) >= Level.READ)

    def _more(self, tx: Tx, actor: Actor, owner: Owner) -> Mapping[str, int | bool]:
        return {name: value for fact in self._facts for name, value in fact(tx, actor, owner).items()}
