"""Accounts: register, find, change, remove."""

import re
import secrets
from datetime import timedelta
from hashlib import sha256

from bearhug.base import clock
from bearhug.base.again import Overtaken
from bearhug.base.db import Database, Duplicate, Tx
from bearhug.base.errors import BadRequest, Conflict, Forbidden, NotFound
from bearhug.hub.accounts import identicons, names, pictures, store
from bearhug.hub.accounts.passwords import Passwords
from bearhug.hub.accounts.records import NO_PROFILE, Avatar, Invite, Owner, OwnerKind, Profile
from bearhug.hub.settings.records import Registration
from bearhug.hub.settings.service import Settings

INVITE_DAYS = 14
MOST_INVITES = 200
MOST_LINKS = 6
LONGEST_BIO = 10_000
UNREADY = "This hub is not set up yet. Its operator opens the address that `bearhug up` printed."
_EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,189}\Z")


class Accounts:
    """Accounts of people, and the namespaces they share with organisations."""

    def __init__(self, db: Database, passwords: Passwords, settings: Settings) -> None:
        self.db = db
        self._passwords = passwords
        self._settings = settings

    # making ------------------------------------------------------------------------------------------------

    def create(
        self, name: str, password: str | None = None, profile: Profile = NO_PROFILE, *, admin: bool = False
    ) -> Owner:
        """A new account; without a password it acts by token only. `Conflict` when the name is taken."""
        hashed = self._passwords.hash(password) if password is not None else None
        with self.db.writing() as tx:
            return self.add(tx, name, OwnerKind.USER, profile, password_hash=hashed, is_admin=admin)

    def register(self, name: str, password: str, profile: Profile, *, invite: str = "") -> Owner:
        """An account that somebody makes for themselves, as far as the hub's policy allows."""
        policy = self._settings.now().registration
        if policy is Registration.CLOSED:
            raise Forbidden("This hub makes accounts by hand. Ask its administrator for one.")
        names.check(name)
        hashed = self._passwords.hash(password)
        with self.db.writing() as tx:
            if store.count(tx, OwnerKind.USER) == 0:
                raise Forbidden(UNREADY)
            invite_id = self._valid_invite(tx, invite) if policy is Registration.INVITE else None
            owner = self.add(tx, name, OwnerKind.USER, profile, password_hash=hashed)
            if invite_id is not None:
                store.use_invite(tx, invite_id, owner.id)
        return owner

    def hashed(self, password: str) -> str:
        """The password as it is kept; `BadRequest` when it is too short."""
        return self._passwords.hash(password)

    def add(
        self,
        tx: Tx,
        name: str,
        kind: OwnerKind,
        profile: Profile = NO_PROFILE,
        *,
        password_hash: str | None = None,
        is_admin: bool = False,
    ) -> Owner:
        """A new namespace, for a user or an organisation."""
        self._refuse_taken(tx, names.check(name))
        fields = _checked(profile)
        try:
            owner_id = store.add(tx, name, kind, password_hash=password_hash, is_admin=is_admin, **fields)
        except Duplicate as error:
            raise _taken(name) from error
        return self.by_id(tx, owner_id)

    def invite(self, created_by: int | None, note: str = "", *, days: int = INVITE_DAYS) -> str:
        """The secret of an invite that makes one account within these days."""
        secret = secrets.token_urlsafe(24)
        until = clock.now() + timedelta(days=days)
        with self.db.writing() as tx:
            store.add_invite(tx, _digest(secret), created_by=created_by, note=checked_line(note), expires_at=until)
        return secret

    def invites(self) -> list[Invite]:
        """The newest invites, used and unused."""
        with self.db.reading() as tx:
            return store.invites_listed(tx, limit=MOST_INVITES)

    def revoke_invite(self, invite_id: int) -> None:
        """The invite makes no account any more; one that was used is not there to revoke."""
        with self.db.writing() as tx:
            if not store.remove_invite(tx, invite_id):
                raise NotFound("There is no such invitation.")

    def _valid_invite(self, tx: Tx, secret: str) -> int:
        invite_id = store.open_invite(tx, _digest(secret))
        if invite_id is None:
            raise Forbidden("This hub makes accounts by invitation, and this invitation is not valid.")
        return invite_id

    # finding -----------------------------------------------------------------------------------------------

    def find_owner(self, tx: Tx, name: str) -> Owner | None:
        """The user or organisation of that name, in any letter case."""
        return store.find(tx, name)

    def find_former(self, tx: Tx, name: str) -> Owner | None:
        """Who had this name before."""
        return store.find_former(tx, name)

    def find(self, tx: Tx, name: str) -> Owner:
        """The user of that name, in any letter case; `NotFound` for organisations too."""
        owner = store.find(tx, name)
        if owner is None or owner.is_org:
            raise NotFound(f"There is no user {name[:100]}.")
        return owner

    def get(self, name: str) -> Owner:
        with self.db.reading() as tx:
            return self.find(tx, name)

    def by_id(self, tx: Tx, owner_id: int) -> Owner:
        owner = store.by_id(tx, owner_id)
        if owner is None:
            raise NotFound("This account is no longer there.")
        return owner

    def listing(self, kind: OwnerKind, *, after: str = "", limit: int = 1000) -> list[Owner]:
        """Owners of one kind by name, those behind the name `after`."""
        with self.db.reading() as tx:
            return store.listing(tx, kind, after=names.key(after), limit=limit)

    def is_empty(self) -> bool:
        """Whether nobody has an account yet."""
        with self.db.reading() as tx:
            return store.count(tx, OwnerKind.USER) == 0

    # changing ----------------------------------------------------------------------------------------------

    def change_profile(self, tx: Tx, owner_id: int, profile: Profile) -> Owner:
        """Replace what people see of an owner."""
        store.change(tx, owner_id, **_checked(profile))
        return self.by_id(tx, owner_id)

    def avatar(self, name: str) -> Avatar:
        """The picture of an owner; one is drawn for who has given none."""
        with self.db.reading() as tx:
            given = store.avatar(tx, name)
        if given is not None:
            return given
        drawn = identicons.draw(names.key(name)).encode()
        return Avatar("image/svg+xml", sha256(drawn).hexdigest(), drawn)

    def change_avatar(self, owner_id: int, content: bytes | None) -> None:
        """Another picture (PNG, JPEG, WebP or GIF), or None for the drawn one."""
        given = pictures.square(content) if content is not None else None
        with self.db.writing() as tx:
            store.set_avatar(tx, owner_id, given)

    def rename(self, tx: Tx, owner: Owner, name: str) -> Owner:
        """Another name; the old one stays theirs and leads to the new one."""
        names.check(name)
        if names.key(name) != names.key(owner.name):
            former = store.find_former(tx, name)
            if former is None or former.id != owner.id:
                self._refuse_taken(tx, name)
        if store.hold(tx, owner.id) != owner.name:
            raise Overtaken
        try:
            store.rename(tx, owner, name)
        except Duplicate as error:
            raise _taken(name) from error
        return self.by_id(tx, owner.id)

    def make_admin(self, name: str) -> None:
        with self.db.writing() as tx:
            store.change(tx, self.find(tx, name).id, is_admin=True)

    def dismiss_admin(self, name: str) -> None:
        """An administrator becomes a plain user; somebody has to remain."""
        with self.db.writing() as tx:
            user = self.find(tx, name)
            self.refuse_last_admin(tx, user)
            store.change(tx, user.id, is_admin=False)

    def lock(self, tx: Tx, user: Owner) -> None:
        """No sign-in and no token works until the account is unlocked."""
        self.refuse_last_admin(tx, user)
        store.change(tx, user.id, is_active=False)

    def unlock(self, tx: Tx, user: Owner) -> None:
        store.change(tx, user.id, is_active=True)

    def remove(self, tx: Tx, owner: Owner) -> None:
        """Delete the namespace; `Conflict` while repositories are left in it."""
        self.refuse_last_admin(tx, owner)
        try:
            store.remove(tx, owner.id)
        except Duplicate as error:
            raise Conflict(f"{owner.name} still owns repositories. Delete or move them first.") from error

    def refuse_last_admin(self, tx: Tx, user: Owner) -> None:
        """`Conflict` for the only administrator of the hub."""
        if user.is_admin and user.is_active and store.count_admins(tx) == 1:
            raise Conflict("This is the only administrator of the hub.")

    def _refuse_taken(self, tx: Tx, name: str) -> None:
        if store.find(tx, name) is not None or store.find_former(tx, name) is not None:
            raise _taken(name)


def _taken(name: str) -> Conflict:
    return Conflict(f"The name {name} is already taken.")


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _checked(profile: Profile) -> dict[str, str | list[str] | None]:
    if len(profile.bio) > LONGEST_BIO or "\0" in profile.bio:
        raise BadRequest(f"Use at most {LONGEST_BIO} characters to tell about yourself.")
    if len(profile.links) > MOST_LINKS:
        raise BadRequest(f"A profile has at most {MOST_LINKS} links.")
    return {
        "fullname": checked_line(profile.fullname),
        "email": _checked_email(profile.email),
        "bio": profile.bio.strip(),
        "homepage": _checked_address(profile.homepage),
        "links": [_checked_address(link) for link in profile.links],
    }


def _checked_address(address: str) -> str:
    found = checked_line(address, most=1000)
    if found and not found.lower().startswith(("http://", "https://")):
        raise BadRequest("The address of a homepage starts with https:// or http://.")
    return found


def _checked_email(email: str | None) -> str | None:
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
