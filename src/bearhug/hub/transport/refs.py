"""Which references people may push."""

import re
from collections.abc import Iterable

from bearhug.hub.git.records import MAIN
from bearhug.hub.transport.records import Update

OPEN_SPACES = ("refs/heads/", "refs/tags/")
OWNERS = {
    "refs/pr/": "pull requests are written by the hub",
    "refs/convert/": "converted files are written by the hub",
    "refs/bearhug/": "it belongs to the hub",
}
MOST_UPDATES = 10_000
_COMMIT_ID = re.compile(r"refs/(?:heads|tags)/[0-9a-f]{40}\Z")


def problems(updates: Iterable[Update]) -> list[str]:
    """What is wrong with the references of a push, a line each."""
    found = (_problem(update) for update in updates)
    return [problem for problem in found if problem]


def _problem(update: Update) -> str | None:
    ref = update.ref
    if not ref.startswith(OPEN_SPACES):
        owner = next((reason for space, reason in OWNERS.items() if ref.startswith(space)), "")
        reason = f": {owner}" if owner else ""
        return f"{ref} cannot be pushed{reason}. Push branches (refs/heads/…) and tags (refs/tags/…)."
    if ref == MAIN and update.deletes:
        return "main is the default branch of this repository and cannot be deleted."
    if _COMMIT_ID.match(ref) and not update.deletes:
        return f"{ref} cannot be pushed: its name reads like the id of a commit."
    return None
