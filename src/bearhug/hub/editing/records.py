"""An edit on its way: what was opened, what somebody wants instead, and what comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bearhug.hub.git.records import Commit, Entry
from bearhug.hub.history.records import Hunk
from bearhug.hub.repos.records import Repo


@dataclass(frozen=True)
class Opening:
    """A place that somebody wants to change. `text` is None where the file can only be moved; `why` says why.

    `branch` is None where the revision is a tag or a commit: changes then go to a new branch.
    """

    repo: Repo
    commit: str
    branch: str | None
    path: str
    entry: Entry | None
    text: str | None
    why: str = ""

    @property
    def blob(self) -> str:
        return self.entry.oid if self.entry is not None else ""

    @property
    def line_ends(self) -> str:
        """`crlf` where every line ends so, else `lf`: browsers send all of them alike."""
        text = self.text or ""
        return "crlf" if "\r\n" in text and text.count("\n") == text.count("\r\n") else "lf"


@dataclass(frozen=True)
class Edit:
    """What is wanted. `old_path` is empty for a new file, `text` is None for a mere move.

    `blob` is what was at the old path, and `parent` the commit of the branch, when the form was opened.
    """

    old_path: str
    path: str
    text: bytes | None
    blob: str
    parent: str


@dataclass(frozen=True)
class Message:
    """The words of a commit, and the branch to be made for it, if any."""

    summary: str
    description: str = ""
    new_branch: str = ""


@dataclass(frozen=True)
class Meanwhile:
    """Somebody else's change of the same file since the form was opened; `present` is what is there now.

    `both` is their change and the reader's in one text, where they do not touch the same lines.
    """

    present: str
    commit: Commit
    hunks: Sequence[Hunk]
    both: bytes | None = None


@dataclass(frozen=True)
class Review:
    """An edit before its commit: its difference from what is there now, what forbids it and what might be better."""

    hunks: Sequence[Hunk]
    added: int
    deleted: int
    errors: Sequence[str]
    warnings: Sequence[str]
    meanwhile: Meanwhile | None = None


@dataclass(frozen=True)
class Done:
    """Where the change went."""

    commit: str
    branch: str
    path: str
