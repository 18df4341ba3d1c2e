"""Accounts: create, find, change, remove."""

import re

from bearhug.base.db import Database, Duplicate, Tx
from bearhug.base.errors import BadRequest, Conflict, NotFound
from bearhug.hub.accounts import names, store
from bearhug.hub.accounts.passwords import Passwords
from bearhug.hub.accounts.records import Owner, OwnerKind

_EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,189}\Z")


class Accounts:
    """Accounts of people, and the namespaces they share with organisations."""

    def __init__(self, db: Database, passwords: Passwords) -> None:
        self.db = db
        self._passwords = passwords

    def create(
        self,
        name: str,
        password: str | None = None,
        *,
        email: str | None = None,
        fullname: str = "",
        admin: bool = False,
    ) -> Owner:
        """A new account; without a password it can act by token only. `Conflict` when the name is taken."""
        hashed = self._passwords.hash(password) if password is not None else None
        with self.db.writing() as tx:
            return self.add(tx, name, hashed, email=email, fullname=fullname, admin=admin)

    def add(
        self,
        tx: Tx,
        name: str,
        password_hash: str | None,
        *,
        email: str | None = None,
        fullname: str = "",
        admin: bool = False,
    ) -> Owner:
        names.check(name)
        if store.find(tx, name) is not None or store.find_former(tx, name) is not None:
            raise Conflict(f"The name {name} is already taken.")
        try:
            owner_id = store.add(
                tx,
                name,
                OwnerKind.USER,
                password_hash=password_hash,
                email=checked_email(email),
                fullname=checked_line(fullname),
                is_admin=admin,
            )
        except Duplicate as error:
            raise Conflict(f"The name {name} is already taken.") from error
        return self._present(tx, owner_id)

    def find(self, tx: Tx, name: str) -> Owner:
        """The user of that name, in any letter case; `NotFound` for organisations too."""
        owner = store.find(tx, name)
        if owner is None or owner.is_org:
            raise NotFound(f"There is no user {name}.")
        return owner

    def find_owner(self, tx: Tx, name: str) -> Owner | None:
        """The user or organisation of that name, in any letter case."""
        return store.find(tx, name)

    def get(self, name: str) -> Owner:
        with self.db.reading() as tx:
            return self.find(tx, name)

    def _present(self, tx: Tx, owner_id: int) -> Owner:
        owner = store.by_id(tx, owner_id)
        if owner is None:
            raise NotFound("This account is no longer there.")
        return owner


def checked_email(email: str | None) -> str | None:
    if not email:
        return None
    if _EMAIL.match(email) is None:
        raise BadRequest("This is not an e-mail address.")
    return email


def checked_line(text: str, *, most: int = 255) -> str:
    """One line without control characters."""
    if len(text) > most or any(ord(letter) < 32 or ord(letter) == 127 for letter in text):
        raise BadRequest(f"Use one line of at most {most} characters.")
    return text.strip()
