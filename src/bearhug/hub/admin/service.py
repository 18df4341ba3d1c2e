"""What administrators do, each act with its line in the audit trail."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields

from bearhug.base import events
from bearhug.base.db import Database
from bearhug.base.errors import Conflict, Forbidden, Unauthenticated
from bearhug.base.events import Bus
from bearhug.hub.access.records import Actor
from bearhug.hub.accounts.records import Owner, OwnerKind, Profile
from bearhug.hub.accounts.service import Accounts
from bearhug.hub.admin import store
from bearhug.hub.admin.records import Listed, Sought
from bearhug.hub.orgs.service import Orgs
from bearhug.hub.profiles.service import Profiles
from bearhug.hub.recycling.jobs import DAILY
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.repos.service import Repos
from bearhug.hub.sessions.resets import Resets
from bearhug.hub.sessions.service import Sessions
from bearhug.hub.settings.records import InstanceSettings
from bearhug.hub.settings.service import Settings

MOST_REPOS = 1000
"""Of somebody who is deleted together with what is theirs."""


@dataclass(frozen=True)
class Rooms:
    """What administrators reach into."""

    accounts: Accounts
    sessions: Sessions
    resets: Resets
    profiles: Profiles
    orgs: Orgs
    repos: Repos
    settings: Settings
    bus: Bus


class Administration:
    """For administrators of the hub who signed in; a token is not a person at a page."""

    def __init__(self, db: Database, rooms: Rooms) -> None:
        self.db = db
        self._rooms = rooms

    def admit(self, actor: Actor) -> Actor:
        """The actor, if they administer this hub."""
        if actor.is_anonymous:
            raise Unauthenticated
        if not actor.is_admin or actor.grant is not None:
            raise Forbidden("Only administrators of this hub see this page.")
        return actor

    def owners(self, kind: OwnerKind, sought: Sought, *, rows: int) -> tuple[list[Listed], int]:
        """A page of the owners of a kind, and how many there are."""
        with self.db.reading() as tx:
            return store.found_owners(tx, kind, sought, rows=rows)

    def repos(self, kind: str, sought: Sought, *, rows: int) -> tuple[list[Repo], int]:
        """A page of the repositories of a kind or of all, and how many there are."""
        with self.db.reading() as tx:
            return store.found_repos(tx, kind, sought, rows=rows)

    # people ------------------------------------------------------------------------------------------------

    def add_person(self, actor: Actor, name: str, profile: Profile, *, admin: bool) -> str:
        """A new account; gives its first password."""
        word = secrets.token_urlsafe(12)
        self._rooms.accounts.create(name, word, profile, admin=admin)
        self._note(actor, "add a person", name, "administrator" if admin else "")
        return word

    def lock(self, actor: Actor, name: str) -> None:
        """Keep somebody out; their browsers are signed out."""
        self._refuse_oneself(actor, name)
        with self.db.writing() as tx:
            person = self._rooms.accounts.find(tx, name)
            self._rooms.accounts.lock(tx, person)
            store.note(tx, actor, "lock", person.name, "")
        self._rooms.sessions.end_all(person.id)

    def unlock(self, actor: Actor, name: str) -> None:
        with self.db.writing() as tx:
            person = self._rooms.accounts.find(tx, name)
            self._rooms.accounts.unlock(tx, person)
            store.note(tx, actor, "unlock", person.name, "")

    def make_admin(self, actor: Actor, name: str) -> None:
        self._rooms.accounts.make_admin(name)
        self._note(actor, "make an administrator", name)

    def dismiss_admin(self, actor: Actor, name: str) -> None:
        self._rooms.accounts.dismiss_admin(name)
        self._note(actor, "dismiss as administrator", name)

    def new_password(self, actor: Actor, name: str) -> str:
        """Another password, for handing over; whoever was signed in with the old one no longer is."""
        word = secrets.token_urlsafe(12)
        self._rooms.sessions.reset_password(name, word)
        self._note(actor, "give a new password", name)
        return word

    def reset_link(self, actor: Actor, name: str) -> str:
        """The ticket of a link by which somebody sets a new password themselves."""
        ticket = self._rooms.resets.ticket(name)
        self._note(actor, "make a reset link", name)
        return ticket

    def sign_out(self, actor: Actor, name: str) -> None:
        """End every session of a person."""
        self._rooms.sessions.end_all(self._rooms.accounts.get(name).id)
        self._note(actor, "sign out everywhere", name)

    def remove_person(self, actor: Actor, name: str, heir: str = "") -> None:
        """Delete an account; what it owns goes to the heir, or is deleted where there is none."""
        self._refuse_oneself(actor, name)
        person = self._rooms.accounts.get(name)
        with self.db.reading() as tx:
            self._rooms.orgs.refuse_lone_admin(tx, person.id)
        self._clear(actor, person, heir)
        self._rooms.profiles.delete_account(person.name)
        self._note(actor, "delete a person", person.name, _fate(heir))

    def remove_org(self, actor: Actor, name: str, heir: str = "") -> None:
        """Delete an organisation in the same way."""
        org = self._rooms.orgs.get(name)
        self._clear(actor, org, heir)
        self._rooms.orgs.delete(actor, org.name)
        self._note(actor, "delete an organization", org.name, _fate(heir))

    def _clear(self, actor: Actor, owner: Owner, heir: str) -> None:
        found = list(self._rooms.repos.walk(owner_id=owner.id))
        if len(found) > MOST_REPOS:
            raise Conflict(f"{owner.name} still owns repositories. Delete or move them first.")
        for repo in found:
            source = RepoName(repo.kind, repo.owner, repo.name)
            if heir:
                self._rooms.repos.move(actor, source, RepoName(repo.kind, heir, repo.name))
            else:
                self._rooms.repos.delete(actor, source)

    # repositories ------------------------------------------------------------------------------------------

    def change_repo(
        self, actor: Actor, name: RepoName, *, private: bool | None = None, disabled: bool | None = None
    ) -> Repo:
        """Make it private, public, disabled or enabled."""
        changed = self._rooms.repos.change_settings(actor, name, private=private, disabled=disabled)
        given = (("private", private), ("disabled", disabled))
        words = ", ".join(f"{key} {'on' if value else 'off'}" for key, value in given if value is not None)
        self._note(actor, "change a repository", changed.path, words)
        return changed

    def move_repo(self, actor: Actor, name: RepoName, target: str) -> Repo:
        owner, _, short = target.strip().partition("/")
        moved = self._rooms.repos.move(actor, name, RepoName(name.kind, owner, short or name.name))
        self._note(actor, "move a repository", str(name), moved.path)
        return moved

    def remove_repo(self, actor: Actor, name: RepoName) -> None:
        self._rooms.repos.delete(actor, name)
        self._note(actor, "delete a repository", f"{name.kind} {name}")

    # the hub -----------------------------------------------------------------------------------------------

    def change_settings(self, actor: Actor, given: Mapping[str, str]) -> None:
        """Change what differs, all or nothing."""
        before = self._rooms.settings.now()
        with self.db.writing() as tx:
            for name, text in given.items():
                if text != shown(before)[name]:
                    self._rooms.settings.write(tx, name, text)
                    store.note(tx, actor, "change a setting", name, f"{shown(before)[name]} → {text}")

    def retry_job(self, actor: Actor, job_id: int) -> None:
        with self.db.writing() as tx:
            if not events.retry(tx, job_id):
                raise Conflict("This job is running or done.")
            store.note(tx, actor, "retry a job", str(job_id), "")
        if self._rooms.bus.wake is not None:
            self._rooms.bus.wake()

    def retry_failed(self, actor: Actor, kind: str) -> int:
        """Set every job going again that failed, of one kind or of all; how many those were."""
        with self.db.writing() as tx:
            count = events.retry_failed(tx, kind)
            if count:
                store.note(tx, actor, "retry failed jobs", kind, str(count))
        if count and self._rooms.bus.wake is not None:
            self._rooms.bus.wake()
        return count

    def cancel_job(self, actor: Actor, job_id: int) -> None:
        with self.db.writing() as tx:
            if not events.cancel(tx, job_id):
                raise Conflict("This job has ended.")
            store.note(tx, actor, "cancel a job", str(job_id), "")

    def collect_garbage(self, actor: Actor) -> None:
        """A round of recycling as soon as the mill has time."""
        with self.db.writing() as tx:
            self._rooms.bus.enqueue(tx, DAILY, {}, key="recycling.now")
            store.note(tx, actor, "collect garbage", "", "")

    def _note(self, actor: Actor, action: str, subject: str, details: str = "") -> None:
        with self.db.writing() as tx:
            store.note(tx, actor, action, subject, details)

    def _refuse_oneself(self, actor: Actor, name: str) -> None:
        if name.lower() == actor.name.lower():
            raise Conflict("Do this to others; your own account has its settings.")


def _fate(heir: str) -> str:
    return f"repositories to {heir}" if heir else "with repositories"


def shown(settings: InstanceSettings) -> dict[str, str]:
    """Settings as forms write them."""
    values = {field.name: getattr(settings, field.name) for field in fields(settings)}
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in values.items()}
