"""Links by which somebody who forgot their password sets another one, without any row: the signature knows them."""

from datetime import UTC

from bearhug.base import clock
from bearhug.base.db import Database
from bearhug.base.errors import Forbidden, NotFound
from bearhug.base.signing import Signer
from bearhug.hub.accounts import names
from bearhug.hub.accounts.passwords import Passwords
from bearhug.hub.sessions import store
from bearhug.hub.sessions.records import Account

HOURS = 24
LONGEST_TICKET = 300
PURPOSE = "password reset"
GONE = "This link is not valid any more. Ask an administrator for another one."


class Resets:
    """The signature covers the present password's hash, so that a link dies with its first use."""

    def __init__(self, db: Database, passwords: Passwords, signer: Signer) -> None:
        self.db = db
        self._passwords = passwords
        self._signer = signer

    def ticket(self, name: str) -> str:
        """What stands at the end of a link for this user, good for a day; `NotFound` for nobody."""
        account = self._account(name)
        if account is None:
            raise NotFound(f"There is no user {name[:100]}.")
        until = _seconds() + HOURS * 3600
        return f"{account.name}.{until}.{self._sign(account, until)}"

    def account(self, ticket: str) -> Account:
        """Whose link it is; `Forbidden` when it was used, is over or was never made here."""
        front, _, signature = ticket[:LONGEST_TICKET].rpartition(".")
        name, _, until = front.rpartition(".")
        account = self._account(name)
        if account is None or not account.is_active or not (until.isascii() and until.isdigit()):
            raise Forbidden(GONE)
        facts = (account.user_id, until, account.password_hash)
        if not self._signer.is_valid(signature, PURPOSE, *facts) or int(until) <= _seconds():
            raise Forbidden(GONE)
        return account

    def use(self, ticket: str, password: str) -> Account:
        """Set the password that somebody chose; every browser of theirs is signed out."""
        account = self.account(ticket)
        hashed = self._passwords.hash(password)
        with self.db.writing() as tx:
            if not store.swap_hash(tx, account.user_id, account.password_hash, hashed):
                raise Forbidden(GONE)
            store.remove_all(tx, account.user_id)
        return account

    def _account(self, name: str) -> Account | None:
        if not names.is_possible(name):
            return None
        with self.db.reading() as tx:
            return store.account(tx, names.key(name))

    def _sign(self, account: Account, until: int) -> str:
        return self._signer.sign(PURPOSE, account.user_id, until, account.password_hash)


def _seconds() -> int:
    return int(clock.now().replace(tzinfo=UTC).timestamp())
