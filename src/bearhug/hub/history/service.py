"""The past of repositories: who changed what, when, and by how much."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bearhug.base.db import Duplicate
from bearhug.base.errors import EntryNotFound, RevisionNotFound, Unprocessable
from bearhug.formats.file_names import meant
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.git.reading import Reading
from bearhug.hub.git.records import Commit
from bearhug.hub.git.service import Git
from bearhug.hub.history import blame, diffs, store
from bearhug.hub.history.credits import account_keys, writers
from bearhug.hub.history.log import Log
from bearhug.hub.history.recent import Recent
from bearhug.hub.history.records import Blamed, CommitPage, Comparison, Credit, Entered, FileChange, Spec, Trail
from bearhug.hub.history.sizes import add_up
from bearhug.hub.history.walk import Budget, Walk
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.repos.service import Repos

MOST_WORK = 150_000
WORTH_KEEPING = 500
"""A search that cost this many commits is remembered."""
MOST_FILES = 3000
MOST_LISTED = 100_000
LARGEST_BLAMED = 1 << 20
REMEMBERED_BLAMES = 32


@dataclass
class Opened:
    """A repository opened for looking back."""

    repo: Repo
    reading: Reading


class History:
    """Histories. What takes a folder or a reading asks for no access; all else opens the repository for an actor."""

    def __init__(self, repos: Repos, git: Git, *, most_work: int = MOST_WORK) -> None:
        self._repos = repos
        self._git = git
        self._most_work = most_work
        self._log = Log()
        self._recent = Recent()
        self._blamed: dict[tuple[str, str, str], list[tuple[str, int, int]]] = {}

    # commits -----------------------------------------------------------------------------------------------

    def commits(
        self, actor: Actor, name: RepoName, rev: str, *, page: int = 0, limit: int = 50, path: str = ""
    ) -> CommitPage:
        """Commits along first parents, newest first; with a path those that changed it.

        EntryNotFound where nothing ever was at the path.
        """
        opened = self.open(actor, name)
        reading = opened.reading
        tip = reading.revision(rev).oid
        if path:
            found = self._log.touching(reading.raw, tip, meant(path))
            if not found.oids:
                raise EntryNotFound(f"{path} is not in the history of {rev}.", headers={"x-repo-commit": tip})
            oids, total = found.oids[page * limit :][: limit + 1], found.total
        else:
            total = self._log.count(reading.raw, tip)
            oids = self._log.page(reading.raw, tip, page * limit, limit + 1)
        return CommitPage(self.entered(reading, oids[:limit]), total, len(oids) > limit)

    def commit(self, actor: Actor, name: RepoName, rev: str) -> tuple[Entered, Comparison]:
        """One commit and what it changed against its first parent, line by line."""
        opened = self.open(actor, name)
        head = self._revision(opened.reading, rev)
        parents = opened.reading.commit(head).parents
        [entered] = self.entered(opened.reading, [head])
        return entered, self._compared(opened, parents[0] if parents else "", head)

    def length(self, reading: Reading, commit: str) -> int | None:
        """How many commits lead to one; None where there are more than anybody counts."""
        return self._log.count(reading.raw, commit)

    def last_commits(self, folder: str, commit: str, path: str, names: Iterable[str]) -> dict[str, Commit]:
        """The commit that last changed each named entry of a folder, along first parents.

        Names are left out that are not there, and those whose last change lies so far back that it was not found
        within one call's work; each call goes on where the last one stopped.
        """
        return self.last_changes(folder, commit, {path: names}).get(path, {})

    def last_changes(
        self, folder: str, commit: str, wanted: Mapping[str, Iterable[str]]
    ) -> dict[str, dict[str, Commit]]:
        """`last_commits` of several folders with the work of one call: `{path: names}` to `{path: {name: Commit}}`."""
        reading = self._git.read(folder)
        walk = Walk(reading.raw, Budget(self._most_work))
        seen: dict[str, Commit] = {}
        found: dict[str, dict[str, Commit]] = {}
        for path, names in wanted.items():
            asked = set(names)
            oids = self._follow(folder, walk, commit, meant(path), asked).found
            found[path] = {
                name: seen.get(oid) or seen.setdefault(oid, reading.commit(oid))
                for name, oid in oids.items()
                if name in asked
            }
        return found

    def _follow(self, folder: str, walk: Walk, commit: str, path: str, names: set[str]) -> Trail:
        recent = self._recent.get(folder, path, commit)
        if recent is not None and (not recent.frontier or names <= recent.found.keys()):
            return recent
        with self._repos.db.reading() as tx:
            known = store.load_trails(tx, folder, path)
        trail = known.get(commit) or Trail(commit, commit)
        before = walk.budget.spent
        walk.follow(path, trail, names, known)
        if walk.budget.spent - before >= WORTH_KEEPING:
            self._keep(folder, path, trail)
        self._recent.put(folder, path, trail)
        return trail

    def _keep(self, folder: str, path: str, trail: Trail) -> None:
        try:
            with self._repos.db.writing() as tx:
                store.save_trail(tx, folder, path, trail)
        except Duplicate:
            return  # the repository was deleted meanwhile, or somebody else kept the same

    # comparing ---------------------------------------------------------------------------------------------

    def compare(self, actor: Actor, name: RepoName, spec: Spec) -> Comparison:
        """The difference between two revisions, line by line as far as there is room."""
        opened = self.open(actor, name)
        return self._compared(opened, *self.ends(opened.reading, spec))

    def changes(self, actor: Actor, name: RepoName, spec: Spec) -> list[tuple[FileChange, bool]]:
        """Every changed file without its lines, and whether it is binary. Unprocessable where there are too many."""
        opened = self.open(actor, name)
        base, head = self.ends(opened.reading, spec)
        files, cut = diffs.changes(opened.reading, base, head, most=MOST_LISTED)
        if cut:
            raise Unprocessable(diffs.TOO_MUCH)
        return [(file, diffs.is_binary(opened.reading, file)) for file in files]

    def patch(self, actor: Actor, name: RepoName, spec: Spec) -> bytes:
        """The difference in the form of `git diff`."""
        opened = self.open(actor, name)
        path = self._git.path(opened.repo.folder)
        return diffs.patch(opened.reading, path, *self.ends(opened.reading, spec))

    def _compared(self, opened: Opened, base: str, head: str) -> Comparison:
        files, cut = diffs.changes(opened.reading, base, head, most=MOST_FILES)
        return Comparison(base, head, diffs.with_lines(opened.reading, files), cut)

    def ends(self, reading: Reading, spec: Spec) -> tuple[str, str]:
        """The two commits that are compared; the base is empty where that is nothing at all."""
        head = self._revision(reading, spec.head)
        if spec.base is None:
            parents = reading.commit(head).parents
            return (parents[0] if parents else ""), head
        if spec.base == diffs.EMPTY_TREE:
            return "", head
        base = self._revision(reading, spec.base)
        if spec.from_fork:
            fork = reading.raw.merge_base(base, head)
            if fork is None:
                raise Unprocessable(f"{spec.base} and {spec.head} have no history in common.")
            base = str(fork)
        return base, head

    def _revision(self, reading: Reading, text: str) -> str:
        """A revision, or its first parent for every `^` behind it; the parent of a first commit is nothing."""
        name = text.rstrip("^")
        oid = reading.revision(name).oid
        for _ in range(min(len(text) - len(name), 100)):
            parents = reading.commit(oid).parents
            if not parents:
                raise RevisionNotFound(f"Invalid rev id: {text[:200]}")
            oid = parents[0]
        return oid

    # files and folders -------------------------------------------------------------------------------------

    def blame(self, actor: Actor, name: RepoName, rev: str, path: str) -> list[Blamed]:
        """Which commit wrote which lines of a text file. Unprocessable for files that are no text or too large."""
        opened = self.open(actor, name)
        return self.blamed(opened.repo.folder, opened.reading, opened.reading.revision(rev).oid, path)

    def blamed(self, folder: str, reading: Reading, commit: str, path: str) -> list[Blamed]:
        """`blame` of a repository that the caller opened; the last ones are remembered."""
        entry = reading.entry(commit, path)
        if entry is None or entry.kind != "file":
            raise EntryNotFound(f"{path} does not exist in {commit}.", headers={"x-repo-commit": commit})
        if entry.size > LARGEST_BLAMED or b"\0" in reading.blob(entry.oid)[: diffs.SNIFFED]:
            raise Unprocessable("Only text files of at most 1 MiB tell who wrote their lines.")
        key = (folder, commit, path)
        known = self._blamed.get(key)
        if known is None:
            known = list(blame.groups(self._git.path(folder), commit, meant(path)))
            if len(self._blamed) >= REMEMBERED_BLAMES:
                self._blamed.clear()
            self._blamed[key] = known
        seen: dict[str, Commit] = {}
        return [
            Blamed(first, count, seen.get(oid) or seen.setdefault(oid, reading.commit(oid)))
            for oid, first, count in known
        ]

    def folder_size(self, actor: Actor, name: RepoName, rev: str, path: str) -> int:
        """Bytes of all files below a folder, large ones with their real size."""
        opened = self.open(actor, name)
        commit = opened.reading.revision(rev).oid
        entry = opened.reading.entry(commit, path)
        if entry is None or entry.kind != "directory":
            raise EntryNotFound(f"{path} is not a folder in {rev}.", headers={"x-repo-commit": commit})
        return self.tree_size(opened.repo.folder, opened.reading, entry.oid)

    def tree_size(self, folder: str, reading: Reading, tree: str) -> int:
        """Bytes of all files below a tree of a repository that the caller opened."""
        with self._repos.db.reading() as tx:
            found = add_up(reading, tree, lambda trees: store.load_sizes(tx, folder, trees))
        kept = found.worth_keeping()
        if kept:
            with self._repos.db.writing() as tx:
                store.save_sizes(tx, folder, kept)
        return found.sizes[tree]

    # people ------------------------------------------------------------------------------------------------

    def entered(self, reading: Reading, oids: Sequence[str]) -> tuple[Entered, ...]:
        """Commits with the people they are owed to; the caller opened the repository."""
        commits = [reading.commit(oid) for oid in oids]
        people = {commit.oid: writers(commit) for commit in commits}
        names, addresses = account_keys(person for some in people.values() for person in some)
        with self._repos.db.reading() as tx:
            by_name = store.users_named(tx, names) if names else {}
            by_address = store.users_mailed(tx, addresses) if addresses else {}
        return tuple(
            Entered(
                commit,
                tuple(Credit(who.name, who.account(by_name, by_address)) for who in people[commit.oid]),
            )
            for commit in commits
        )

    def open(self, actor: Actor, name: RepoName) -> Opened:
        """A repository for looking back; whoever may read it may."""
        with self._repos.db.reading() as tx:
            repo = self._repos.open(tx, actor, name, Level.READ)
        return Opened(repo, self._git.read(repo.folder))
