"""Tokens: create, list, rotate, revoke, look up."""

import logging
import threading
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bearhug.base import clock
from bearhug.base.db import Database, Tx
from bearhug.base.errors import BadRequest, Forbidden, HubError, NotFound
from bearhug.hub.access.records import Actor, TokenKind
from bearhug.hub.access.rules import permits, signed_in
from bearhug.hub.accounts.service import checked_line
from bearhug.hub.tokens import secrets, store
from bearhug.hub.tokens.permissions import BY_ENTITY, EVERYWHERE
from bearhug.hub.tokens.records import Holder, NewToken, Token

log = logging.getLogger("bearhug.tokens")

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

    # what people do with their own tokens -------------------------------------------------------------------

    def create(self, actor: Actor, new: NewToken) -> tuple[Token, str]:
        """The token and its secret, which nobody will see again."""
        user_id = _manager(actor, "user.tokens.write")
        with self.db.writing() as tx:
            return self.add(tx, user_id, new)

    def listing(self, actor: Actor) -> list[Token]:
        user_id = _manager(actor, "user.tokens.read")
        with self.db.reading() as tx:
            return store.listing(tx, user_id)

    def rotate(self, actor: Actor, token_id: int) -> tuple[Token, str]:
        """A new secret for the same token; the old one stops at once. A token may do this to itself."""
        user_id = _manager(actor, "user.tokens.write", itself=token_id)
        secret = secrets.new()
        with self.db.writing() as tx:
            self.get(tx, user_id, token_id)
            store.renew(tx, token_id, secrets.digest(secret), secret[-4:])
            return self.get(tx, user_id, token_id), secret

    def revoke(self, actor: Actor, token_id: int) -> None:
        """End a token. A token may end itself."""
        user_id = _manager(actor, "user.tokens.write", itself=token_id)
        with self.db.writing() as tx:
            self.remove(tx, user_id, token_id)

    def revoke_leaked(self, leaked: list[str]) -> int:
        """Whoever holds a secret may end it; the number of tokens that ended."""
        digests = [secrets.digest(text) for text in leaked if secrets.is_well_formed(text)]
        with self.db.writing() as tx:
            return sum(store.remove_digest(tx, digest) for digest in digests)

    # what the hub does with them --------------------------------------------------------------------------

    def add(self, tx: Tx, user_id: int, new: NewToken) -> tuple[Token, str]:
        _check(new)
        if len(self.of_user(tx, user_id)) >= MOST:
            raise BadRequest(f"An account holds at most {MOST} tokens.")
        secret = secrets.new()
        token_id = store.add(tx, user_id, new, secrets.digest(secret), secret[-4:])
        return self.get(tx, user_id, token_id), secret

    def get(self, tx: Tx, user_id: int, token_id: int) -> Token:
        token = store.get(tx, user_id, token_id)
        if token is None:
            raise NotFound("There is no such token.")
        return token

    def of_user(self, tx: Tx, user_id: int) -> list[Token]:
        return store.listing(tx, user_id)

    def remove(self, tx: Tx, user_id: int, token_id: int) -> None:
        self.get(tx, user_id, token_id)
        store.remove(tx, token_id)

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
                self._flush = threading.Timer(FLUSH_SECONDS, self._flush_beside)
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

    def _flush_beside(self) -> None:
        """Uses that could not be written, as on a full disk, are noted anew when their tokens come again."""
        try:
            self.flush()
        except (HubError, SQLAlchemyError) as error:
            log.warning("the last uses of tokens were not written: %s", error)


def _manager(actor: Actor, permission: str, *, itself: int | None = None) -> int:
    """The user whose tokens the actor may manage: people themselves, and tokens made for it.

    A plain write token may not: whoever steals one must not be able to make another that outlives it.
    """
    user_id = signed_in(actor)
    grant = actor.grant
    if grant is None or grant.token_id == itself:
        return user_id
    if grant.kind is TokenKind.FINE_GRAINED and permits(grant, permission, "user", actor.name):
        return user_id
    raise Forbidden("Sign in with your password to manage tokens, or use a token that is allowed to.")


def _check(new: NewToken) -> None:
    if not checked_line(new.name):
        raise BadRequest("A token needs a name.")
    if new.kind is not TokenKind.FINE_GRAINED and (new.everywhere or new.scopes):
        raise BadRequest("Only fine-grained tokens have permissions of their own.")
    for scope in new.scopes:
        if scope.entity not in BY_ENTITY:
            raise BadRequest(f"A scope is on one of {', '.join(BY_ENTITY)}.")
        _refuse_unknown(scope.permissions - BY_ENTITY[scope.entity].keys(), scope.entity)
    _refuse_unknown(new.everywhere - EVERYWHERE.keys(), "everything")
    if new.expires_at is not None and new.expires_at <= clock.now():
        raise BadRequest("The token would have expired already.")


def _refuse_unknown(unknown: frozenset[str], place: str) -> None:
    if unknown:
        raise BadRequest(f"There is no permission {', '.join(sorted(unknown))[:200]} on {place}.")
