"""Commits by HTTP: decide how files travel, collect the operations of a commit, apply them on the branch's tip."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType

from bearhug.base.errors import BadRequest, EntryNotFound, RevisionNotFound, StaleParent
from bearhug.formats import lfs_pointer
from bearhug.formats.gitattributes import NAME as ATTRIBUTES
from bearhug.formats.gitattributes import AttributesByFolder
from bearhug.formats.gitignore import Ignores
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.commits.names import refuse_alike
from bearhug.hub.commits.places import Places
from bearhug.hub.commits.records import (
    AddFile,
    AddLfs,
    Committed,
    Delete,
    Header,
    Move,
    Operation,
    Plan,
    Upload,
    UploadAnswer,
)
from bearhug.hub.git.moving import moving
from bearhug.hub.git.reading import Reading
from bearhug.hub.git.records import Change, Put, Remove, Rename
from bearhug.hub.git.service import Git, author_of
from bearhug.hub.lfs.service import Lfs
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.repos.seeds import LFS_ATTRIBUTES
from bearhug.hub.repos.service import Repos

MOST_OPERATIONS = 100_000
BRANCH = "refs/heads/"
CARD = "README.md"
SMALL_FILE = 1 << 20

CheckCard = Callable[[str, str], Sequence[str]]
"""`check(kind, text)` returns what is wrong with a card; an empty list for a good one."""


class Commits:
    """Preupload and commit."""

    def __init__(self, repos: Repos, git: Git, lfs: Lfs, check_card: CheckCard, *, largest: int) -> None:
        self.repos = repos
        self.git = git
        self.lfs = lfs
        self.check_card = check_card
        self.largest = largest

    def preupload(
        self, actor: Actor, name: RepoName, rev: str, files: Sequence[Upload], rules: Mapping[str, str | None]
    ) -> list[UploadAnswer]:
        """How each file should be sent. `rules` may carry the client's `gitIgnore` and `gitAttributes` texts.

        A full disk is told here: it is the one call of an upload whose words every client shows.
        """
        with self.repos.db.reading() as tx:
            repo = self.repos.open(tx, actor, name, Level.WRITE)
        reading = self.git.read(repo.folder)
        tip = _branch_tip(reading, rev)
        attributes = _attributes(reading, tip, rules.get("gitAttributes") or None)
        ignores = Ignores.parse(rules.get("gitIgnore") or _text(reading, tip, ".gitignore"))
        places = Places(reading, tip)
        answers: list[UploadAnswer] = [
            UploadAnswer(
                file.path,
                "lfs" if self._goes_to_lfs(file, attributes) else "regular",
                ignores.match(file.path),
                _present_oid(reading, tip, file.path),
                places.blocking(file.path),
            )
            for file in files
        ]
        if any(answer.mode == "lfs" for answer in answers):
            self.lfs.objects.blobs.check_room(0)
        return answers

    def _goes_to_lfs(self, file: Upload, attributes: AttributesByFolder) -> bool:
        if file.size == 0:
            return False
        return file.size > self.largest or attributes.is_lfs(file.path) or _is_binary(file.sample)

    def begin(self, actor: Actor, name: RepoName, rev: str) -> "Draft":
        """Start collecting a commit to a branch; access is checked here and again when it is applied."""
        with self.repos.db.reading() as tx:
            repo = self.repos.open(tx, actor, name, Level.WRITE)
        _branch_tip(self.git.read(repo.folder), rev)
        return Draft(self, actor, repo, rev)


class Draft:
    """A commit being received: `add` operations as they arrive, then `finish`. A context manager."""

    def __init__(self, commits: Commits, actor: Actor, repo: Repo, rev: str) -> None:
        self._commits = commits
        self._actor = actor
        self._repo = repo
        self._ref = rev if rev.startswith("refs/") else BRANCH + rev
        self._plan = Plan()
        self._importer = commits.git.importer(repo.folder)
        self._attributes: bytes | None = None

    @property
    def repo(self) -> Repo:
        return self._repo

    def __enter__(self) -> "Draft":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._importer.__exit__(kind, error, trace)

    def add(self, operation: Operation) -> None:
        """Take one operation; contents go to git at once and are not held."""
        plan = self._plan
        plan.operations += 1
        if plan.operations > MOST_OPERATIONS:
            raise BadRequest(f"A commit may have at most {MOST_OPERATIONS} operations. Split it.")
        match operation:
            case Header():
                plan.header = operation
            case AddFile():
                self._check_content(operation)
                plan.puts[operation.path] = self._importer.blob(operation.content)
                self._rename(operation)
            case AddLfs():
                plan.lfs[operation.path] = operation
                self._rename(operation)
            case Delete():
                plan.removals.append(operation.path)
            case Move():
                plan.moves.append(operation)

    def _rename(self, operation: AddFile | AddLfs) -> None:
        if operation.old_path and operation.old_path != operation.path:
            self._plan.removals.append(operation.old_path)

    def _check_content(self, file: AddFile) -> None:
        if file.path == ATTRIBUTES:
            self._attributes = file.content
        if file.path == CARD:
            errors = self._commits.check_card(self._repo.kind, file.content.decode("utf-8", "replace"))
            if errors:
                raise BadRequest("Invalid metadata in README.md. " + " ".join(errors), errors=list(errors))

    def finish(self) -> Committed:
        """Write the commit on the branch's present tip and move the branch; nothing changed means no commit."""
        header = self._plan.header
        if header is None or not header.summary.strip():
            raise BadRequest("The first line of a commit is its header with a summary.")
        pointers = self._pointers()
        git, folder = self._commits.git, self._repo.folder
        with git.lock(folder):
            reading = git.read(folder)
            tip = _branch_tip(reading, self._ref)
            if header.parent is not None and not tip.startswith(header.parent):
                raise StaleParent(f"{StaleParent.default} It is at {tip}, no longer at {header.parent}.", head=tip)
            changes = self._changes(reading, tip, pointers)
            if not changes:
                return Committed(tip, changed=False)
            oid = self._write(header, changes, tip)
            written = git.read(folder)
            if written.tree_oid(oid) == reading.tree_oid(tip):
                return Committed(tip, changed=False)
            refuse_alike(written, tip, oid, changes)
            self._publish(tip, oid, {sha256 for sha256, _ in pointers.values()})
        return Committed(oid, changed=True)

    def _pointers(self) -> dict[str, tuple[str, int]]:
        """Path to (sha256, size); every object must have been uploaded to this repository."""
        wanted = {file.oid for file in self._plan.lfs.values()}
        if not wanted:
            return {}
        with self._commits.repos.db.reading() as tx:
            sizes = self._commits.lfs.linked_sizes(tx, self._repo.id, wanted)
        found = {}
        for path, file in self._plan.lfs.items():
            size = sizes.get(file.oid)
            if size is None:
                raise BadRequest(f'The content of "{path}" (sha256 {file.oid}) was not uploaded to this repository.')
            if file.size is not None and file.size != size:
                raise BadRequest(f'"{path}" has {size} bytes, not {file.size}.')
            found[path] = (file.oid, size)
        return found

    def _changes(self, reading: Reading, tip: str, pointers: Mapping[str, tuple[str, int]]) -> list[Change]:
        changes: list[Change] = []
        for path in self._plan.removals:
            if reading.entry(tip, path) is None:
                raise EntryNotFound(f"A file with this name doesn't exist: {path}")
            changes.append(Remove(path))
        moved = {path: pointer for move in self._plan.moves for path, pointer in _moved(reading, tip, move)}
        changes += [Rename(move.path, move.old_path) for move in self._plan.moves]
        places = Places(reading, tip, [*self._plan.removals, *(move.old_path for move in self._plan.moves)])
        for path, blob in self._plan.puts.items():
            changes.append(Put(path, blob, places.mode(path)))
        for path, (oid, size) in pointers.items():
            blob = self._importer.blob(lfs_pointer.write(oid, size))
            changes.append(Put(path, blob, places.mode(path)))
        places.refuse_both([*self._plan.puts, *pointers])
        changes += self._attribute_lines(reading, tip, {**moved, **pointers})
        return changes

    def _attribute_lines(self, reading: Reading, tip: str, pointers: Mapping[str, tuple[str, int]]) -> list[Change]:
        """LFS files that no pattern covers get a line of their own, so that a clone finds their content."""
        text = _text(reading, tip, ATTRIBUTES) if self._attributes is None else _decoded(self._attributes)
        attributes = _attributes(reading, tip, text)
        missing = sorted(path for path in pointers if not attributes.is_lfs(path))
        if not missing:
            return []
        lines = "".join(f"{_attribute_pattern(path)} {LFS_ATTRIBUTES}\n" for path in missing)
        separator = "" if not text or text.endswith("\n") else "\n"
        return [Put(ATTRIBUTES, self._importer.blob(f"{text}{separator}{lines}".encode()))]

    def _write(self, header: Header, changes: Sequence[Change], tip: str) -> str:
        message = header.summary.strip()
        if header.description.strip():
            message += f"\n\n{header.description.strip()}"
        author = author_of(self._actor.name)
        return self._importer.commit(author, message, changes, parent=tip, moment=int(time.time()))

    def _publish(self, old: str, new: str, held: set[str]) -> None:
        repos = self._commits.repos
        with (
            moving(self._commits.git, self._repo.folder, self._ref, old=old, new=new),
            repos.db.writing() as tx,
        ):
            repos.record_push(tx, self._repo, self._actor, [(self._ref, old, new)])
            self._commits.lfs.link(tx, self._repo.id, held)


