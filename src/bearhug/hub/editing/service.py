"""Opens files for editing, reviews what is to be changed, and commits it on the newest state of the branch."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

import pygit2

from bearhug.base.errors import BadRequest, Conflict, EntryNotFound, StaleParent
from bearhug.formats import lfs_pointer
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.commits.records import AddFile, AddLfs, Delete, Header, Move
from bearhug.hub.commits.service import Commits
from bearhug.hub.editing.merging import merged
from bearhug.hub.editing.records import Done, Edit, Meanwhile, Message, Opening, Review
from bearhug.hub.editing.review import LARGEST_TEXT, Rules, as_text
from bearhug.hub.git.reading import Reading
from bearhug.hub.git.records import Entry
from bearhug.hub.history.diffs import compare_texts
from bearhug.hub.history.service import History
from bearhug.hub.refs.records import NewBranch
from bearhug.hub.refs.service import HEADS, Refs
from bearhug.hub.repos.records import RepoName

LINK = 0o120000
_OID = re.compile(r"[0-9a-f]{40}\Z")
TRIES = 3
MOST_COUNTED = 10_000
MOVED = "Somebody else changed this file since you opened it. Look at both versions below and decide."
LARGE = "This file is kept as a large file, so its content is not edited here. It can be renamed, moved or deleted."
BINARY = "This file is not UTF-8 text, so its content is not edited here. It can be renamed, moved or deleted."
TOO_LONG = "This file is too long to be edited here. Clone the repository, or upload a new version."
INSIDE = "A folder cannot be moved into itself."
A_LINK = "This is a symbolic link. It can be deleted here, and changed with git."


Make = Callable[[tuple[Reading, str]], AddFile | AddLfs | Delete | Move]
"""The operation that is wanted, made from the newest commit of the branch."""


class Overtaken(Conflict):
    """The file changed on its branch since the form was opened."""

    default = MOVED


@dataclass(frozen=True)
class EditRooms:
    """The services that editing asks."""

    commits: Commits
    history: History
    refs: Refs


class Editing:
    """One file at a time."""

    def __init__(self, rooms: EditRooms) -> None:
        self._rooms = rooms
        self._rules = Rules(rooms.commits)

    # opening -----------------------------------------------------------------------------------------------

    def open(self, actor: Actor, name: RepoName, rev: str, path: str) -> Opening:
        """What is at a path, or what stands in the way of editing it; nothing there is fine for a new file."""
        reading, opening = self._open(actor, name, rev, path)
        entry = opening.entry
        if entry is None or entry.kind == "directory":
            return opening
        text, why = _editable(reading, entry)
        return Opening(opening.repo, opening.commit, opening.branch, path, entry, text, why)

    def _open(self, actor: Actor, name: RepoName, rev: str, path: str) -> tuple[Reading, Opening]:
        commits = self._rooms.commits
        with commits.repos.db.reading() as tx:
            repo = commits.repos.open(tx, actor, name, Level.WRITE)
        reading = commits.git.read(repo.folder)
        revision = reading.revision(rev)
        ref = revision.ref or ""
        branch = ref.removeprefix(HEADS) if ref.startswith(HEADS) else None
        entry = reading.entry(revision.oid, path) if path else None
        return reading, Opening(repo, revision.oid, branch, path, entry, None)

    def count(self, opening: Opening) -> int:
        """How many files are below a place, as far as anybody counts."""
        if opening.entry is None or opening.entry.kind != "directory":
            return 1
        reading = self._rooms.commits.git.read(opening.repo.folder)
        walk = reading.walk(opening.commit, opening.path)
        return sum(1 for entry in islice(walk, MOST_COUNTED) if entry.kind != "directory")

    # looking -----------------------------------------------------------------------------------------------

    def review(self, actor: Actor, name: RepoName, rev: str, edit: Edit) -> Review:
        """The edit against what is there now."""
        reading, opening = self._open(actor, name, rev, edit.old_path or edit.path)
        present = opening.entry if edit.old_path else None
        before = reading.blob(present.oid) if present is not None and present.kind == "file" else b""
        errors = self._rules.errors(actor, name, reading, edit, opening)
        hunks, added, deleted = compare_texts(before, before if edit.text is None else edit.text)
        overtaken = self._meanwhile(reading, opening, edit)
        return Review(hunks, added, deleted, errors, self._rules.warnings(opening, edit), overtaken)

    def _meanwhile(self, reading: Reading, opening: Opening, edit: Edit) -> Meanwhile | None:
        if opening.blob == edit.blob:
            return None
        path = opening.path
        parent, _, own = path.rpartition("/")
        last = self._rooms.history.last_commits(opening.repo.folder, opening.commit, parent, [own]).get(own)
        now = _text_of(reading, opening.blob)
        base = _text_of(reading, edit.blob)
        hunks, _, _ = compare_texts(base, now)
        both = merged(base, edit.text, now) if opening.blob and edit.blob and edit.text is not None else None
        return Meanwhile(opening.blob, last or reading.commit(opening.commit), hunks, both)

    # committing --------------------------------------------------------------------------------------------

    def commit(self, actor: Actor, name: RepoName, rev: str, edit: Edit, message: Message) -> Done:
        """Put the edit on its branch, or on a new one from where it was opened.

        Overtaken where the file changed meanwhile; BadRequest with the first reason that forbids it.
        """
        start = edit.parent if message.new_branch else rev
        reading, opening = self._open(actor, name, start, edit.old_path or edit.path)
        errors = self._rules.errors(actor, name, reading, edit, opening)
        if errors:
            raise BadRequest(errors[0])
        return self._apply(actor, name, rev, message, edit.parent, lambda now: self._operation(now, edit))

    def delete(self, actor: Actor, name: RepoName, rev: str, path: str, parent: str, message: Message) -> Done:
        """Delete a file or a folder; the folder above that is left. EntryNotFound where nothing is any more."""

        def operation(reading: Reading, tip: str) -> Delete:
            if reading.entry(tip, path) is None:
                raise EntryNotFound(f'"{path[:200]}" is not there any more.')
            return Delete(path)

        done = self._apply(actor, name, rev, message, parent, lambda now: operation(*now))
        reading, _ = self._open(actor, name, done.branch, "")
        folder = path.rpartition("/")[0]
        while folder and reading.entry(done.commit, folder) is None:
            folder = folder.rpartition("/")[0]
        return Done(done.commit, done.branch, folder)

    def move(self, actor: Actor, name: RepoName, rev: str, old_path: str, path: str, message: Message) -> Done:
        """Give a folder another path, with all that is in it, in one commit."""
        start, place = self._open(actor, name, rev, old_path)
        edit = Edit(old_path, path, None, place.blob, place.commit)
        errors = self._rules.errors(actor, name, start, edit, place)
        if f"{path}/".startswith(f"{old_path}/") and not errors:
            errors = [INSIDE]
        if errors:
            raise BadRequest(errors[0])
        return self._apply(actor, name, rev, message, place.commit, lambda _: Move(path, old_path))

    def _apply(self, actor: Actor, name: RepoName, rev: str, message: Message, parent: str, make: Make) -> Done:
        if message.new_branch:
            return self._on_new_branch(actor, name, message, parent, make)
        return self._on_branch(actor, name, rev, message, make)

    def _on_new_branch(self, actor: Actor, name: RepoName, message: Message, parent: str, make: Make) -> Done:
        refs, made = self._rooms.refs, False
        refs.create_branch(actor, name, NewBranch(message.new_branch, start=parent))
        try:
            done = self._on_branch(actor, name, message.new_branch, message, make)
            made = True
        finally:
            if not made:
                refs.delete_branch(actor, name, message.new_branch)
        return done

    def _on_branch(self, actor: Actor, name: RepoName, branch: str, message: Message, make: Make) -> Done:
        """Others may commit elsewhere in the branch meanwhile: the edit is then put on top of theirs."""
        commits = self._rooms.commits
        for left in reversed(range(TRIES)):
            with commits.begin(actor, name, branch) as draft:
                reading = commits.git.read(draft.repo.folder)
                tip = reading.revision(HEADS + branch).oid
                operation = make((reading, tip))
                draft.add(Header(message.summary, message.description, tip))
                draft.add(operation)
                try:
                    done = draft.finish()
                except StaleParent:
                    if not left:
                        raise
                    continue
            return Done(done.oid, branch, operation.path)
        raise StaleParent

    def _operation(self, now: tuple[Reading, str], edit: Edit) -> AddFile | AddLfs:
        """The edit as an operation on the newest commit. Overtaken where the file is not what it was."""
        reading, tip = now
        entry = reading.entry(tip, edit.old_path or edit.path)
        if (entry.oid if entry is not None else "") != edit.blob:
            raise Overtaken
        old_path = edit.old_path or None
        if edit.text is not None:
            return AddFile(edit.path, edit.text, old_path)
        assert entry is not None
        pointer = lfs_pointer.parse(reading.blob(entry.oid)) if entry.size <= lfs_pointer.LARGEST else None
        if pointer is not None:
            return AddLfs(edit.path, pointer.oid, pointer.size, old_path)
        return AddFile(edit.path, reading.blob(entry.oid), old_path)


def _editable(reading: Reading, entry: Entry) -> tuple[str | None, str]:
    """The text of a file, or why it is not edited here."""
    if entry.mode == LINK:
        return None, A_LINK
    if entry.kind != "file" or entry.size > LARGEST_TEXT:
        return None, TOO_LONG
    content = reading.blob(entry.oid)
    if lfs_pointer.parse(content) is not None:
        return None, LARGE
    text = as_text(content)
    return (text, "") if text is not None else (None, BINARY)


def _text_of(reading: Reading, blob: str) -> bytes:
    """A blob of bearable size; nothing for none, and for an id that somebody made up."""
    found = reading.raw.get(blob) if _OID.match(blob) else None
    return bytes(found.data) if isinstance(found, pygit2.Blob) and found.size <= LARGEST_TEXT else b""
