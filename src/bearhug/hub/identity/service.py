"""Turns credentials into an actor."""

from bearhug.base.db import Database
from bearhug.base.errors import Unauthenticated
from bearhug.hub.access.records import Actor
from bearhug.hub.identity.records import INVALID, Credentials, Means
from bearhug.hub.orgs.service import Orgs
from bearhug.hub.sessions.service import Sessions
from bearhug.hub.settings.service import Settings
from bearhug.hub.tokens.service import Tokens


class Actors:
    """Finds who stands behind credentials; one small query for a token or a session."""

    def __init__(self, db: Database, settings: Settings, sessions: Sessions, orgs: Orgs, tokens: Tokens) -> None:
        self.db = db
        self._settings = settings
        self._sessions = sessions
        self._orgs = orgs
        self._tokens = tokens

    def find(self, shown: Credentials) -> Actor:
        """The actor; `Unauthenticated` when a header's credentials are wrong, nobody when a session is over."""
        if shown.means is Means.TOKEN:
            return self._by_token(shown.secret)
        if shown.means is Means.PASSWORD:
            return self._by_password(shown)
        if shown.means is Means.SESSION:
            return self._by_session(shown.secret)
        return self.nobody()

    def nobody(self) -> Actor:
        return Actor(may_read_public=self._settings.now().anonymous_reading)

    def _by_token(self, secret: str) -> Actor:
        with self.db.reading() as tx:
            holder = self._tokens.holder(tx, secret)
        if holder is None:
            raise Unauthenticated(INVALID)
        return Actor(holder.user_id, holder.name, holder.is_admin, holder.orgs, holder.token.grant)

    def _by_password(self, shown: Credentials) -> Actor:
        account = self._sessions.check(shown.name, shown.secret, shown.ip)
        with self.db.reading() as tx:
            return Actor(account.user_id, account.name, account.is_admin, self._orgs.roles_of(tx, account.user_id))

    def _by_session(self, secret: str) -> Actor:
        with self.db.reading() as tx:
            found = self._sessions.signed_in(tx, secret)
        if found is None:
            return self.nobody()
        return Actor(found.user_id, found.name, found.is_admin, found.orgs)
