"""Sign-in by password, slowed down after failures, and the sessions that follow from it."""

import ipaddress
import secrets
from datetime import timedelta
from hashlib import sha256

from bearhug.base import clock
from bearhug.base.brief import takes_long
from bearhug.base.db import Database, Tx
from bearhug.base.errors import NotFound, Unauthenticated
from bearhug.hub.accounts import names
from bearhug.hub.accounts.passwords import Passwords
from bearhug.hub.sessions import store
from bearhug.hub.sessions.records import Account, Session, SignedIn
from bearhug.hub.sessions.throttle import Throttle
from bearhug.hub.settings.service import Settings

FREE_TRIES = 5
FREE_TRIES_OF_NETWORK = 50
FREE_JOINS_OF_NETWORK = 200
WRONG = "Invalid username or password."


class Sessions:
    """Checks passwords and keeps browsers signed in."""

    def __init__(self, db: Database, passwords: Passwords, settings: Settings) -> None:
        self.db = db
        self._passwords = passwords
        self._settings = settings
        self._throttle = Throttle(db)

    # passwords ---------------------------------------------------------------------------------------------

    def check(self, name: str, password: str, ip: str) -> Account:
        """The account behind name and password; `Unauthenticated`, or `TooManyRequests` after many failures."""
        takes_long()
        by_account, by_network = _keys(name, ip)
        with self.db.reading() as tx:
            self._throttle.refuse_blocked(tx, by_account, by_network)
            account = store.account(tx, names.key(name)) if names.is_possible(name) else None
            failed_before = self._throttle.has_failures(tx, by_account)
        stored = account.password_hash if account is not None and account.is_active else None
        if not self._passwords.verify(stored, password) or account is None or stored is None:
            self._throttle.fail((by_account, FREE_TRIES), (by_network, FREE_TRIES_OF_NETWORK))
            raise Unauthenticated(WRONG)
        if failed_before or self._passwords.is_stale(stored):
            self._after_success(by_account, account, stored, password)
        return account

    def change_password(self, account: Account, password: str, *, but_secret: str | None = None) -> None:
        """A new password; every session ends but the one that asks for it."""
        hashed = self._passwords.hash(password)
        with self.db.writing() as tx:
            store.set_hash(tx, account.user_id, hashed)
            store.remove_all(tx, account.user_id, but=digest(but_secret) if but_secret is not None else None)

    def reset_password(self, name: str, password: str) -> None:
        """What an administrator does for somebody who forgot theirs; works for locked accounts too."""
        with self.db.reading() as tx:
            account = store.account(tx, name.lower())
        if account is None:
            raise NotFound(f"There is no user {name[:100]}.")
        self.change_password(account, password)

    def _after_success(self, key: str, account: Account, stored: str, password: str) -> None:
        renewed = self._passwords.hash(password) if self._passwords.is_stale(stored) else None
        with self.db.writing() as tx:
            self._throttle.forgive(tx, key)
            if renewed is not None:
                store.renew_hash(tx, account.user_id, stored, renewed)

    # sessions ----------------------------------------------------------------------------------------------

    def sign_in(self, name: str, password: str, *, ip: str, agent: str) -> str:
        """The secret of a new session."""
        account = self.check(name, password, ip)
        with self.db.writing() as tx:
            return self.start(tx, account.user_id, ip=ip, agent=agent)

    def start(self, tx: Tx, user_id: int, *, ip: str, agent: str) -> str:
        """A session for somebody who has just proved who they are."""
        secret = secrets.token_urlsafe(32)
        until = clock.now() + timedelta(days=self._settings.now().session_days)
        store.add(tx, user_id, digest(secret), ip=ip[:64], agent=_printable(agent), expires_at=until)
        return secret

    def refuse_flood(self, ip: str) -> None:
        """`TooManyRequests` where hundreds of accounts were made from one network within a day."""
        with self.db.reading() as tx:
            self._throttle.refuse_blocked(tx, f"join\0{_network(ip)}")

    def note_join(self, ip: str) -> None:
        self._throttle.fail((f"join\0{_network(ip)}", FREE_JOINS_OF_NETWORK))

    def signed_in(self, tx: Tx, secret: str) -> SignedIn | None:
        return store.signed_in(tx, digest(secret))

    def sign_out(self, secret: str) -> None:
        with self.db.writing() as tx:
            store.remove_digest(tx, digest(secret))

    def listing(self, user_id: int, *, here: str = "") -> list[Session]:
        """Where somebody is signed in, newest first; the session of that secret is marked as the present one."""
        with self.db.reading() as tx:
            return store.listing(tx, user_id, here=digest(here))

    def end_others(self, user_id: int, but_secret: str) -> None:
        """Sign out every browser but the one that asks."""
        with self.db.writing() as tx:
            store.remove_all(tx, user_id, but=digest(but_secret))

    def end_all(self, user_id: int) -> None:
        """Sign out every browser of somebody."""
        with self.db.writing() as tx:
            store.remove_all(tx, user_id)

    def end(self, user_id: int, session_id: int) -> None:
        with self.db.writing() as tx:
            if not store.remove(tx, user_id, session_id):
                raise NotFound("There is no such session.")


def digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _keys(name: str, ip: str) -> tuple[str, str]:
    """What failures are counted by: the account as tried from one network, and that network alone."""
    network = _network(ip)
    return f"account\0{name.lower()}\0{network}", f"network\0{network}"


def _network(ip: str) -> str:
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    if address.version == 6 and address.ipv4_mapped is None:
        return str(ipaddress.ip_network(f"{ip}/64", strict=False))
    return str(address)


def _printable(text: str) -> str:
    return "".join(letter for letter in text[:255] if letter.isprintable())
