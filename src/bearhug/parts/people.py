"""Rooms about people: accounts, organisations, sessions, tokens."""

from functools import cached_property

from bearhug.hub.accounts.passwords import Cost, Passwords
from bearhug.hub.accounts.service import Accounts
from bearhug.hub.first_run.service import FirstRun
from bearhug.hub.identity.api import Identity
from bearhug.hub.identity.service import Actors
from bearhug.hub.oauth.service import Devices
from bearhug.hub.orgs.invitations import Invitations
from bearhug.hub.orgs.service import Orgs
from bearhug.hub.sessions.service import Sessions
from bearhug.hub.settings.service import Settings
from bearhug.hub.tokens.service import Tokens
from bearhug.parts.ground import Ground


class People(Ground):
    """Who is there, and who asks."""

    @cached_property
    def settings(self) -> Settings:
        return Settings(self.db)

    @cached_property
    def passwords(self) -> Passwords:
        return Passwords(Cost(memory=self.config.password_memory))

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self.db, self.passwords, self.settings)

    @cached_property
    def first_run(self) -> FirstRun:
        return FirstRun(self.accounts, self.settings)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self.db, self.passwords, self.settings)

    @cached_property
    def orgs(self) -> Orgs:
        return Orgs(self.db, self.accounts)

    @cached_property
    def invitations(self) -> Invitations:
        return Invitations(self.orgs, self.accounts)

    @cached_property
    def tokens(self) -> Tokens:
        return Tokens(self.db)

    @cached_property
    def identity(self) -> Identity:
        return Identity(Actors(self.db, self.settings, self.sessions, self.orgs, self.tokens))

    @cached_property
    def devices(self) -> Devices:
        return Devices(self.db, self.accounts, self.tokens)