def _moved(reading: Reading, tip: str, move: Move) -> Iterator[tuple[str, tuple[str, int]]]:
    """Pointers below a place that moves, by their new paths; `EntryNotFound` where nothing is to be moved."""
    entry = reading.entry(tip, move.old_path)
    if entry is None:
        raise EntryNotFound(f"A file with this name doesn't exist: {move.old_path}")
    if reading.entry(tip, move.path) is not None:
        raise BadRequest(f'"{move.path}" is there already.')
    below = reading.walk(tip, move.old_path) if entry.kind == "directory" else [entry]
    for one in below:
        if one.kind == "file" and one.size <= lfs_pointer.LARGEST:
            pointer = lfs_pointer.parse(reading.blob(one.oid))
            if pointer is not None:
                yield move.path + one.path[len(move.old_path) :], (pointer.oid, pointer.size)


def _branch_tip(reading: Reading, rev: str) -> str:
    """The tip of a branch or PR reference; a commit id or tag cannot be committed to."""
    ref = rev if rev.startswith("refs/") else BRANCH + rev
    tip = reading.ref(ref) if ref.startswith((BRANCH, "refs/pr/")) else None
    if tip is None:
        raise RevisionNotFound(f"Invalid rev id: {rev[:200]}")
    return tip


def _attributes(reading: Reading, tip: str, root: str | None) -> AttributesByFolder:
    """Those of a commit's folders; `root` is said instead of what the root has."""
    return AttributesByFolder(
        lambda path: root if path == ATTRIBUTES and root is not None else _text(reading, tip, path)
    )


def _text(reading: Reading, tip: str, path: str) -> str:
    return _decoded(reading.file(tip, path, limit=SMALL_FILE) or b"")


def _decoded(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _present_oid(reading: Reading, tip: str, path: str) -> str | None:
    entry = reading.entry(tip, path)
    if entry is None or entry.kind != "file":
        return None
    pointer = lfs_pointer.parse(reading.blob(entry.oid)) if entry.size <= lfs_pointer.LARGEST else None
    return pointer.oid if pointer else entry.oid


def _attribute_pattern(path: str) -> str:
    """A .gitattributes pattern that matches this one path."""
    escaped = "".join(f"\\{ch}" if ch in "*?[]\\" else ch for ch in path)
    if any(ch.isspace() or ch == '"' for ch in path):
        return '"' + escaped.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "/" + escaped if path.startswith(("#", "!")) else escaped


def _is_binary(sample: bytes) -> bool:
    """Whether the first bytes of a file are not text: a NUL, or no UTF-8 (a cut last character is fine)."""
    if b"\0" in sample:
        return True
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start < len(sample) - 3
    return False
