"""Gathers commits, differences and comparisons for pages: a bounded part of a large difference at a time."""

from datetime import UTC
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from itertools import islice

import pygit2
from pygit2.enums import SortMode

from bearhug.base.errors import EntryNotFound
from bearhug.hub.access.records import Actor
from bearhug.hub.git.reading import Reading
from bearhug.hub.history import diffs
from bearhug.hub.history.records import Entered, FileChange, Spec
from bearhug.hub.history.service import History
from bearhug.hub.history_pages.drawing import drawn
from bearhug.hub.history_pages.records import Compared, Difference, DrawnFile, Window
from bearhug.hub.refs.records import RefList
from bearhug.hub.refs.service import in_kinds
from bearhug.hub.repos.records import RepoName

MOST_FILES = 3000
FILES_A_PAGE = 40
PAGE_TEXT = 128 << 10
FILE_TEXT = 512 << 10
MOST_COMMITS = 100


class Differences:
    """Commits and comparisons, ready to be drawn."""

    def __init__(self, history: History) -> None:
        self._history = history

    def commit(self, actor: Actor, name: RepoName, rev: str, window: Window) -> tuple[Entered, Difference]:
        """One commit and what it changed against its first parent."""
        reading = self._history.open(actor, name).reading
        base, head = self._history.ends(reading, Spec(None, rev))
        [entered] = self._history.entered(reading, [head])
        return entered, difference(reading, base, head, window)

    def compare(self, actor: Actor, name: RepoName, spec: Spec, window: Window) -> Compared:
        """Two revisions; `from_fork` shows only what the head did since they parted."""
        reading = self._history.open(actor, name).reading
        base, head = self._history.ends(reading, spec)
        other = self._history.ends(reading, Spec(spec.base, spec.head))[0]
        ahead, behind = reading.raw.ahead_behind(head, other)
        commits = self._history.entered(reading, _between(reading, other, head))
        refs = in_kinds(reading.refs())
        found = difference(reading, base, head, window)
        return Compared(other, head, ahead, behind, commits, refs, found)

    def refs(self, actor: Actor, name: RepoName) -> RefList:
        """What may be compared."""
        return in_kinds(self._history.open(actor, name).reading.refs())

    def raw(self, actor: Actor, name: RepoName, rev: str) -> bytes:
        """What a commit changed, in the form of `git diff`."""
        return self._history.patch(actor, name, Spec(None, rev))

    def mail(self, actor: Actor, name: RepoName, rev: str) -> bytes:
        """The same as a letter that `git am` takes."""
        found = self._history.open(actor, name).reading
        commit = found.commit(found.revision(rev).oid)
        letter = EmailMessage(policy=SMTP.clone(linesep="\n", max_line_length=998))
        letter["From"] = formataddr((_line(commit.author), _line(commit.email)))
        letter["Date"] = format_datetime(commit.date.replace(tzinfo=UTC))
        letter["Subject"] = f"[PATCH] {_line(commit.title)}"
        head = f"From {commit.oid} Mon Sep 17 00:00:00 2001\n".encode() + letter.as_bytes()
        return head + commit.body.encode() + b"\n---\n\n" + self.raw(actor, name, rev)


def difference(reading: Reading, base: str, head: str, window: Window) -> Difference:
    """Every file that differs, with the lines of those in the window. EntryNotFound for a file that does not."""
    files, cut = diffs.changes(reading, base, head, most=MOST_FILES)
    if window.only:
        chosen = [(at, file) for at, file in enumerate(files) if file.path == window.only]
        if not chosen:
            raise EntryNotFound("This file did not change here.")
        room = diffs.Room(texts=1, size=FILE_TEXT)
    else:
        first = window.page * FILES_A_PAGE
        chosen = list(enumerate(files))[first : first + FILES_A_PAGE]
        room = diffs.Room(texts=FILES_A_PAGE, size=PAGE_TEXT)
    with_lines = diffs.with_lines(reading, [file for _, file in chosen], room)
    numbers = (at for at, _ in chosen)
    shown = [_drawn(at, file) for at, file in zip(numbers, with_lines, strict=True)]
    pages = 1 if window.only else max((len(files) + FILES_A_PAGE - 1) // FILES_A_PAGE, 1)
    return Difference(base, head, files, cut, shown, pages)


def _drawn(number: int, file: FileChange) -> DrawnFile:
    return DrawnFile(number, file, drawn(file.hunks))


def _between(reading: Reading, base: str, head: str) -> list[str]:
    """Commits that the head has and the base has not, newest first, the first hundred."""
    walker = reading.raw.walk(pygit2.Oid(hex=head), SortMode.TOPOLOGICAL | SortMode.TIME)
    walker.hide(pygit2.Oid(hex=base))
    return [str(commit.id) for commit in islice(walker, MOST_COMMITS)]


def _line(text: str) -> str:
    """One line without control characters, as a header may hold it."""
    return "".join(letter if letter.isprintable() else " " for letter in text)[:500]
