"""Device codes (RFC 8628) and refresh tokens (RFC 6749, rotated as RFC 9700 asks)."""

import secrets
from datetime import timedelta
from hashlib import sha256

from bearhug.base import clock
from bearhug.base.db import Database, Tx
from bearhug.base.errors import BadRequest, Forbidden, NotFound, TooManyRequests
from bearhug.hub.access.records import Actor, TokenKind
from bearhug.hub.access.rules import own_account
from bearhug.hub.accounts.service import Accounts
from bearhug.hub.oauth import store
from bearhug.hub.oauth.records import (
    ACCESS_LIFE,
    CLIENTS,
    REUSE_GRACE,
    Asked,
    Decision,
    DeviceCode,
    Pair,
    Refusal,
)
from bearhug.hub.sessions.throttle import Throttle
from bearhug.hub.tokens.records import NewToken, Origin
from bearhug.hub.tokens.service import Tokens

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, so that no word comes out (RFC 8628 section 6.1)
MOST_WAITING = 10_000
MOST_WAITING_OF_ADDRESS = 200
FREE_TRIES = 10


class OAuthRefusal(BadRequest):
    """The answer that programs expect: `error` is a code, the words stand in `error_description`."""

    def __init__(self, code: Refusal, words: str) -> None:
        super().__init__(code.value, error_description=words)


class Devices:
    """Signs programs in that have no browser of their own."""

    def __init__(self, db: Database, accounts: Accounts, tokens: Tokens) -> None:
        self.db = db
        self._accounts = accounts
        self._tokens = tokens
        self._throttle = Throttle(db)

    # what the program does --------------------------------------------------------------------------------

    def ask(self, client_id: str, ip: str) -> Asked:
        """A new code for a known program; it waits a quarter of an hour for a person."""
        if client_id not in CLIENTS:
            raise OAuthRefusal(Refusal.INVALID_CLIENT, "This hub does not know that client_id.")
        asked = Asked(secrets.token_urlsafe(32), "".join(secrets.choice(LETTERS) for _ in range(8)))
        with self.db.writing() as tx:
            store.sweep_codes(tx)
            if store.waiting(tx) >= MOST_WAITING or store.waiting(tx, ip) >= MOST_WAITING_OF_ADDRESS:
                raise TooManyRequests
            store.add_code(tx, _digest(asked.device_code), asked.user_code, client_id, ip[:64])
        return asked

    def poll(self, client_id: str, device_code: str) -> Pair:
        """The tokens once somebody has approved; until then the reason why not."""
        with self.db.writing() as tx:
            answer = self._poll(tx, client_id, device_code)
        if isinstance(answer, OAuthRefusal):
            raise answer
        return answer

    def _poll(self, tx: Tx, client_id: str, device_code: str) -> Pair | OAuthRefusal:
        """Either answer is given after the transaction, because a refusal leaves its mark too."""
        code = store.by_device_code(tx, _digest(device_code))
        if code is None or code.client_id != client_id:
            return OAuthRefusal(Refusal.INVALID_GRANT, "This device code is not known here.")
        moment = clock.now()
        if code.expires_at <= moment:
            return OAuthRefusal(Refusal.EXPIRED, "Nobody approved in time. Start again.")
        if code.decision is Decision.PENDING:
            return self._keep_waiting(tx, code)
        store.remove_code(tx, code.id)
        if code.decision is Decision.DENIED or code.user_id is None:
            return OAuthRefusal(Refusal.DENIED, "The request was denied.")
        return self.issue(tx, code.user_id, client_id, family=secrets.token_hex(16), origin=Origin.DEVICE)

    def _keep_waiting(self, tx: Tx, code: DeviceCode) -> OAuthRefusal:
        early = code.polled_at is not None and clock.now() - code.polled_at < timedelta(seconds=code.pause - 1)
        store.note_poll(tx, code.id, code.pause + 5 if early else code.pause)
        if early:
            return OAuthRefusal(Refusal.SLOW_DOWN, "Ask less often.")
        return OAuthRefusal(Refusal.PENDING, "Nobody has approved yet.")

    # what the person does ---------------------------------------------------------------------------------

    def look(self, actor: Actor, typed: str) -> DeviceCode:
        """The program behind a code that somebody typed; `NotFound` when it is none, and slower each time."""
        user_id = own_account(actor)
        key = f"device\0{user_id}"
        with self.db.writing() as tx:
            self._throttle.refuse_blocked(tx, key)
            code = store.by_user_code(tx, _tidied(typed))
        if code is None:
            self._throttle.fail((key, FREE_TRIES))
            raise NotFound("This code is not known here. It may have expired.")
        return code

    def decide(self, actor: Actor, typed: str, decision: Decision) -> DeviceCode:
        """Approve or deny; only people themselves may, no token."""
        user_id = own_account(actor)
        if actor.grant is not None:
            raise Forbidden("Sign in to approve a program.")
        code = self.look(actor, typed)
        with self.db.writing() as tx:
            store.decide(tx, code.id, decision, user_id)
        return code

    # tokens -----------------------------------------------------------------------------------------------

    def issue(self, tx: Tx, user_id: int, client_id: str, *, family: str, origin: Origin) -> Pair:
        """An access token for a month and the refresh token that renews it."""
        store.sweep_tokens(tx)
        until = clock.now() + ACCESS_LIFE
        new = NewToken(f"{CLIENTS[client_id]} sign-in", TokenKind.WRITE, expires_at=until, origin=origin)
        token, access = self._tokens.add(tx, user_id, new)
        refresh = f"hf_refresh_{secrets.token_urlsafe(32)}"
        store.add_refresh(tx, _digest(refresh), family=family, client_id=client_id, user_id=user_id, token_id=token.id)
        return Pair(access, refresh)

    def refresh(self, client_id: str, secret: str) -> Pair:
        """A new pair for an old refresh token, which may be shown again for an hour in case the answer got lost."""
        with self.db.writing() as tx:
            answer = self._refresh(tx, client_id, secret)
        if isinstance(answer, OAuthRefusal):
            raise answer
        return answer

    def _refresh(self, tx: Tx, client_id: str, secret: str) -> Pair | OAuthRefusal:
        invalid = OAuthRefusal(Refusal.INVALID_GRANT, "This refresh token is not valid any more. Sign in again.")
        found = store.refresh(tx, _digest(secret))
        moment = clock.now()
        if found is None or found.client_id != client_id or found.expires_at <= moment:
            return invalid
        if found.used_at is not None and moment - found.used_at > REUSE_GRACE:
            store.remove_family(tx, found.family)  # somebody else has it too
            return invalid
        if not self._accounts.by_id(tx, found.user_id).is_active:
            return invalid
        if found.used_at is None:
            store.note_use(tx, found.id, moment)
        return self.issue(tx, found.user_id, client_id, family=found.family, origin=Origin.DEVICE)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _tidied(typed: str) -> str:
    return "".join(letter for letter in typed.upper() if letter in LETTERS)[:16]


def shown(user_code: str) -> str:
    """A user code in two halves, as it is read and typed."""
    return f"{user_code[:4]}-{user_code[4:]}"
