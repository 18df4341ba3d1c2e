"""Tokens: create, list, rotate, revoke, look up."""

import threading
from datetime import datetime, timedelta

from bearhug.base import clock
from bearhug.base.db import Database, Tx
from bearhug.base.errors import BadRequest, NotFound
from bearhug.hub.access.records import TokenKind
from bearhug.hub.accounts.service import checked_line
from bearhug.hub.tokens import secrets, store
from bearhug.hub.tokens.records import Holder, NewToken, Token

USE_PRECISION = timedelta(minutes=5)
FLUSH_SECONDS = 2.0
MOST = 500


class Tokens:
    """Access tokens of users."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self._used: dict[int, datetime] = {}
        self._lock = threading.Lock()
        self._flush: threading.Timer | None = None

    def create(self, user_id: int, new: NewToken) -> tuple[Token, str]:
        """The token and its secret, which nobody will see again."""
        with self.db.writing() as tx:
            return self.add(tx, user_id, new)

    def add(self, tx: Tx, user_id: int, new: NewToken) -> tuple[Token, str]:
        _check(new)
        if len(store.listing(tx, user_id)) >= MOST:
            raise BadRequest(f"An account holds at most {MOST} tokens.")
        secret = secrets.new()
        token_id = store.add(tx, user_id, new, secrets.digest(secret), secret[-4:])
        return self.get(tx, user_id, token_id), secret

    def get(self, tx: Tx, user_id: int, token_id: int) -> Token:
        token = store.get(tx, user_id, token_id)
        if token is None:
            raise NotFound("There is no such token.")
        return token

    def listing(self, user_id: int) -> list[Token]:
        with self.db.reading() as tx:
            return store.listing(tx, user_id)

    def rotate(self, user_id: int, token_id: int) -> tuple[Token, str]:
        """A new secret for the same token; the old one stops at once."""
        secret = secrets.new()
        with self.db.writing() as tx:
            self.get(tx, user_id, token_id)
            store.renew(tx, token_id, secrets.digest(secret), secret[-4:])
            return self.get(tx, user_id, token_id), secret

    def revoke(self, user_id: int, token_id: int) -> None:
        with self.db.writing() as tx:
            self.get(tx, user_id, token_id)
            store.remove(tx, token_id)

    def revoke_leaked(self, leaked: list[str]) -> int:
        """Whoever holds a secret may end it; the number of tokens that ended."""
        with self.db.writing() as tx:
            return sum(store.remove_digest(tx, secrets.digest(text)) for text in leaked)

    def holder(self, tx: Tx, secret: str) -> Holder | None:
        """Who holds this secret; None when it is unknown, expired or its owner is locked."""
        if not secrets.is_well_formed(secret):
            return None
        found = store.holder(tx, secrets.digest(secret))
        if found is None or not found.is_active:
            return None
        moment = clock.now()
        if found.token.expires_at is not None and found.token.expires_at <= moment:
            return None
        self._note_use(found.token, moment)
        return found

    # last use: kept in memory for a moment, so that reading never waits for a writer ----------------------

    def _note_use(self, token: Token, moment: datetime) -> None:
        if token.used_at is not None and moment - token.used_at < USE_PRECISION:
            return
        with self._lock:
            self._used[token.id] = moment
            if self._flush is None:
                self._flush = threading.Timer(FLUSH_SECONDS, self.flush)
                self._flush.daemon = True
                self._flush.start()

    def flush(self) -> None:
        """Write the last uses that are still in memory."""
        with self._lock:
            used, self._used, timer = self._used, {}, self._flush
            self._flush = None
        if timer is not None:
            timer.cancel()
        if used:
            with self.db.writing() as tx:
                for token_id, moment in used.items():
                    store.touch(tx, token_id, moment)


def _check(new: NewToken) -> None:
    if not checked_line(new.name):
        raise BadRequest("A token needs a name.")
    if new.kind is not TokenKind.FINE_GRAINED and (new.everywhere or new.scopes):
        raise BadRequest("Only fine-grained tokens have permissions of their own.")
    if new.expires_at is not None and new.expires_at <= clock.now():
        raise BadRequest("The token would have expired already.")
