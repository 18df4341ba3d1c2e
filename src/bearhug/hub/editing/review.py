"""What forbids an edit, and what might be better about it; said before the commit, in full sentences."""

from bearhug.base.errors import Unprocessable
from bearhug.formats.paths import PathError, check_path
from bearhug.hub.access.records import Actor
from bearhug.hub.cards.validation import review as review_card
from bearhug.hub.commits.records import Upload
from bearhug.hub.commits.service import CARD, Commits
from bearhug.hub.editing.records import Edit, Opening
from bearhug.hub.git.reading import Reading
from bearhug.hub.repos.records import RepoName

LARGEST_TEXT = 1_000_000
SAMPLE = 512
NO_NAME = "The file needs a name."
BAD_PATH = "This path cannot be used: {}"
TAKEN = "There is something at this path already. Choose another name, or edit what is there."
UNDER_A_FILE = "A part of this path is a file, so it cannot be a folder."
TOO_LARGE = "This text has more than 1 MB. Upload it as a file, or push it with git."
FOR_LFS = "Files of this name are kept as large files here: upload it instead of writing it."
NOTHING = "Nothing was changed."
GONE = "The file is not there any more."


class Rules:
    """The hub's own rules, asked before people have written a summary."""

    def __init__(self, commits: Commits) -> None:
        self._commits = commits

    def errors(self, actor: Actor, name: RepoName, reading: Reading, edit: Edit, opening: Opening) -> list[str]:
        """Every reason that forbids the edit."""
        found = self._of_path(reading, edit, opening)
        if edit.text is None:
            return found or ([NOTHING] if edit.path == edit.old_path else [])
        if len(edit.text) > LARGEST_TEXT:
            return [*found, TOO_LARGE]
        if not found and opening.branch is not None and self._is_for_lfs(actor, name, opening.branch, edit):
            found.append(FOR_LFS)
        if edit.path == CARD:
            found += review_card(opening.repo.kind, edit.text.decode("utf-8", "replace")).errors
        if not found and edit.old_path == edit.path and _blob_is(reading, opening, edit.text):
            found.append(NOTHING)
        return found

    def _of_path(self, reading: Reading, edit: Edit, opening: Opening) -> list[str]:
        if not edit.path:
            return [NO_NAME]
        if edit.path == edit.old_path:
            return [] if opening.entry is not None or edit.text is not None else [GONE]
        try:
            check_path(edit.path)
        except PathError as error:
            return [BAD_PATH.format(error)]
        if reading.entry(opening.commit, edit.path) is not None:
            return [TAKEN]
        parts = edit.path.split("/")
        above = (reading.entry(opening.commit, "/".join(parts[:depth])) for depth in range(1, len(parts)))
        return [UNDER_A_FILE] if any(entry is not None and entry.kind != "directory" for entry in above) else []

    def _is_for_lfs(self, actor: Actor, name: RepoName, branch: str, edit: Edit) -> bool:
        assert edit.text is not None
        upload = Upload(edit.path, len(edit.text), edit.text[:SAMPLE])
        try:
            [answer] = self._commits.preupload(actor, name, branch, [upload], {})
        except Unprocessable:
            return False
        return answer.mode == "lfs"

    def warnings(self, opening: Opening, edit: Edit) -> tuple[str, ...]:
        """What might be better, of a card."""
        if edit.path != CARD or edit.text is None:
            return ()
        return review_card(opening.repo.kind, edit.text.decode("utf-8", "replace")).warnings


def _blob_is(reading: Reading, opening: Opening, text: bytes) -> bool:
    entry = opening.entry
    return entry is not None and entry.size == len(text) and reading.blob(entry.oid) == text


def as_text(content: bytes) -> str | None:
    """Text that a form can hold and give back unchanged; None for anything else."""
    if b"\0" in content:
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None
