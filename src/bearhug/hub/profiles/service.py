"""Gathers what is known of a user or an organisation, and lets an account go."""

from bearhug.base.db import Database
from bearhug.base.errors import Unauthenticated
from bearhug.hub.access.records import Actor
from bearhug.hub.accounts.records import Owner
from bearhug.hub.accounts.service import Accounts
from bearhug.hub.orgs.records import Membership
from bearhug.hub.orgs.service import Orgs
from bearhug.hub.tokens.records import Token
from bearhug.hub.tokens.service import Tokens


class Profiles:
    """Users and organisations as others see them, and as they see themselves."""

    def __init__(self, db: Database, accounts: Accounts, orgs: Orgs, tokens: Tokens) -> None:
        self.db = db
        self._accounts = accounts
        self._orgs = orgs
        self._tokens = tokens

    def oneself(self, actor: Actor) -> tuple[Owner, list[Membership], Token | None]:
        """Account, organisations and presented token of an actor."""
        if actor.user_id is None:
            raise Unauthenticated
        with self.db.reading() as tx:
            user = self._accounts.by_id(tx, actor.user_id)
            orgs = self._orgs.orgs_of(tx, actor.user_id)
            token = self._tokens.get(tx, actor.user_id, actor.grant.token_id) if actor.grant is not None else None
        return user, orgs, token

    def delete_account(self, name: str) -> None:
        """Delete a user with their tokens and sessions; `Conflict` while something depends on them."""
        with self.db.writing() as tx:
            user = self._accounts.find(tx, name)
            self._orgs.refuse_lone_admin(tx, user.id)
            self._accounts.remove(tx, user)
