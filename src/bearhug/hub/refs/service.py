"""The rules of branches, tags and squashing: every move is made under the repository's lock and told to the rows."""

from bearhug.base.errors import BadRequest, Conflict, Forbidden, RevisionNotFound
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.git.moving import moving
from bearhug.hub.git.reading import Reading
from bearhug.hub.git.records import MAIN, ZERO_OID, Ref
from bearhug.hub.git.service import Git, author_of
from bearhug.hub.refs.names import check_ref_name
from bearhug.hub.refs.records import NewBranch, NewTag, RefList
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.repos.service import Repos

HEADS, TAGS, CONVERTS, PULLS = "refs/heads/", "refs/tags/", "refs/convert/", "refs/pr/"
LONGEST_MESSAGE = 65_536


class Refs:
    """Branches, tags and pull request references."""

    def __init__(self, repos: Repos, git: Git) -> None:
        self._repos = repos
        self._git = git

    def list(self, actor: Actor, name: RepoName, *, pulls: bool) -> RefList:
        """Every reference that leads to a commit, main first, then by name (pull requests by number)."""
        repo = self._open(actor, name, Level.READ)
        refs = self._git.read(repo.folder).refs()
        return in_kinds(refs, pulls=pulls)

    # branches ----------------------------------------------------------------------------------------------

    def create_branch(self, actor: Actor, name: RepoName, new: NewBranch) -> str:
        """Make a branch and return its commit; Conflict where it exists and may not be overwritten."""
        ref = check_ref_name(new.name, HEADS)
        repo = self._open(actor, name, Level.WRITE)
        with self._git.lock(repo.folder):
            reading = self._git.read(repo.folder)
            present = reading.target(ref)
            if present == ZERO_OID:
                _refuse_overlap(reading, ref)
            elif not new.overwrite:
                raise _exists(ref)
            elif new.start is None and not new.empty:
                return present
            target = self._empty_commit(repo, actor) if new.empty else reading.revision(new.start or "main").oid
            self._move(repo, actor, ref, present, target)
        return target

    def delete_branch(self, actor: Actor, name: RepoName, branch: str) -> None:
        repo = self._open(actor, name, Level.WRITE)
        ref = HEADS + branch
        if ref == MAIN:
            raise Forbidden(f"Cannot delete {MAIN}: it is the default branch")
        self._delete(repo, actor, ref)

    # tags --------------------------------------------------------------------------------------------------

    def create_tag(self, actor: Actor, name: RepoName, new: NewTag) -> str:
        """Tag a revision and return its commit; Conflict where the tag exists."""
        ref = check_ref_name(new.name, TAGS)
        _check_message(new.message)
        repo = self._open(actor, name, Level.WRITE)
        with self._git.lock(repo.folder):
            reading = self._git.read(repo.folder)
            target = reading.revision(new.revision).oid
            if reading.target(ref) != ZERO_OID:
                raise _exists(ref)
            _refuse_overlap(reading, ref)
            with self._git.writing(repo.folder):
                self._git.tag(repo.folder, new.name, target, message=new.message, author=actor.name)
                self._record(repo, actor, ref, ZERO_OID, target)
        return target

    def delete_tag(self, actor: Actor, name: RepoName, tag: str) -> None:
        self._delete(self._open(actor, name, Level.WRITE), actor, TAGS + tag)

    # squashing ---------------------------------------------------------------------------------------------

    def squash(self, actor: Actor, name: RepoName, rev: str, message: str | None) -> str:
        """Replace the history of a branch or pull request by one commit of the same files; return it.

        The reference's log keeps the old tip.
        """
        _check_message(message)
        repo = self._open(actor, name, Level.WRITE)
        ref = rev if rev.startswith("refs/") else HEADS + rev
        with self._git.lock(repo.folder):
            reading = self._git.read(repo.folder)
            tip = reading.ref(ref) if ref.startswith((HEADS, PULLS)) else None
            if tip is None:
                raise RevisionNotFound(f"Invalid rev id: {rev[:200]}")
            title = message or f"Super-squash branch '{rev}'"
            oid = self._git.commit_tree(repo.folder, reading.tree_oid(tip), [], author_of(actor.name), title)
            self._move(repo, actor, ref, tip, oid)
        return oid

    # under the lock ----------------------------------------------------------------------------------------

    def _open(self, actor: Actor, name: RepoName, level: Level) -> Repo:
        with self._repos.db.reading() as tx:
            return self._repos.open(tx, actor, name, level, content=level > Level.READ)

    def _empty_commit(self, repo: Repo, actor: Actor) -> str:
        tree = self._git.empty_tree(repo.folder)
        return self._git.commit_tree(repo.folder, tree, [], author_of(actor.name), "initial commit")

    def _delete(self, repo: Repo, actor: Actor, ref: str) -> None:
        with self._git.lock(repo.folder):
            present = self._git.read(repo.folder).target(ref)
            if present == ZERO_OID:
                raise RevisionNotFound(f"Invalid rev id: {ref[:200]}")
            self._move(repo, actor, ref, present, ZERO_OID)

    def _move(self, repo: Repo, actor: Actor, ref: str, old: str, new: str) -> None:
        with moving(self._git, repo.folder, ref, old=old, new=new):
            self._record(repo, actor, ref, old, new)

    def _record(self, repo: Repo, actor: Actor, ref: str, old: str, new: str) -> None:
        with self._repos.db.writing() as tx:
            self._repos.record_push(tx, repo, actor, [(ref, old, new)])


def in_kinds(refs: list[Ref], *, pulls: bool = False) -> RefList:
    """References sorted into their kinds, main first, then by name (pull requests by number)."""
    return RefList(
        branches=tuple(sorted(_in(refs, HEADS), key=lambda ref: (ref.ref != MAIN, ref.ref))),
        converts=tuple(_in(refs, CONVERTS)),
        tags=tuple(_in(refs, TAGS)),
        pulls=tuple(sorted(_in(refs, PULLS), key=_number)) if pulls else None,
    )


def _in(refs: list[Ref], space: str) -> list[Ref]:
    return sorted((ref for ref in refs if ref.ref.startswith(space)), key=lambda ref: ref.ref)


def _number(ref: Ref) -> tuple[int, str]:
    number = ref.ref.removeprefix(PULLS)
    return (int(number) if number.isascii() and number.isdigit() else 0, number)


def _exists(ref: str) -> Conflict:
    return Conflict(f"Reference {ref} already exists")


def _refuse_overlap(reading: Reading, ref: str) -> None:
    """`a` and `a/b` cannot both be there: one is a file where the other needs a folder."""
    for other in reading.refs():
        if other.ref.startswith(f"{ref}/") or ref.startswith(f"{other.ref}/"):
            raise Conflict(f"Reference {ref} cannot be created because {other.ref} exists")


def _check_message(message: str | None) -> None:
    if message is not None and len(message) > LONGEST_MESSAGE:
        raise BadRequest(f"A message may have at most {LONGEST_MESSAGE} characters.")
