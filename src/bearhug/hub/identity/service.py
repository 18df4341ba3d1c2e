"""Turns credentials into an actor."""

from bearhug.base.db import Database, Tx
from bearhug.base.errors import Unauthenticated
from bearhug.hub.access.records import Actor, Grant
from bearhug.hub.identity.records import INVALID, Credentials, Means
from bearhug.hub.orgs.service import Orgs
from bearhug.hub.sessions.service import Sessions
from bearhug.hub.settings.service import Settings
from bearhug.hub.tokens.service import Tokens


class Actors:
    """Finds who stands behind credentials; at most two small queries."""

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
            return self._actor(tx, holder.user_id, holder.name, holder.token.grant, admin=holder.is_admin)

    def _by_password(self, shown: Credentials) -> Actor:
        account = self._sessions.check(shown.name, shown.secret, shown.ip)
        with self.db.reading() as tx:
            return self._actor(tx, account.user_id, account.name, None, admin=account.is_admin)

    def _by_session(self, secret: str) -> Actor:
        with self.db.reading() as tx:
            found = self._sessions.signed_in(tx, secret)
            if found is None:
                return self.nobody()
            return self._actor(tx, found.user_id, found.name, None, admin=found.is_admin)

    def _actor(self, tx: Tx, user_id: int, name: str, grant: Grant | None, *, admin: bool) -> Actor:
        return Actor(user_id=user_id, name=name, is_admin=admin, orgs=self._orgs.roles_of(tx, user_id), grant=grant)
