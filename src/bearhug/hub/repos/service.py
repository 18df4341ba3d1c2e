"""The rules of repositories: creating, opening, moving, deleting; every access check happens in `open`."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from bearhug.base import clock
from bearhug.base.db import Database, Duplicate, Tx
from bearhug.base.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    GatedRepo,
    Moved,
    NotFound,
    RepoDisabled,
    RepoNotFound,
    Unauthenticated,
)
from bearhug.base.events import Bus
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.access.rows import is_let_in
from bearhug.hub.access.rules import level_on, may_create_in, passes_gate
from bearhug.hub.accounts.records import Owner
from bearhug.hub.accounts.service import Accounts
from bearhug.hub.git.service import Git
from bearhug.hub.repos import store
from bearhug.hub.repos.names import check_repo_name
from bearhug.hub.repos.records import KINDS, Repo, RepoName
from bearhug.hub.repos.seeds import first_files

GATES = ("", "auto", "manual")
Fill = Callable[[str], str]
Then = Callable[[Tx, Repo], None]


class RepoExists(Conflict):
    """The name is taken by a repository that the actor may know of."""

    def __init__(self, repo: Repo, base_url: str = "") -> None:
        super().__init__(f"You already created this {repo.kind} repo", url=f"{base_url}/{repo.path}")
        self.repo = repo


@dataclass(frozen=True)
class NewRepo:
    """What a client asks to be created; `owner` empty means the actor. `files` stand beside or instead of the usual."""

    kind: str
    name: str
    owner: str = ""
    private: bool = False
    licence: str | None = None
    sdk: str | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)


class Repos:
    """Repositories of every kind. `open` is the only door to one."""

    def __init__(self, db: Database, bus: Bus, accounts: Accounts, git: Git) -> None:
        self.db = db
        self._bus = bus
        self._accounts = accounts
        self._git = git

    # the door ----------------------------------------------------------------------------------------------

    def open(self, tx: Tx, actor: Actor, name: RepoName, level: Level = Level.READ, *, content: bool = True) -> Repo:
        """Find a repository and check access in one step.

        `content=False` asks for what a gated repository shows to everybody (its card and metadata).
        What the actor may not see raises the same RepoNotFound as what is not there.
        """
        repo = store.find(tx, name)
        if repo is None:
            repo = store.find_redirect(tx, name) or self._of_renamed_owner(tx, name)
            if repo is None or level_on(actor, repo.target) < Level.READ:
                raise RepoNotFound(anonymous=actor.is_anonymous)
            raise Moved(str(name), repo.full_name)
        self._check(tx, actor, repo, level, content=content)
        return repo

    def _of_renamed_owner(self, tx: Tx, name: RepoName) -> Repo | None:
        owner = self._accounts.find_former(tx, name.owner)
        return store.find(tx, RepoName(name.kind, owner.name, name.name)) if owner is not None else None

    def get(self, tx: Tx, repo_id: int) -> Repo | None:
        """A repository by id, for jobs: they act for the hub itself."""
        return store.get(tx, repo_id)

    def knows(self, folder: str) -> bool:
        """Whether any row has this folder."""
        with self.db.reading() as tx:
            return store.of_folder(tx, folder) is not None

    def of_folder(self, tx: Tx, folder: str) -> Repo | None:
        """The repository whose git folder this is, for upkeep."""
        return store.of_folder(tx, folder)

    def level(self, actor: Actor, repo: Repo) -> Level:
        return level_on(actor, repo.target)

    def is_inside(self, tx: Tx, actor: Actor, repo: Repo) -> bool:
        """Whether a repository's gate, if it has one, stands open for the actor."""
        if not repo.gated or level_on(actor, repo.target) >= Level.CONTRIBUTE:
            return True
        let_in = actor.user_id is not None and is_let_in(tx, repo.id, actor.user_id)
        return passes_gate(actor, repo.target, let_in=let_in)

    def _check(self, tx: Tx, actor: Actor, repo: Repo, level: Level, *, content: bool) -> None:
        held = level_on(actor, repo.target)
        if held < Level.READ:
            raise RepoNotFound(anonymous=actor.is_anonymous)
        if repo.disabled and not actor.is_admin:
            raise RepoDisabled
        if content and not self.is_inside(tx, actor, repo):
            raise GatedRepo(
                f"Access to {repo.kind} {repo.full_name} is restricted and you are not in the authorized list. "
                f"Visit the repository's page to ask for access.",
                anonymous=actor.is_anonymous,
            )
        if held < level:
            raise (Unauthenticated if actor.is_anonymous else Forbidden)(_lacking(actor, repo, level))

    # creating ----------------------------------------------------------------------------------------------

    def create(self, actor: Actor, new: NewRepo, *, fill: Fill | None = None, then: Then | None = None) -> Repo:
        """Make the row and the bare git repository with its initial commit; RepoExists when the name is taken.

        `fill(folder)` makes the git repository in another way and returns the commit of main; `then(tx, repo)` adds
        rows in the same transaction.
        """
        if new.kind not in KINDS:
            raise BadRequest(f'"{new.kind}" is not a repository type. Use one of: {", ".join(KINDS)}.')
        check_repo_name(new.name)
        with self.db.reading() as tx:
            owner = self._namespace(tx, actor, new.owner)
            self._refuse_taken(tx, actor, RepoName(new.kind, owner.name, new.name))
        folder = secrets.token_hex(12)
        made = False
        try:
            head = fill(folder) if fill else self._seed(actor, new, folder)
            repo = self._insert(actor, owner, new, folder, head, then)
            made = True
        except Duplicate as error:
            with self.db.reading() as tx:
                self._refuse_taken(tx, actor, RepoName(new.kind, owner.name, new.name))
            raise Conflict from error
        finally:
            if not made:
                self._git.discard(folder)
        return repo

    def _seed(self, actor: Actor, new: NewRepo, folder: str) -> str:
        files = {**first_files(new.kind, new.licence, new.sdk, new.name), **new.files}
        return self._git.create(folder, files, actor.name)

    def _insert(self, actor: Actor, owner: Owner, new: NewRepo, folder: str, head: str, then: Then | None) -> Repo:
        moment = clock.now()
        with self.db.writing() as tx:
            name = RepoName(new.kind, owner.name, new.name)
            store.drop_redirect(tx, name)
            repo_id = store.add(
                tx,
                kind=new.kind,
                owner_id=owner.id,
                name=new.name,
                folder=folder,
                private=new.private,
                creator_id=actor.user_id,
                created_at=moment,
                updated_at=moment,
                head=head,
            )
            repo = store.get(tx, repo_id)
            assert repo is not None
            if then is not None:
                then(tx, repo)
            self.tell(tx, "repo.created", repo, actor, new=head)
            return repo

    def _namespace(self, tx: Tx, actor: Actor, owner: str) -> Owner:
        if actor.is_anonymous:
            raise Unauthenticated("Sign in to create a repository, or send an access token that may write.")
        found = self._accounts.find_owner(tx, owner or actor.name)
        if found is None or not may_create_in(actor, found.id, found.name, is_org=found.is_org):
            raise Forbidden(
                f'You don\'t have the rights to create a repository under the namespace "{owner or actor.name}".'
            )
        return found

    def _refuse_taken(self, tx: Tx, actor: Actor, name: RepoName) -> None:
        taken = store.find(tx, name)
        if taken is not None:
            if level_on(actor, taken.target) < Level.READ:
                raise Conflict("This name is taken.")
            raise RepoExists(taken)

    def owned(self, actor: Actor, owner: str, *, after: int, limit: int) -> list[Repo]:
        """An owner's repositories by id, for people who work in that namespace."""
        with self.db.reading() as tx:
            if actor.is_anonymous:
                raise Unauthenticated("Sign in to list your repositories.")
            found = self._accounts.find_owner(tx, owner)
            if found is None:
                raise NotFound(f'There is no user or organization "{owner}".')
            repos = store.page(tx, after=after, limit=limit, owner_id=found.id)
            return [repo for repo in repos if level_on(actor, repo.target) >= Level.READ]

    def largest(self, actor: Actor, owner_id: int, *, skip: int, limit: int) -> list[Repo]:
        """An owner's repositories that the actor may read, those with the most large files first."""
        with self.db.reading() as tx:
            repos = store.largest(tx, owner_id, skip=skip, limit=limit)
        return [repo for repo in repos if level_on(actor, repo.target) >= Level.READ]

    # changing ----------------------------------------------------------------------------------------------

    def change_settings(
        self,
        actor: Actor,
        name: RepoName,
        *,
        private: bool | None = None,
        gated: str | None = None,
        disabled: bool | None = None,
        discussions_disabled: bool | None = None,
    ) -> Repo:
        """Change what is given; `gated` is '', 'auto' or 'manual'. Disabling is for administrators."""
        if gated is not None and gated not in GATES:
            raise BadRequest('"gated" must be "auto", "manual" or false.')
        if disabled is not None and not actor.is_admin:
            raise Forbidden("Only an administrator of this hub may disable a repository.")
        values = {
            "private": private,
            "gated": gated,
            "disabled": disabled,
            "discussions_disabled": discussions_disabled,
        }
        given = {key: value for key, value in values.items() if value is not None}
        with self.db.writing() as tx:
            repo = self.open(tx, actor, name, Level.ADMIN)
            if given:
                store.change(tx, repo.id, **given)
                self.tell(tx, "repo.configured", repo, actor)
            return store.get(tx, repo.id) or repo

    def move(self, actor: Actor, source: RepoName, target: RepoName) -> Repo:
        """Rename or transfer; the old name redirects from now on."""
        check_repo_name(target.name)
        with self.db.writing() as tx:
            repo = self.open(tx, actor, source, Level.ADMIN)
            owner = self._namespace(tx, actor, target.owner)
            taken = store.find(tx, RepoName(repo.kind, owner.name, target.name))
            if taken is not None and taken.id != repo.id:
                raise Conflict(f"A {repo.kind} repository called {owner.name}/{target.name} already exists")
            store.drop_redirect(tx, RepoName(repo.kind, owner.name, target.name))
            store.change(tx, repo.id, owner_id=owner.id, name=target.name)
            if repo.full_name.lower() != f"{owner.name}/{target.name}".lower():
                store.add_redirect(tx, RepoName(repo.kind, repo.owner, repo.name), repo.id)
            moved = store.get(tx, repo.id) or repo
            self.tell(tx, "repo.moved", moved, actor)
            return moved

    def follow_owner(self, tx: Tx, actor: Actor, owner_id: int) -> None:
        """Tell that every repository of an owner has another name now, because the owner has."""
        after = 0
        while found := store.page(tx, after=after, owner_id=owner_id):
            for repo in found:
                self.tell(tx, "repo.moved", repo, actor)
            after = found[-1].id

    def delete(self, actor: Actor, name: RepoName) -> None:
        """The row goes first, the folder after the commit: a crash in between leaves only garbage to sweep."""
        with self.db.writing() as tx:
            repo = self.open(tx, actor, name, Level.ADMIN)
            self.tell(tx, "repo.deleted", repo, actor)
            store.remove(tx, repo.id)
        self._git.discard(repo.folder)

    # after a push ------------------------------------------------------------------------------------------

    def record_push(self, tx: Tx, repo: Repo, actor: Actor, updates: list[tuple[str, str, str]]) -> None:
        """Note that refs moved: `(ref, old, new)` each, with forty zeros for a ref that was or is not there.

        RepoNotFound if the repository was deleted meanwhile.
        """
        moment = clock.now()
        if store.get(tx, repo.id) is None:
            raise RepoNotFound
        for ref, old, new in updates:
            if ref == "refs/heads/main":
                store.set_head(tx, repo.id, new, moment)
            self.tell(tx, "repo.pushed", repo, actor, ref=ref, old=old, new=new)

    def add_storage(self, tx: Tx, repo_id: int, used_storage: int) -> None:
        store.change(tx, repo_id, used_storage=used_storage)

    def walk(self, *, owner_id: int | None = None) -> Iterator[Repo]:
        """Every repository, in pages of short transactions."""
        after = 0
        while True:
            with self.db.reading() as tx:
                found = store.page(tx, after=after, owner_id=owner_id)
            if not found:
                return
            yield from found
            after = found[-1].id

    def tell(self, tx: Tx, kind: str, repo: Repo, actor: Actor, **more: object) -> None:
        """Write an event about a repository; one waiting job a listener and repository is enough."""
        payload = {"repo_id": repo.id, "kind": repo.kind, "name": repo.full_name, "folder": repo.folder}
        self._bus.tell(tx, kind, {**payload, "actor": actor.name, **more}, key=f"repo:{repo.id}")


def _lacking(actor: Actor, repo: Repo, level: Level) -> str:
    if actor.is_anonymous:
        return f"Sign in to change {repo.full_name}."
    if actor.grant is not None and actor.grant.kind.value == "read":
        return "You must use a write token to do this: the token you sent may only read."
    return f"You have no {level.name.lower()} access to {repo.full_name}."
